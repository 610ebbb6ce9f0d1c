"""What people ask for, in words of this service; pages and the HTTP interface only call these.

Each function answers one request inside one transaction. Who asks is given by the signed-in session
and never by the request's body.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.collections import queries
from services.collections.acts import answers, looking
from services.collections.acts.transferring import Transfer, Transferrer
from services.collections.commands import (
    EndStop,
    ReportNeverArrived,
    SeekPause,
    SeekRecall,
    StopTransfer,
)
from services.collections.gateways.agencies import Agencies
from services.collections.gateways.opening import Opener
from services.collections.intents import LOOK, CaseAtAgency
from services.collections.model.agreement import AGREEMENT, End, Offer
from services.collections.model.claim import CLAIM
from services.collections.model.creditor import CREDITOR, SelectAgency, SetWays
from services.collections.model.naming import agreement_id_of, claim_id_of, creditor_id_of
from services.collections.values import Contact
from shared.decider import Rejected
from shared.effects.intents import Intent
from shared.money import Money
from shared.sealed import Sealed
from shared.work import Work

_TEXT_MAX = 1000


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, with the roles of the session."""

    user_id: UUID
    roles: frozenset[str]


def send_now(work: Work, transferrer: Transferrer, invoices: Sequence[UUID]) -> Transfer:
    """Hand over what is selected, through the same last look as what goes by itself (E84)."""
    if not invoices:
        raise Rejected("choose at least one invoice", code="nothing_chosen", field="invoices")
    return transferrer.transfer(work, invoices, automatic=False)


def stop(work: Work, person: Person, invoice_id: UUID) -> None:
    """It does not go, until somebody says that it may."""
    stopping = StopTransfer(person.user_id)
    work.execute(CLAIM, claim_id_of(work.tenant_id, invoice_id), stopping)
    _look(work, invoice_id)


def end_stop(work: Work, person: Person, invoice_id: UUID) -> None:
    """It may go after all, after a stop window of its own."""
    work.execute(CLAIM, claim_id_of(work.tenant_id, invoice_id), EndStop(person.user_id))
    _look(work, invoice_id)


def _look(work: Work, invoice_id: UUID) -> None:
    row = queries.claim(work.sql, work.tenant_id, invoice_id)
    if row is not None:
        looking.look_at(work, invoice_id, row.debtor_id)


def set_ways(
    work: Work,
    person: Person,
    *,
    automatic: bool,
    stop_days: int,
    weekday: int | None = None,
    minimum: Money | None = None,
) -> None:
    """How the creditor hands over: what is planned keeps its day, or is planned no more."""
    command = SetWays(automatic, stop_days, weekday, minimum, person.user_id)
    if work.execute(CREDITOR, creditor_id_of(work.tenant_id), command):
        looking.look_at_everything(work)


def offer_agreement(
    work: Work,
    agencies: Agencies,
    opener: Opener,
    person: Person,
    agency: str,
    key: str,
    email: str,
    hook_secret: str = "",
) -> None:
    """The creditor's yes, with the key that the agency gave it; the agency is asked for its own."""
    agencies.offer(agency)
    if not key.strip():
        raise Rejected("the agency's key is missing", code="key_missing", field="key")
    if "@" not in email:
        raise Rejected("this is no mail address", code="email_unreadable", field="email")
    agreement_id = agreement_id_of(work.tenant_id, agency)

    def sealed(text: str) -> Sealed:
        return opener.vault.seal(work.tenant_id, agreement_id, text.strip())

    contact = Contact(sealed(key), sealed(email), sealed(hook_secret) if hook_secret else None)
    offer = Offer(agency, contact, person.user_id, person.roles)
    work.execute(AGREEMENT, agreement_id, offer)
    select_agency(work, agencies, person, agency)


def select_agency(work: Work, agencies: Agencies, person: Person, agency: str) -> None:
    """The agency that new cases go to; what another one has stays there (E80, E81)."""
    agencies.offer(agency)
    command = SelectAgency(agency, person.user_id)
    work.execute(CREDITOR, creditor_id_of(work.tenant_id), command)
    looking.look_at_everything(work)


def end_agreement(work: Work, person: Person, agency: str) -> None:
    """Nothing new goes there any more."""
    work.execute(AGREEMENT, agreement_id_of(work.tenant_id, agency), End(person.roles))
    looking.look_at_everything(work)


def recall(work: Work, opener: Opener, person: Person, case_id: UUID, reason: str) -> None:
    """Ask the agency to let go of a case; it is the creditor's again when the agency has."""
    text = _reason(reason)
    sealed = opener.vault.seal(work.tenant_id, answers.case_of(work, case_id).facts.debtor_id, text)
    answers.tell(work, case_id, SeekRecall(case_id, person.user_id, sealed))


def pause(work: Work, person: Person, case_id: UUID, until_on: date) -> None:
    """Ask the agency to wait, until and with a day."""
    answers.tell(work, case_id, SeekPause(case_id, person.user_id, until_on))


def report_never_arrived(
    work: Work, opener: Opener, person: Person, case_id: UUID, reason: str
) -> None:
    """The agency was asked and says that it never got the case: its claims are here again, held."""
    text = _reason(reason)
    sealed = opener.vault.seal(work.tenant_id, answers.case_of(work, case_id).facts.debtor_id, text)
    answers.tell(work, case_id, ReportNeverArrived(person.user_id, sealed))


def ask_now(work: Work, case_id: UUID) -> None:
    """Ask the agency how a case stands, without waiting for the morning."""
    case = answers.case_of(work, case_id)
    if case.agency_case_id is None:
        raise Rejected("the agency has no such case yet", code="not_at_agency")
    asked = CaseAtAgency(case.facts.agency, case.agency_case_id)
    work.intend(case_id, Intent(LOOK, f"{case_id}:{work.now.isoformat()}", asked))


def _reason(text: str) -> str:
    if not text.strip():
        raise Rejected("say why", code="reason_missing", field="reason")
    if len(text) > _TEXT_MAX:
        raise Rejected("a reason has at most 1000 letters", code="reason_too_long", field="reason")
    return text.strip()
