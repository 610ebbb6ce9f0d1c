"""Guarantees switched off by name, so that everybody can see `forfald verify` name the damage.

Nothing in the house knows this module. A rule is broken from outside, in one process of a
demonstration, for as long as the block lasts: by putting another function in the place of the one
that keeps it, or by writing where nobody writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import uuid4

import msgspec
import psycopg

from services.dunning.model import charging, fees, following, lettering, planning
from services.payments.effects import SendBatch
from services.payments.events.order import PaymentReleased
from services.payments.gateways.bank import BankBatch
from services.payments.model import batch, posting, release
from shared.effects.worker import Done, Outcome, Task
from shared.service import Surroundings
from shared.stream import inbox, log

_EDIT_AN_EVENT: Final = """
    alter table event no force row level security;
    alter table event disable trigger event_is_kept;
    update event set meta = meta || ' '::bytea
    where position = (select min(position) from event);
    alter table event enable trigger event_is_kept;
    alter table event force row level security;
"""
_EDIT_A_ROW: Final = """
    alter table read.person_role no force row level security;
    update read.person_role set role = 'owner of everything'
    where ctid = (select min(ctid) from read.person_role);
    alter table read.person_role force row level security;
"""


class NotADemonstration(Exception):
    """The setting `demo` is not on: here, guarantees hold."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A guarantee: what no longer holds, and the number of the invariant that must say so."""

    says: str
    named_by: str
    off: Callable[[Surroundings], AbstractContextManager[None]]
    shown_by: str = "tests"
    """How it shows: `journey`, `edit` (written once, afterwards), or only by faults of the tests."""


@contextmanager
def broken(name: str, surroundings: Surroundings) -> Iterator[Rule]:
    """The rule of this name is off in this process until the block ends.

    Raises NotADemonstration, and LookupError for a name that no rule has.
    """
    if not surroundings.settings.is_on("demo"):
        raise NotADemonstration("rules are broken in demonstrations only (FORFALD_DEMO=on)")
    if name not in RULES:
        raise LookupError(f"no rule is called {name!r}, only {', '.join(RULES)}")
    with RULES[name].off(surroundings):
        yield RULES[name]


@contextmanager
def _swapped(*swaps: tuple[Any, str, Any]) -> Iterator[None]:
    with ExitStack() as stack:
        for owner, name, other in swaps:
            stack.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, other)
        yield


def _without(owner: Any, name: str, words: str, others: str) -> AbstractContextManager[None]:
    """A query in which some words are replaced; they must be there."""
    query: str = getattr(owner, name)
    assert words in query, f"{name} does not say {words!r}"
    return _swapped((owner, name, query.replace(words, others)))


def _inbox_order(_: Surroundings) -> AbstractContextManager[None]:
    return _without(inbox, "_ADVANCE", "and seq = %(prev_seq)s", "and seq < %(seq)s")


def _watermark(_: Surroundings) -> AbstractContextManager[None]:
    return _without(log, "READ", "and position <= (select safe from watermark)", "")


def _approval_digest(_: Surroundings) -> AbstractContextManager[None]:
    """Nobody compares what is about to be sent with what was approved."""
    doubt, released, seal = release.doubt, release.release, batch.seal

    def release_anything(command: Any, payment: Any) -> list[PaymentReleased]:
        (event,) = released(replace(command, digest=payment.digest), payment)
        assert isinstance(event, PaymentReleased)
        return [msgspec.structs.replace(event, digest=command.digest)]

    def seal_anything(command: Any, state: Any) -> Any:
        approved = tuple(order.digest for order in command.orders)
        return seal(replace(command, digests=approved), state)

    def no_doubt(command: Any, payment: Any) -> Any:
        return doubt(replace(command, digest=payment.digest), payment)

    return _swapped(
        (release, "doubt", no_doubt),
        (release, "release", release_anything),
        (batch, "seal", seal_anything),
    )


