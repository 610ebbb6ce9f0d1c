"""From due dates and instants to plans: the timing of the rails, applied to one payer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from services.payments.commands import SchedulePayment
from services.payments.model import timing
from services.payments.model.payer import Payer
from services.payments.model.timing import Route
from services.payments.values import Plan
from shared.calendar import FIRST_YEAR, LAST_YEAR
from shared.clock import day_of
from shared.contracts.values import SealedAccount
from shared.decider import Rejected
from shared.references.instruction import InstructionKind

HEAD_START = timedelta(minutes=30)
"""How long before the last moment a batch leaves, so that a bank in trouble can be asked again; and
how long it counts as looked at."""


def route_of(payer: Payer, account: SealedAccount | None, currency: str, at: datetime) -> Route:
    """The route of an account; where there is none yet, the one that takes longest is reckoned with."""
    kind = InstructionKind(account.kind) if account else InstructionKind.IBAN
    return timing.route_of(
        kind,
        currency,
        on=day_of(at, payer.zone),
        zone=payer.zone,
        payer_country=payer.country,
    )


def for_due_date(route: Route, payer: Payer, due_on: date, at: datetime) -> Plan:
    """In time for the due date, or as soon as the bank can where that has passed.

    A day that no calendar knows says nothing: the books go back further than calendars do, and a due
    date beyond them is a slip of the pen, which blocks the payment.
    """
    earliest = timing.earliest_execution_on(route, at)
    if due_on <= earliest or due_on.year > LAST_YEAR:
        return _plan(route, earliest)
    return _plan(route, max(earliest, timing.planned_for_due(route, due_on, payer.roll)))


def for_choice(route: Route, payer: Payer, chosen_on: date, at: datetime) -> Plan:
    """On a day that a person has chosen; too early a day is refused and the first possible named."""
    if chosen_on.year > LAST_YEAR:
        text = f"banking days are known until {LAST_YEAR}"
        raise Rejected(text, code="too_late", field="pay_on")
    earliest = timing.earliest_execution_on(route, at)
    is_known = chosen_on.year >= FIRST_YEAR
    planned_on = timing.planned_for_choice(route, chosen_on, payer.roll) if is_known else chosen_on
    if planned_on < earliest:
        raise Rejected(
            f"the bank can pay on {earliest.isoformat()} at the earliest",
            code="too_early",
            field="pay_on",
        )
    return _plan(route, planned_on)


def _plan(route: Route, pay_on: date) -> Plan:
    return Plan(
        rail=route.terms.rail.value,
        pay_on=pay_on,
        latest_approval_at=timing.latest_approval_at(route, pay_on),
        calendar_version=route.calendar.version,
    )


def schedule(route: Route, planned_on: date, at: datetime) -> SchedulePayment:
    """The day of an order that may go on from an instant, and when it leaves for the bank."""
    execute_on = timing.execution_on(route, planned_on, at)
    latest = timing.latest_approval_at(route, execute_on)
    return SchedulePayment(
        execute_on=execute_on,
        release_at=max(at, latest - HEAD_START),
        calendar_version=route.calendar.version,
    )
