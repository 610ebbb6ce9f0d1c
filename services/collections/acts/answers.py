"""What the agency and the ledger say of a case, brought to the case and to its claims."""

from __future__ import annotations

from uuid import UUID

from services.collections.acts import looking
from services.collections.commands import (
    CaseCommand,
    EndClaim,
    NoteReceived,
    NoteSeen,
    RejoinCase,
    ReturnClaim,
)
from services.collections.events.case import (
    AgencyWordReported,
    CaseClosed,
    CaseFoundAfterAll,
    CaseNotSent,
    CaseRecalled,
    CaseRefused,
)
from services.collections.model.case import Case
from services.collections.model.claim import CLAIM
from services.collections.model.handling import CASE
from services.collections.model.naming import claim_id_of
from services.collections.values import Received, Seen
from shared.clock import day_of
from shared.work import Work

_BACK = {
    CaseNotSent: "not_sent",
    CaseRefused: "refused",
    AgencyWordReported: "never_arrived",
    CaseRecalled: "recalled",
}


def case_of(work: Work, case_id: UUID) -> Case:
    return work.load(CASE, case_id).state


def tell(work: Work, case_id: UUID, command: CaseCommand) -> None:
    """Put it to the case; where the case comes to an end by it, its claims do too, or come back."""
    for event in work.execute(CASE, case_id, command):
        if isinstance(event, CaseClosed):
            _each_claim(work, case_id, EndClaim(case_id, event.code))
        elif isinstance(event, CaseFoundAfterAll):
            _each_claim(work, case_id, RejoinCase(case_id))
            _catch_up(work, case_id)
        elif (code := _BACK.get(type(event))) is not None:
            _each_claim(work, case_id, ReturnClaim(case_id, code))


def _each_claim(work: Work, case_id: UUID, command: EndClaim | RejoinCase | ReturnClaim) -> None:
    facts = case_of(work, case_id).facts
    for claim in facts.claims:
        work.execute(CLAIM, claim_id_of(work.tenant_id, claim.invoice_id), command)
        if isinstance(command, ReturnClaim):
            looking.look_at(work, claim.invoice_id, facts.debtor_id)


def _catch_up(work: Work, case_id: UUID) -> None:
    """What the ledger has set off while nobody thought that the agency had it."""
    for invoice_id in case_of(work, case_id).invoices:
        take_received(work, case_id, invoice_id, looking.received_before(work, invoice_id))


def take_seen(work: Work, case_id: UUID, seen: Seen) -> None:
    today = day_of(work.now, looking.creditor_of(work).zone)
    tell(work, case_id, NoteSeen(case_id, seen, today))


def take_received(
    work: Work, case_id: UUID, invoice_id: UUID, received: tuple[Received, ...]
) -> None:
    tell(work, case_id, NoteReceived(invoice_id, received))
