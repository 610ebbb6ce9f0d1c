"""With a guarantee switched off, the damage is done, and the checker names it by its invariant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest

from forfald import breakage
from forfald.breakage import NotADemonstration, broken
from forfald.demo.outside_world import NORDLYS, OutsideWorld
from forfald.verify import facts as checking
from forfald.verify.invariants import Checked, told_once
from services.payments.acts import by_hand
from services.payments.gateways.opening import Opener
from services.payments.values import State
from services.tenants.acts import demo as cast
from shared.postgres import Server
from shared.stream.outbox import COLUMNS, record_of
from shared.stream.records import Record, partition_of
from shared.testing.world import World
from shared.work import Cause, Work
from tests.faults.paying import CLIENT, INVOICE, Paying
from tests.faults.stage import Stage
from tests.shared.toy import PURSE, FillPurse, Mint, purse_service, teller_service

START = datetime(2026, 3, 2, 7, tzinfo=UTC)
TENANT = uuid4()


@pytest.fixture
def world(postgres_server: Server) -> Iterator[World]:
    services = [purse_service(Mint()), teller_service]
    with World(postgres_server, services, START, {"demo": "on"}) as world:
        yield world


def test_every_rule_says_which_invariant_names_its_damage() -> None:
    named = {name: rule.named_by for name, rule in breakage.RULES.items()}
    assert named == {
        "inbox-order": "I5",
        "watermark": "I5",
        "approval-digest": "I2",
        "effect-key": "I1",
        "balance": "I3",
        "reminder-gate": "I8",
        "fee-cap": "I9",
        "charge-posting": "I3c",
        "hash-chain": "I12",
        "projection": "I6",
    }


def test_nothing_is_broken_outside_a_demonstration(postgres_server: Server) -> None:
    with World(postgres_server, [teller_service], START) as world:
        surroundings = world.runtimes["teller"].surroundings
        with pytest.raises(NotADemonstration), broken("inbox-order", surroundings):
            pass


def test_a_rule_that_is_not_there_is_answered_with_those_that_are(world: World) -> None:
    surroundings = world.runtimes["teller"].surroundings
    with pytest.raises(LookupError, match="only inbox-order"), broken("gravity", surroundings):
        pass


def told(world: World) -> Checked:
    return told_once(checking.read(world.address, ["purse", "teller"]))


def fill(world: World, purse_id: UUID) -> None:
    world.work("purse", TENANT, lambda work: work.execute(PURSE, purse_id, FillPurse(1)))


def published(world: World) -> list[Record]:
    query = f"select {COLUMNS} from outbox o order by position"
    with psycopg.connect(world.address.dsn("purse", "feed")) as connection:
        return [record_of("purse", row) for row in connection.execute(query.encode())]


@pytest.mark.parametrize(("rule", "lost"), [(None, 0), ("inbox-order", 1)])
def test_an_inbox_that_takes_whatever_is_higher_loses_what_it_jumped_over(
    world: World, rule: str | None, lost: int
) -> None:
    purse = uuid4()
    for _ in range(3):
        fill(world, purse)
    first, _, third = published(world)
    with _perhaps(rule, world):
        for record in (first, third):
            world.runtimes["teller"].inbox.receive(record)
        world.settle()
    assert len(told(world).damage) == lost


@pytest.mark.parametrize(("rule", "lost"), [(None, 0), ("watermark", 1)])
def test_a_feed_without_a_watermark_loses_what_was_committed_late(
    world: World, rule: str | None, lost: int
) -> None:
    slow, quick = _of_one_partition()
    purse = world.runtimes["purse"]
    with _perhaps(rule, world):
        with purse.app.recording([TENANT], "slowly") as transaction:
            cause = Cause("user:slow", uuid4())
            work = Work(purse.service.rules, transaction, TENANT, START, cause)
            work.execute(PURSE, slow, FillPurse(1))
            fill(world, quick)
            world.settle()
        world.settle()
    assert len(told(world).damage) == lost


def _perhaps(rule: str | None, world: World) -> AbstractContextManager[object]:
    surroundings = world.runtimes["teller"].surroundings
    return broken(rule, surroundings) if rule else nullcontext()


def _of_one_partition() -> tuple[UUID, UUID]:
    first = uuid4()
    partition = partition_of(str(first).encode())
    while partition_of(str(second := uuid4()).encode()) != partition:
        pass
    return first, second


def named(answers: Mapping[str, Checked]) -> set[str]:
    return {number for number, answer in answers.items() if answer.damage}


def test_an_account_that_is_changed_after_the_approval_is_named_where_nobody_compares(
    here: Stage[Paying],
) -> None:
    with here.trial() as trial, trial.journey() as journey:
        journey.approve()
        payments = journey.runtimes["payments"]
        opener = Opener(payments.surroundings.opened())
        with broken("approval-digest", payments.surroundings) as rule:
            payments.work(
                CLIENT.tenant_id,
                f"user:{cast.METTE.user_id}",
                lambda work: by_hand.set_up_payer(
                    work, opener, cast.METTE.user_id, NORDLYS.bank_account
                ),
            )
            journey.until(lambda order: order.state is State.RECONCILED)
        answers = trial.answers()
        assert named(answers) == {rule.named_by}
        assert "approved as something else than what was sent" in answers["I2"].damage[0]


def test_an_order_that_is_sent_again_is_named(here: Stage[Paying]) -> None:
    with here.trial() as trial, trial.journey() as journey:
        assert INVOICE.payment is not None
        outside = OutsideWorld(trial.settings["bank_url"], trial.settings["economic_url"])
        outside.let_the_bank_fall_silent(INVOICE.payment["creditorId"])
        outside.close()
        journey.approve()
        with broken("effect-key", trial.surroundings()) as rule:
            journey.until(lambda order: order.state is State.RECONCILED)
        answers = trial.answers()
        assert rule.named_by in named(answers)
        assert "was paid 2 times" in answers["I1"].damage[0]


def test_a_voucher_that_does_not_balance_is_named(here: Stage[Paying]) -> None:
    with here.trial() as trial, trial.journey() as journey:
        journey.approve()
        with broken("balance", trial.surroundings()) as rule:
            journey.until(lambda order: order.state is State.RECONCILED)
        assert rule.named_by in named(trial.answers())


@pytest.mark.parametrize("name", ["hash-chain", "projection"])
def test_what_somebody_edits_in_the_database_is_named(here: Stage[Paying], name: str) -> None:
    with here.trial() as trial:
        assert named(trial.answers()) == set()
        with broken(name, trial.surroundings()) as rule:
            assert named(trial.answers()) == {rule.named_by}
