"""Own events in the public language. Pure: what is told follows from the event and the state after it.

All that concerns one debtor shares the debtor's key, as dunning's own telling does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.collections.events import beside as f
from services.collections.events import case as e
from services.collections.events import claim as c
from services.collections.model.agreement import Agreement
from services.collections.model.case import Case
from services.collections.model.claim import Claim
from shared.after import After
from shared.contracts import collections as told
from shared.contracts.base import Contract
from shared.eventstore.events import Recorded
from shared.stream.outbox import Outgoing, Telling

publications: After[Telling] = After()


def _about(debtor_id: UUID, contract: Contract, on: date | None = None) -> Outgoing:
    return Outgoing(contract, key=debtor_id, effective_on=on)


@publications.after(f.AgreementReached)
def after_agreement_reached(
    recorded: Recorded[f.AgreementReached], _: Agreement
) -> Iterable[Telling]:
    event = recorded.event
    contract = told.AgencyAgreed(agency=event.agency, agreed_on=event.agreed_on)
    yield Outgoing(contract, effective_on=event.agreed_on)


@publications.after(c.TransferPlanned)
def after_transfer_planned(
    recorded: Recorded[c.TransferPlanned], claim: Claim
) -> Iterable[Telling]:
    assert claim.facts is not None, "only what dunning has called ready is planned"
    assert claim.principal is not None
    yield _about(
        claim.facts.debtor_id,
        told.TransferPlanned(
            debtor_id=claim.facts.debtor_id,
            invoices=(claim.facts.invoice_id,),
            principal=claim.principal,
            transfer_on=recorded.event.transfer_on,
        ),
    )


@publications.after(c.TransferStopped)
def after_transfer_stopped(
    recorded: Recorded[c.TransferStopped], claim: Claim
) -> Iterable[Telling]:
    if recorded.event.planned:
        yield from _stopped(claim, "stopped")


@publications.after(c.ClaimHeld)
def after_claim_held(recorded: Recorded[c.ClaimHeld], claim: Claim) -> Iterable[Telling]:
    """Told of what would have gone by itself; a person's stop has been told already."""
    if recorded.event.planned and claim.by_hand is None:
        yield from _stopped(claim, recorded.event.codes[0])


@publications.after(c.PlanDropped)
def after_plan_dropped(recorded: Recorded[c.PlanDropped], claim: Claim) -> Iterable[Telling]:
    yield from _stopped(claim, recorded.event.code)


def _stopped(claim: Claim, code: str) -> Iterable[Telling]:
    if claim.facts is not None:
        debtor_id = claim.facts.debtor_id
        yield _about(
            debtor_id,
            told.TransferStopped(
                debtor_id=debtor_id, invoices=(claim.facts.invoice_id,), code=code
            ),
        )


@publications.after(e.CaseSent)
def after_case_sent(recorded: Recorded[e.CaseSent], _: Case) -> Iterable[Telling]:
    yield _sent(recorded, recorded.event)


@publications.after(e.CaseFoundAfterAll)
def after_case_found_after_all(
    recorded: Recorded[e.CaseFoundAfterAll], case: Case
) -> Iterable[Telling]:
    """It had left, though it was told that it had not: the others learn it once more."""
    yield _sent(recorded, case.facts)


def _sent(recorded: Recorded[object], event: e.CaseSent) -> Outgoing:
    return _about(
        event.debtor_id,
        told.CaseSentToCollection(
            case_id=recorded.aggregate_id,
            debtor_id=event.debtor_id,
            agency=event.agency,
            claims=tuple(
                told.CaseClaim(one.invoice_id, one.principal, one.charges, one.interest)
                for one in event.claims
            ),
            sent_on=event.sent_on,
            sent_at=recorded.meta.recorded_at,
            automatic=event.automatic,
        ),
        event.sent_on,
    )


@publications.after(e.CaseOutcomeUnknown)
def after_case_outcome_unknown(
    recorded: Recorded[e.CaseOutcomeUnknown], case: Case
) -> Iterable[Telling]:
    debtor_id = case.facts.debtor_id
    yield _about(
        debtor_id, told.CaseOutcomeUnknown(case_id=recorded.aggregate_id, debtor_id=debtor_id)
    )


