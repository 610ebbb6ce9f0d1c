"""A case: claims of one debtor in one currency, at one agency.

    (none) ─▶ submitted ─▶ active ─▶ closed
                 │  ▲         └────▶ recalled
                 │  └─ outcome_unknown ─▶ active, refused, not_sent (by the agency's word)
                 ├────▶ refused                            └─▶ active (found after all)
                 └────▶ not_sent      (given up before a byte left)

What may be asked of it is answered in `model/handling.py`, whose money a payment was in
`model/money.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from services.collections.events.case import (
    AgencyCollected,
    AgencyWordReported,
    CaseAccepted,
    CaseClosed,
    CaseEvent,
    CaseFoundAfterAll,
    CaseNotSent,
    CaseOutcomeUnknown,
    CaseRecalled,
    CaseRefused,
    CaseSent,
    CollectionTakenBack,
    MoneyNoted,
    MoneyNotTold,
    OutcomeAlertRaised,
    PayOutRecognised,
    StatusLearnt,
    TellingDone,
    TellingRefused,
    TellingSought,
    TellingUnknown,
)
from services.collections.values import CaseState, Collected
from shared.money import Money

Place = tuple[UUID, UUID]
"""An entry of the ledger and the invoice that it is set off against."""
_WITHDRAWN = "withdrawn"
_WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Case:
    """`set_off` is what the ledger was last heard to set off, `unjudged` what nobody has judged yet,
    `told` what the agency was told of each invoice's principal, `recognised` which entry of the ledger
    paid out what the agency collected.
    """

    state: CaseState = CaseState.NEW
    sent: CaseSent | None = None
    agency_case_id: str | None = None
    agency_reference: str = ""
    set_off: Mapping[Place, Money] = field(default_factory=dict)
    money: Mapping[int, MoneyNoted] = field(default_factory=dict)
    unjudged: tuple[int, ...] = ()
    told: Mapping[UUID, Money] = field(default_factory=dict)
    told_of: Mapping[Place, Money] = field(default_factory=dict)
    collected: Mapping[str, Collected] = field(default_factory=dict)
    recognised: Mapping[str, Place] = field(default_factory=dict)
    tellings: Mapping[int, TellingSought] = field(default_factory=dict)
    open_tellings: tuple[int, ...] = ()
    status: tuple[str, str, Money | None] | None = None
    recall_sought: bool = False
    alerted: bool = False

    @property
    def facts(self) -> CaseSent:
        assert self.sent is not None, "nothing is asked of a case before it is sent"
        return self.sent

    @property
    def invoices(self) -> tuple[UUID, ...]:
        return tuple(claim.invoice_id for claim in self.facts.claims)

    def outstanding(self, invoice_id: UUID) -> Money:
        """What is left of a claim's principal by what the agency was told."""
        claim = next(one for one in self.facts.claims if one.invoice_id == invoice_id)
        return claim.principal - self.told.get(invoice_id, Money.zero(claim.principal.currency))


def evolve(case: Case, event: CaseEvent) -> Case:  # noqa: C901, PLR0912  a closed union
    match event:
        case CaseSent():
            set_off = {
                (one.entry_id, claim.invoice_id): one.amount
                for claim in event.claims
                for one in claim.before
            }
            return replace(case, state=CaseState.SUBMITTED, sent=event, set_off=set_off)
        case CaseNotSent() | AgencyWordReported():
            return replace(case, state=CaseState.NOT_SENT)
        case CaseOutcomeUnknown():
            return replace(case, state=CaseState.OUTCOME_UNKNOWN)
        case OutcomeAlertRaised():
            return replace(case, alerted=True)
        case CaseFoundAfterAll():
            active = CaseState.ACTIVE
            return replace(case, state=active, agency_case_id=event.agency_case_id)
        case CaseAccepted():
            return replace(
                case,
                state=CaseState.ACTIVE,
                agency_case_id=event.agency_case_id,
                agency_reference=event.agency_reference,
            )
        case CaseRefused():
            return replace(case, state=CaseState.REFUSED)
        case MoneyNoted():
            return _noted(case, event)
        case AgencyCollected():
            settlement = event.collected.settlement_id
            return replace(case, collected={**case.collected, settlement: event.collected})
        case CollectionTakenBack():
            collected = dict(case.collected)
            del collected[event.settlement_id]
            return replace(case, collected=collected)
        case PayOutRecognised():
            noted = case.money[event.number]
            place = (noted.entry_id, noted.invoice_id)
            return replace(
                case,
                unjudged=_without(case.unjudged, event.number),
                recognised={**case.recognised, **dict.fromkeys(event.settlements, place)},
            )
        case MoneyNotTold():
            return replace(case, unjudged=_without(case.unjudged, event.number))
        case TellingSought():
            return _sought(case, event)
        case TellingDone():
            return replace(case, open_tellings=_without(case.open_tellings, event.number))
        case TellingRefused():
            open_ = _without(case.open_tellings, event.number)
            sought = case.recall_sought and event.kind != _WITHDRAWAL
            return replace(case, open_tellings=open_, recall_sought=sought)
        case TellingUnknown():
            return case
        case StatusLearnt():
            return replace(case, status=(event.status, event.agency_code, event.remaining))
        case CaseRecalled():
            return replace(case, state=CaseState.RECALLED)
        case CaseClosed():
            return replace(case, state=CaseState.CLOSED)
        case _:
            assert_never(event)


def _noted(case: Case, event: MoneyNoted) -> Case:
    place = (event.entry_id, event.invoice_id)
    known = case.set_off.get(place, Money.zero(event.amount.currency))
    recognised = case.recognised
    if event.amount.minor < 0:  # a pay-out that is matched anew is recognised anew
        recognised = {one: by for one, by in recognised.items() if by != place}
    return replace(
        case,
        recognised=recognised,
        set_off={**case.set_off, place: known + event.amount},
        money={**case.money, event.number: event},
        unjudged=(*case.unjudged, event.number),
    )


def _sought(case: Case, event: TellingSought) -> Case:
    case = replace(
        case,
        tellings={**case.tellings, event.number: event},
        open_tellings=(*case.open_tellings, event.number),
        recall_sought=case.recall_sought or event.kind == _WITHDRAWAL,
    )
    if event.money is None or event.amount is None or event.invoice_id is None:
        return case
    noted = case.money[event.money]
    amount = -event.amount if event.kind == "reversal" else event.amount
    zero = Money.zero(amount.currency)
    place = (noted.entry_id, event.invoice_id)
    return replace(
        case,
        unjudged=_without(case.unjudged, event.money),
        told={**case.told, event.invoice_id: case.told.get(event.invoice_id, zero) + amount},
        told_of={**case.told_of, place: case.told_of.get(place, zero) + amount},
    )


def _without(numbers: tuple[int, ...], number: int) -> tuple[int, ...]:
    return tuple(one for one in numbers if one != number)


def ends_as(closed: str, case: Case, on: date) -> CaseEvent:
    """How a case that the agency shows as closed is over for us."""
    if case.recall_sought and closed == _WITHDRAWN:
        return CaseRecalled(on)
    code = case.status[1] if case.status else ""
    return CaseClosed(closed, code, on)
