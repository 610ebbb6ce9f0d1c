"""Two small services for tests of the mechanics: purses that are filled, and a teller that counts.

purse:  FillPurse -> PurseFilled (told to others as CoinsAdded); every coin wants an effect
teller: CoinsAdded -> CountCoins -> CoinsCounted, projected into a read table
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, assert_never
from uuid import UUID

import msgspec
import sqlalchemy as sa

from shared.after import After
from shared.contracts.base import Contract
from shared.decider import Decider, Rejected
from shared.effects.intents import Due, Intent, Reaction
from shared.effects.worker import Done, Later, Outcome, Refused, Task, Unknown
from shared.eventstore.events import Event, Recorded
from shared.eventstore.mapper import EventMapper
from shared.projecting.projection import Projection
from shared.projecting.read_schema import metadata
from shared.scheduler import Occurrence
from shared.service import Service, Surroundings
from shared.stream.outbox import Telling
from shared.stream.subscriptions import Subscriptions
from shared.work import Rules, Work

MORNING = datetime(2026, 3, 2, 7, tzinfo=UTC)


class CoinsAdded(Contract, publisher="purse", aggregate="purse"):
    purse_id: UUID
    coins: int
    total: int


@dataclass(frozen=True)
class FillPurse:
    coins: int


@dataclass(frozen=True)
class NoteCoins:
    outcome: str


class PurseFilled(Event, frozen=True, tag="purse.PurseFilled.v1"):
    coins: int


class CoinsNoted(Event, frozen=True, tag="purse.CoinsNoted.v1"):
    outcome: str


@dataclass(frozen=True)
class Purse:
    coins: int = 0
    notes: tuple[str, ...] = ()


def decide_purse(
    command: FillPurse | NoteCoins, purse: Purse
) -> Sequence[PurseFilled | CoinsNoted]:
    match command:
        case FillPurse():
            if command.coins <= 0:
                raise Rejected("a purse is filled with at least one coin", field="coins")
            return [PurseFilled(coins=command.coins)]
        case NoteCoins():
            return [CoinsNoted(outcome=command.outcome)]
        case _:
            assert_never(command)


def evolve_purse(purse: Purse, event: PurseFilled | CoinsNoted) -> Purse:
    match event:
        case PurseFilled():
            return Purse(purse.coins + event.coins, purse.notes)
        case CoinsNoted():
            return Purse(purse.coins, (*purse.notes, event.outcome))
        case _:
            assert_never(event)


PURSE: Decider[Any, Purse, Any] = Decider(decide_purse, evolve_purse, Purse())


class Errand(msgspec.Struct, frozen=True):
    coins: int


publications: After[Telling] = After()
reactions: After[Reaction] = After()


@publications.after(PurseFilled)
def after_purse_filled(event: Recorded[PurseFilled], purse: Purse) -> Iterable[Telling]:
    yield CoinsAdded(purse_id=event.aggregate_id, coins=event.event.coins, total=purse.coins)


def wants_errand(event: Recorded[PurseFilled], purse: Purse) -> Iterable[Reaction]:
    yield Intent("mint.strike", key=str(event.event_id), body=Errand(event.event.coins))
    yield Due("polish", key=str(event.aggregate_id), due_at=event.meta.recorded_at)


wants_errand.__name__ = "after_purse_filled"
reactions.after(PurseFilled)(wants_errand)


@dataclass
class Mint:
    """The outside world: strikes coins, and fails as it is told to."""

    kind: str = "mint.strike"
    struck: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)

    def perform(self, task: Task, now: datetime) -> Outcome:
        answer = self.answers.pop(0) if self.answers else Done()
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Done | Unknown):
            self.struck.append(task.key)
        return answer

    def find(self, task: Task, now: datetime) -> Outcome:
        self.asked.append(task.key)
        return Done("found") if task.key in self.struck else Later("it never came", now)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        match outcome:
            case Later():
                return
            case Done() | Refused() | Unknown():
                work.execute(PURSE, task.aggregate_id, NoteCoins(type(outcome).__name__))


def polish(occurrence: Occurrence, work: Work) -> None:
    work.execute(PURSE, UUID(occurrence.key), NoteCoins("polished"))


purse_read = metadata()


def purse_service(mint: Mint) -> Any:
    def build(surroundings: Surroundings) -> Service:
        return Service(
            name="purse",
            rules=Rules(EventMapper(PurseFilled | CoinsNoted), publications, reactions),
            subscriptions=Subscriptions("purse"),
            read=purse_read,
            performers=[mint],
            jobs={"polish": polish},
        )

    return build


class CoinsCounted(Event, frozen=True, tag="teller.CoinsCounted.v1"):
    coins: int
    total: int


def decide_count(command: CoinsCounted, count: int) -> Sequence[CoinsCounted]:
    if command.coins == 13:
        raise Rejected("thirteen coins bring bad luck")
    return [command]


COUNT: Decider[CoinsCounted, int, CoinsCounted] = Decider(
    decide_count, lambda count, event: count + event.coins, 0
)
teller_read = metadata()
counted = sa.Table(
    "counted",
    teller_read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("purse_id", sa.Uuid, primary_key=True),
    sa.Column("coins", sa.BigInteger, nullable=False),
)
counts = Projection("counts", counted)


@counts.on(CoinsCounted)
def coins_counted(recorded: Recorded[CoinsCounted], sql: sa.Connection) -> None:
    key = {"tenant_id": recorded.tenant_id, "purse_id": recorded.aggregate_id}
    updated = sql.execute(
        counted.update()
        .where(*(counted.c[name] == value for name, value in key.items()))
        .values(coins=counted.c.coins + recorded.event.coins)
    )
    if updated.rowcount == 0:
        sql.execute(counted.insert().values(coins=recorded.event.coins, **key))


subscriptions = Subscriptions("teller")


@subscriptions.on(CoinsAdded)
def on_coins_added(event: CoinsAdded, work: Work) -> None:
    work.execute(COUNT, event.purse_id, CoinsCounted(coins=event.coins, total=event.total))


def subscriptions_of(consumer: str) -> Subscriptions:
    """Teller's, under another name."""
    renamed = Subscriptions(consumer)
    renamed.on(CoinsAdded)(on_coins_added)
    return renamed


def teller_service(surroundings: Surroundings) -> Service:
    return Service(
        name="teller",
        rules=Rules(EventMapper(CoinsCounted)),
        subscriptions=subscriptions,
        read=teller_read,
        followed=[counts],
    )
