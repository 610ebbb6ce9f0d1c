"""What may be asked of a case, and what comes of it.

It is sent once: neither from `outcome_unknown` nor from any other state is there a way back to sending,
and its claims may only go in another case after this one has come to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from services.collections.commands import (
    CaseCommand,
    NoteAccepted,
    NoteNotSent,
    NoteOutcomeUnknown,
    NoteReceived,
    NoteRefused,
    NoteSeen,
    NoteTellingRefused,
    NoteTellingUnknown,
    NoteTold,
    RaiseAlert,
    ReportNeverArrived,
    SeekPause,
    SeekRecall,
    SendCase,
)
from services.collections.events.case import (
    AgencyWordReported,
    CaseAccepted,
    CaseEvent,
    CaseFoundAfterAll,
    CaseNotSent,
    CaseOutcomeUnknown,
    CaseRefused,
    CaseSent,
    MoneyNoted,
    OutcomeAlertRaised,
    TellingDone,
    TellingRefused,
    TellingSought,
    TellingUnknown,
)
from services.collections.model import money
from services.collections.model.case import Case, evolve
from services.collections.model.naming import token_of
from services.collections.values import LIVE, CaseState
from shared.decider import Decider, Rejected
from shared.money import Money, sums

_OVER_AT_AGENCY = frozenset({CaseState.RECALLED, CaseState.CLOSED})


def decide(command: CaseCommand, case: Case) -> Sequence[CaseEvent]:  # noqa: C901, PLR0912  a closed union
    match command:
        case SendCase():
            return send(command, case)
        case NoteNotSent():
            return [CaseNotSent()] if case.state is CaseState.SUBMITTED else []
        case NoteOutcomeUnknown():
            doubtful = case.state is CaseState.SUBMITTED
            return [CaseOutcomeUnknown(command.at)] if doubtful else []
        case RaiseAlert():
            still = case.state is CaseState.OUTCOME_UNKNOWN and not case.alerted
            return [OutcomeAlertRaised()] if still else []
        case ReportNeverArrived():
            return report_never_arrived(command, case)
        case NoteAccepted():
            return note_accepted(command, case)
        case NoteRefused():
            open_ = case.state in {CaseState.SUBMITTED, CaseState.OUTCOME_UNKNOWN}
            return [CaseRefused(command.code)] if open_ else []
        case NoteReceived():
            return note_received(command, case)
        case NoteSeen():
            return money.note_seen(command, case)
        case SeekRecall() | SeekPause():
            return seek(command, case)
        case NoteTold():
            open_ = command.number in case.open_tellings
            return [TellingDone(command.number, command.at)] if open_ else []
        case NoteTellingUnknown():
            open_ = command.number in case.open_tellings
            return [TellingUnknown(command.number)] if open_ else []
        case NoteTellingRefused():
            open_ = command.number in case.open_tellings
            if not open_:
                return []
            kind = case.tellings[command.number].kind
            return [TellingRefused(command.number, command.code, kind)]
        case _:
            assert_never(command)


def send(command: SendCase, case: Case) -> Sequence[CaseEvent]:
    """Sent once. A case has something to recover, in one currency."""
    if case.state is not CaseState.NEW:
        raise Rejected("this case was sent before", code="already_sent")
    principal = sums(claim.principal for claim in command.claims)
    if len(principal) != 1 or any(claim.principal.minor <= 0 for claim in command.claims):
        raise Rejected("a case recovers principal in one currency", code="nothing_to_recover")
    (currency,) = principal
    zero = Money.zero(currency)
    return [
        CaseSent(
            agency=command.agency,
            debtor_id=command.debtor_id,
            claims=command.claims,
            principal=principal[currency],
            charges=sum((claim.charges for claim in command.claims), start=zero),
            interest=sum((claim.interest for claim in command.claims), start=zero),
            reference=command.reference,
            body=command.body,
            sha256=command.sha256,
            sent_on=command.sent_on,
            automatic=command.automatic,
        )
    ]


def note_accepted(command: NoteAccepted, case: Case) -> Sequence[CaseEvent]:
    """What the agency has, it has, also where a person was told otherwise."""
    if case.state in {CaseState.SUBMITTED, CaseState.OUTCOME_UNKNOWN}:
        return [CaseAccepted(command.agency_case_id, command.agency_reference)]
    if case.state is CaseState.NOT_SENT:
        return [CaseFoundAfterAll(command.agency_case_id)]
    return []


def report_never_arrived(command: ReportNeverArrived, case: Case) -> Sequence[CaseEvent]:
    if case.state is not CaseState.OUTCOME_UNKNOWN:
        raise Rejected("the agency's answer is known", code="outcome_known")
    return [AgencyWordReported(command.reported_by, command.reason)]


def note_received(command: NoteReceived, case: Case) -> Sequence[CaseEvent]:
    """Each change of what is set off against a claim is noted once, with its sign."""
    if case.sent is None or command.invoice_id not in case.invoices:
        return []
    if case.state not in LIVE | _OVER_AT_AGENCY:
        return []
    now = {one.entry_id: one for one in command.received}
    before = {
        entry: amount
        for (entry, invoice), amount in case.set_off.items()
        if invoice == command.invoice_id
    }
    kinds = {(one.entry_id, one.invoice_id): one for one in case.money.values()}
    events: list[CaseEvent] = []
    for entry_id in sorted({*now, *before}):
        one = now.get(entry_id)
        known = before.get(entry_id, Money.zero(case.facts.principal.currency))
        change = (one.amount if one else Money.zero(known.currency)) - known
        if not change:
            continue
        earlier = kinds.get((entry_id, command.invoice_id))
        if one is None and earlier is None:
            continue  # what was set off before it left: dunning reckons the claim anew
        kind = one.kind if one else earlier.kind if earlier else "payment"
        value_on = one.value_on if one else earlier.value_on if earlier else case.facts.sent_on
        number = len(case.money) + len(events) + 1
        events.append(
            MoneyNoted(
                number,
                entry_id,
                command.invoice_id,
                kind,
                change,
                value_on,
                one.whole if one else None,
            )
        )
    return events


def seek(command: SeekRecall | SeekPause, case: Case) -> Sequence[CaseEvent]:
    """The agency is asked; whether it lets go is its to say."""
    if case.state is not CaseState.ACTIVE or case.agency_case_id is None:
        raise Rejected("the agency has no such case that is open", code="not_at_agency")
    number = len(case.tellings) + 1
    token = token_of(command.case_id, number)
    match command:
        case SeekRecall():
            if case.recall_sought:
                return []
            return [
                TellingSought(
                    number, "withdrawal", token, case.agency_case_id,
                    reason=command.reason, sought_by=command.sought_by,
                )
            ]  # fmt: skip
        case SeekPause():
            return [
                TellingSought(
                    number, "pause", token, case.agency_case_id,
                    on=command.until_on, sought_by=command.sought_by,
                )
            ]  # fmt: skip
        case _:
            assert_never(command)


CASE: Decider[CaseCommand, Case, CaseEvent] = Decider(decide, evolve, Case())