def _effect_key(_: Surroundings) -> AbstractContextManager[None]:
    """Who does not know whether the bank has it sends it again, as another message."""

    def send_again(self: Any, task: Task, now: datetime) -> Outcome:  # noqa: ARG001  its place's signature
        bank = self._bank
        sealed = bank.parse(self._body(task))
        message_id = uuid4().hex
        again = BankBatch(message_id, sealed.debtor_account, sealed.orders)
        return Done(bank.send(message_id, bank.render(again)))

    return _swapped((SendBatch, "find", send_again))


def _balance(_: Surroundings) -> AbstractContextManager[None]:
    """Nobody adds up a voucher's lines, and the bank's fee is forgotten on one side."""
    executed = posting.executed

    def one_sided(*facts: Any, **more: Any) -> Any:
        voucher = executed(*facts, **more)
        return replace(voucher, lines=voucher.lines[:-1]) if voucher else None

    return _swapped(
        (posting.Voucher, "__post_init__", lambda _: None), (posting, "executed", one_sided)
    )


def _reminder_gate(_: Surroundings) -> AbstractContextManager[None]:
    """A step whose day has come is listed and written, whatever stands against it."""
    plan_of = planning.plan_of

    def plan_anyway(receivable: Any, terms: Any) -> Any:
        return plan_of(replace(receivable, pause=None, disputed=None), terms)

    def only_the_day(receivable: Any, terms: Any, *_: Any) -> str | None:
        plan = receivable.plan
        has_come = plan is not None and plan.planned_on <= terms.today_on
        free = has_come and receivable.under_way is None
        return None if free else "not_due_yet"

    return _swapped((following, "plan_of", plan_anyway), (lettering, "why_not", only_the_day))


def _fee_cap(_: Surroundings) -> AbstractContextManager[None]:
    """A fee may be ten times what the law of the country allows."""
    priced = fees._priced  # noqa: SLF001  the one place where the cap is applied

    def priced_above(question: Any, found: Any) -> Any:
        return priced(question, replace(found, value=found.value * 10))

    return _swapped((fees, "_priced", priced_above))


def _charge_posting(_: Surroundings) -> AbstractContextManager[None]:
    """Who asks for a voucher of what was charged asks for another."""
    posting_ = charging.posting

    def twice(*facts: Any) -> Any:
        return posting_(*facts) * 2

    return _swapped((charging, "posting", twice))


@contextmanager
def _edited(query: str, surroundings: Surroundings) -> Iterator[None]:
    """Somebody with the owner's password writes past every service. Nothing brings it back."""
    with psycopg.connect(surroundings.address.dsn("payments", "owner")) as connection:
        connection.execute(query.encode())
    yield


RULES: Final[Mapping[str, Rule]] = {
    "inbox-order": Rule(
        "a consumer takes any message that is higher than the last", "I5", _inbox_order
    ),
    "watermark": Rule(
        "a feed reads up to the last row that it can see", "I5", _watermark
    ),
    "approval-digest": Rule(
        "what is sent is not compared with what was approved", "I2", _approval_digest
    ),
    "effect-key": Rule(
        "an order of unknown outcome is sent again under a new key", "I1", _effect_key, "journey"
    ),
    "balance": Rule("vouchers need not balance", "I3", _balance, "journey"),
    "reminder-gate": Rule(
        "nobody asks why an invoice should not be reminded of", "I8", _reminder_gate
    ),
    "fee-cap": Rule("fees may be ten times what the law allows", "I9", _fee_cap),
    "charge-posting": Rule("each charge is bookkept twice", "I3c", _charge_posting),
    "hash-chain": Rule(
        "a recorded event of payments is edited", "I12", partial(_edited, _EDIT_AN_EVENT), "edit"
    ),
    "projection": Rule(
        "a row of payments' read tables is edited", "I6", partial(_edited, _EDIT_A_ROW), "edit"
    ),
}  # fmt: skip
