"""Own events become intents of effects and due work. Pure, and inside the append's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from services.collections.events import beside as f
from services.collections.events import case as e
from services.collections.events import claim as c
from services.collections.intents import (
    ALERT,
    ASK_AGREEMENT,
    LOOK,
    LOOK_AGAIN,
    SUBMIT,
    TELL,
    TRANSFER,
    AgreementToAsk,
    CaseAtAgency,
    CaseToSubmit,
    TellingToMake,
)
from services.collections.model.agreement import Agreement
from services.collections.model.case import Case
from services.collections.model.claim import Claim
from services.collections.values import AT_AGENCY
from shared.after import After
from shared.effects.intents import Due, Intent, Reaction
from shared.eventstore.events import Recorded

reactions: After[Reaction] = After()

ALERT_AFTER = timedelta(hours=2)
LOOK_AFTER = timedelta(hours=1)


@reactions.after(c.TransferPlanned)
def after_transfer_planned(recorded: Recorded[c.TransferPlanned], _: Claim) -> Iterable[Reaction]:
    """All that goes at one instant goes in one run."""
    yield Due(TRANSFER, key="transfer", due_at=recorded.event.goes_at)


@reactions.after(e.CaseSent)
def after_case_sent(recorded: Recorded[e.CaseSent], _: Case) -> Iterable[Reaction]:
    event = recorded.event
    body = CaseToSubmit(event.agency, event.body, event.sha256)
    yield Intent(SUBMIT, key=str(recorded.aggregate_id), body=body)


@reactions.after(e.CaseOutcomeUnknown)
def after_case_outcome_unknown(
    recorded: Recorded[e.CaseOutcomeUnknown], _: Case
) -> Iterable[Reaction]:
    at = recorded.event.since_at + ALERT_AFTER
    yield Due(ALERT, key=str(recorded.aggregate_id), due_at=at)


@reactions.after(e.CaseAccepted)
def after_case_accepted(recorded: Recorded[e.CaseAccepted], case: Case) -> Iterable[Reaction]:
    yield from _at_agency(recorded, case)


@reactions.after(e.CaseFoundAfterAll)
def after_case_found_after_all(
    recorded: Recorded[e.CaseFoundAfterAll], case: Case
) -> Iterable[Reaction]:
    yield from _at_agency(recorded, case)


def _at_agency(recorded: Recorded[Any], case: Case) -> Iterable[Reaction]:
    """What the ledger said while nobody knew is judged now; the rest is looked for in a while."""
    if case.unjudged:
        yield from _look(recorded, case, "accepted")
    at = _on_the_hour(recorded.meta.recorded_at + LOOK_AFTER)
    yield Due(LOOK_AGAIN, key=str(recorded.aggregate_id), due_at=at)


@reactions.after(e.MoneyNoted)
def after_money_noted(recorded: Recorded[e.MoneyNoted], case: Case) -> Iterable[Reaction]:
    """Nothing is judged before the agency has been asked what it collected."""
    if case.state in AT_AGENCY:
        yield from _look(recorded, case, f"money-{recorded.event.number}")


@reactions.after(e.TellingSought)
def after_telling_sought(recorded: Recorded[e.TellingSought], case: Case) -> Iterable[Reaction]:
    event = recorded.event
    body = TellingToMake(
        agency=case.facts.agency,
        agency_case_id=event.agency_case_id,
        number=event.number,
        token=event.token,
        kind=event.kind,
        invoice=_invoice_number(case, event),
        amount=event.amount,
        on=event.on,
        reason=event.reason,
    )
    yield Intent(TELL, key=f"{recorded.aggregate_id}:{event.number}", body=body)


@reactions.after(f.AgreementOffered)
def after_agreement_offered(
    recorded: Recorded[f.AgreementOffered], _: Agreement
) -> Iterable[Reaction]:
    """Each offer is asked about by itself: the key may be another."""
    key = f"{recorded.event.agency}:{recorded.version}"
    yield Intent(ASK_AGREEMENT, key=key, body=AgreementToAsk(recorded.event.agency))


def _look(recorded: Recorded[object], case: Case, because: str) -> Iterable[Reaction]:
    if case.agency_case_id is None:
        return
    body = CaseAtAgency(case.facts.agency, case.agency_case_id)
    yield Intent(LOOK, key=f"{recorded.aggregate_id}:{because}", body=body)


def _invoice_number(case: Case, event: e.TellingSought) -> str:
    numbers = {claim.invoice_id: claim.number for claim in case.facts.claims}
    return numbers[event.invoice_id] if event.invoice_id else ""


def _on_the_hour(at: datetime) -> datetime:
    """Many cases are then asked after in one turn."""
    return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