@publications.after(e.CaseAccepted)
def after_case_accepted(recorded: Recorded[e.CaseAccepted], case: Case) -> Iterable[Telling]:
    debtor_id = case.facts.debtor_id
    contract = told.CaseAccepted(
        case_id=recorded.aggregate_id,
        debtor_id=debtor_id,
        agency_reference=recorded.event.agency_reference,
    )
    yield _about(debtor_id, contract)


@publications.after(e.CaseRefused)
def after_case_refused(recorded: Recorded[e.CaseRefused], case: Case) -> Iterable[Telling]:
    yield _refused(recorded.aggregate_id, case, recorded.event.code)


@publications.after(e.CaseNotSent)
def after_case_not_sent(recorded: Recorded[e.CaseNotSent], case: Case) -> Iterable[Telling]:
    yield _refused(recorded.aggregate_id, case, "not_sent")


@publications.after(e.AgencyWordReported)
def after_agency_word_reported(
    recorded: Recorded[e.AgencyWordReported], case: Case
) -> Iterable[Telling]:
    yield _refused(recorded.aggregate_id, case, "never_arrived")


def _refused(case_id: UUID, case: Case, code: str) -> Outgoing:
    debtor_id = case.facts.debtor_id
    return _about(
        debtor_id,
        told.CaseRefused(case_id=case_id, debtor_id=debtor_id, invoices=case.invoices, code=code),
    )


@publications.after(e.TellingDone)
def after_telling_done(recorded: Recorded[e.TellingDone], case: Case) -> Iterable[Telling]:
    """Of payments only: what was credited or taken back, the others know from the ledger."""
    telling = case.tellings[recorded.event.number]
    if telling.kind != "payment":
        return
    assert telling.invoice_id is not None
    assert telling.amount is not None
    assert telling.on is not None
    debtor_id = case.facts.debtor_id
    contract = told.CasePaymentReported(
        case_id=recorded.aggregate_id,
        debtor_id=debtor_id,
        invoice_id=telling.invoice_id,
        amount=telling.amount,
        value_on=telling.on,
        reported_at=recorded.event.told_at,
    )
    yield _about(debtor_id, contract, telling.on)


@publications.after(e.PayOutRecognised)
def after_pay_out_recognised(
    recorded: Recorded[e.PayOutRecognised], case: Case
) -> Iterable[Telling]:
    event, debtor_id = recorded.event, case.facts.debtor_id
    contract = told.CasePaidOut(
        case_id=recorded.aggregate_id,
        debtor_id=debtor_id,
        amount=event.amount,
        paid_out_on=event.paid_out_on,
    )
    yield _about(debtor_id, contract, event.paid_out_on)


@publications.after(e.StatusLearnt)
def after_status_learnt(recorded: Recorded[e.StatusLearnt], case: Case) -> Iterable[Telling]:
    event, debtor_id = recorded.event, case.facts.debtor_id
    contract = told.CaseStatusChanged(
        case_id=recorded.aggregate_id,
        debtor_id=debtor_id,
        status=event.status,
        agency_code=event.agency_code,
        remaining=event.remaining,
    )
    yield _about(debtor_id, contract)


@publications.after(e.CaseRecalled)
def after_case_recalled(recorded: Recorded[e.CaseRecalled], case: Case) -> Iterable[Telling]:
    event, debtor_id = recorded.event, case.facts.debtor_id
    contract = told.CaseRecalled(
        case_id=recorded.aggregate_id,
        debtor_id=debtor_id,
        invoices=case.invoices,
        recalled_on=event.recalled_on,
    )
    yield _about(debtor_id, contract, event.recalled_on)


@publications.after(e.CaseClosed)
def after_case_closed(recorded: Recorded[e.CaseClosed], case: Case) -> Iterable[Telling]:
    event, debtor_id = recorded.event, case.facts.debtor_id
    contract = told.CaseClosed(
        case_id=recorded.aggregate_id,
        debtor_id=debtor_id,
        invoices=case.invoices,
        code=event.code,
        closed_on=event.closed_on,
    )
    yield _about(debtor_id, contract, event.closed_on)
