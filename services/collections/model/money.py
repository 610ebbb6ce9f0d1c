"""Whose money it was: the debtor's to the creditor, of which the agency is told once, or the agency's
own, which is recognised by what it has collected and never told back.

The ledger cannot tell the two apart. So nothing is judged before the agency has been asked what it has
collected; money of the ledger that its collections explain is its pay-out. An agency keeps its fee, so a
pay-out may be less than what was collected, by as much as the agency may keep; the ledger may set only a
part of it off against the invoice and the rest against charges, so both the part and the whole are looked
at. Where the agency has got all that there was to get, whatever comes is its own, as far as it goes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from uuid import UUID

from services.collections.commands import NoteSeen
from services.collections.events.case import (
    AgencyCollected,
    CaseEvent,
    CollectionTakenBack,
    MoneyNoted,
    MoneyNotTold,
    PayOutRecognised,
    StatusLearnt,
    TellingSought,
)
from services.collections.model.case import Case, ends_as, evolve
from services.collections.model.naming import token_of
from services.collections.values import CaseState, Collected, Telling
from shared.money import Money

_MOST_TOGETHER = 6
"""Among more collections no pay-out is looked for by trying which of them add up to it."""


def note_seen(command: NoteSeen, case: Case) -> Sequence[CaseEvent]:
    """What the agency shows: what it has collected, what the ledger's money was, how far it is."""
    if case.state not in {CaseState.ACTIVE, CaseState.CLOSED, CaseState.RECALLED}:
        return []
    seen = command.seen
    events = list(_collections(seen.collected, case))
    for event in events:
        case = evolve(case, event)
    for number in case.unjudged:
        events.append(judged(case.money[number], case, command.case_id, seen.remaining))
        case = evolve(case, events[-1])
    if case.state is not CaseState.ACTIVE:
        return events
    status = (seen.status, seen.agency_code, seen.remaining)
    if status != case.status:
        events.append(StatusLearnt(*status))
        case = evolve(case, events[-1])
    if seen.closed is not None:
        events.append(ends_as(seen.closed, case, command.on))
    return events


def _collections(shown: Sequence[Collected], case: Case) -> Iterator[CaseEvent]:
    """What it has collected since, and what the debtor's bank has taken back before it was paid out."""
    stand = {one.settlement_id for one in shown}
    for settlement, one in case.collected.items():
        if settlement not in stand and settlement not in case.recognised:
            yield CollectionTakenBack(settlement, one.amount)
    for one in shown:
        if one.settlement_id not in case.collected:
            yield AgencyCollected(one)


def judged(
    noted: MoneyNoted, case: Case, case_id: UUID, remaining: Money | None = None
) -> CaseEvent:
    """What one movement of the ledger was; `remaining` is what the agency says is still owed."""
    if noted.amount.minor < 0:
        return _taken_back(noted, case, case_id)
    explained = pay_out(noted, case, remaining) if noted.kind == "payment" else None
    if explained is not None:
        settlements = tuple(one.settlement_id for one in explained)
        return PayOutRecognised(noted.number, settlements, noted.amount, noted.value_on)
    if case.state is not CaseState.ACTIVE:
        return MoneyNotTold(noted.number, "case_over")
    left = case.outstanding(noted.invoice_id)
    if left.minor <= 0:
        return MoneyNotTold(noted.number, "above_principal")
    return _told(noted, noted.kind, min(noted.amount, left), case, case_id)


def _taken_back(noted: MoneyNoted, case: Case, case_id: UUID) -> CaseEvent:
    """Set off no more: the agency hears of it as far as it had heard of the money."""
    told = case.told_of.get((noted.entry_id, noted.invoice_id), Money.zero(noted.amount.currency))
    back = min(-noted.amount, told)
    if back.minor <= 0 or case.state is not CaseState.ACTIVE:
        return MoneyNotTold(noted.number, "never_told")
    return _told(noted, "reversal", back, case, case_id)


def _told(
    noted: MoneyNoted, kind: Telling, amount: Money, case: Case, case_id: UUID
) -> TellingSought:
    assert case.agency_case_id is not None, "an active case has an id at the agency"
    number = len(case.tellings) + 1
    return TellingSought(
        number=number,
        kind=kind,
        token=token_of(case_id, number),
        agency_case_id=case.agency_case_id,
        invoice_id=noted.invoice_id,
        amount=amount,
        on=noted.value_on,
        money=noted.number,
    )


def pay_out(
    noted: MoneyNoted, case: Case, remaining: Money | None = None
) -> tuple[Collected, ...] | None:
    """The collections that this money pays out; None where it is the debtor's own.

    The fewest that explain it, the earliest first: money is never explained by what was collected
    later, nor by more than the agency may have kept. What else one pay-out is set off against needs
    no explanation of its own.
    """
    if any(entry == noted.entry_id for entry, _ in case.recognised.values()):
        return ()
    waiting = sorted(
        (
            one
            for one in case.collected.values()
            if one.settlement_id not in case.recognised
            and one.collected_on <= noted.value_on
            and one.amount.currency == noted.amount.currency
        ),
        key=lambda one: (one.collected_on, one.settlement_id),
    )
    for amount in (noted.amount, noted.whole):
        for some in _choices(waiting):
            if amount is not None and _explains(some, amount):
                return some
    collected = sum((one.amount for one in waiting), start=Money.zero(noted.amount.currency))
    nothing_owed = remaining is not None and remaining.minor <= 0
    return tuple(waiting) if nothing_owed and waiting and noted.amount <= collected else None


def _choices(waiting: Sequence[Collected]) -> Iterator[tuple[Collected, ...]]:
    if len(waiting) > _MOST_TOGETHER:
        yield from ((one,) for one in waiting)
        yield tuple(waiting)
        return
    for size in range(1, len(waiting) + 1):
        yield from itertools.combinations(waiting, size)


def _explains(some: Sequence[Collected], amount: Money) -> bool:
    zero = Money.zero(amount.currency)
    whole = sum((one.amount for one in some), start=zero)
    kept = sum((one.kept_at_most for one in some), start=zero)
    return whole - kept <= amount <= whole
