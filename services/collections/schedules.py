"""What the clock asks for: transfers whose stop window is over, looks at the agency, alerts."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import structlog

from services.collections import queries
from services.collections.acts import answers, looking
from services.collections.acts.transferring import Transferrer
from services.collections.commands import RaiseAlert
from services.collections.intents import (
    AGREEMENT_AGAIN,
    ALERT,
    ASK_AGREEMENT,
    LOOK,
    LOOK_AGAIN,
    TRANSFER,
    AgreementToAsk,
    CaseAtAgency,
)
from services.collections.model.agreement import AgreementState
from services.collections.model.naming import agreement_id_of
from shared.decider import Rejected
from shared.effects.intents import Due, Intent
from shared.scheduler import Job, Occurrence
from shared.work import Work

_log = structlog.get_logger(__name__)


def jobs(transferrer: Transferrer) -> Mapping[str, Job]:
    """The jobs by name; each puts its next occurrence on the calendar itself, if it has one."""

    def transfer(_: Occurrence, work: Work) -> None:
        """What is due now goes. An agreement that has ended meanwhile leaves all of it here."""
        due = queries.due(work.sql, work.tenant_id, work.now)
        try:
            transferrer.transfer(work, due, automatic=True)
        except Rejected as refused:
            _log.warning("nothing goes to collection", code=refused.code)
            looking.look_at_everything(work)

    return {
        TRANSFER: transfer,
        LOOK_AGAIN: look_again,
        ALERT: alert_unknown,
        AGREEMENT_AGAIN: agreement_again,
    }


def look_again(occurrence: Occurrence, work: Work) -> None:
    """Ask the agency how a case stands, every morning until it has said its last word.

    Its calls come in between; whoever missed one learns it the next morning.
    """
    case_id = UUID(occurrence.key)
    if not queries.is_asked_after(work.sql, work.tenant_id, case_id):
        return
    case = answers.case_of(work, case_id)
    assert case.agency_case_id is not None, "an active case has an id at the agency"
    asked = CaseAtAgency(case.facts.agency, case.agency_case_id)
    work.intend(case_id, Intent(LOOK, f"{case_id}:{occurrence.due_at.isoformat()}", asked))
    work.remind(Due(LOOK_AGAIN, occurrence.key, looking.next_morning(work)))


def alert_unknown(occurrence: Occurrence, work: Work) -> None:
    """Two hours without knowing: people must ask the agency."""
    answers.tell(work, UUID(occurrence.key), RaiseAlert())


def agreement_again(occurrence: Occurrence, work: Work) -> None:
    """Ask once more whether the agency has agreed, while it has not."""
    agency = occurrence.key
    agreement = looking.agreement_of(work, agency)
    if agreement.state not in {AgreementState.OFFERED, AgreementState.AWAITED}:
        return
    key = f"{agency}:{occurrence.due_at.isoformat()}"
    intent = Intent(ASK_AGREEMENT, key, AgreementToAsk(agency))
    work.intend(agreement_id_of(work.tenant_id, agency), intent)
