"""The last look before a case leaves: each claim is looked at again, in the transaction that sends it.

What is free goes, one case per debtor and currency; what is not is held with its reason and stays. The
claims' streams and the case's are written together, so that whoever comes second, of however many,
finds the claims gone.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import structlog

from services.collections import queries
from services.collections.acts import looking
from services.collections.commands import LookAtClaim, SendCase, SendClaim
from services.collections.gateways.agencies import Agencies
from services.collections.gateways.agency import BadCaseError, CollectionAgency
from services.collections.gateways.door import opened
from services.collections.gateways.opening import Opener
from services.collections.model import guards
from services.collections.model.claim import CLAIM
from services.collections.model.debtor import DEBTOR
from services.collections.model.handling import CASE
from services.collections.model.naming import case_id_of, claim_id_of, debtor_id_of, reference_of
from services.collections.values import ClaimFacts, ClaimState, Hold, SentClaim
from shared.clock import day_of
from shared.decider import Rejected
from shared.work import Work

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that passed the last look."""

    facts: ClaimFacts
    claim: SentClaim

    @property
    def group(self) -> tuple[str, str]:
        return str(self.facts.debtor_id), self.claim.principal.currency


@dataclass(frozen=True, slots=True)
class Transfer:
    """What came of it: the cases that left, and the invoices that were held instead."""

    cases: tuple[UUID, ...]
    held: tuple[UUID, ...]


class Transferrer:
    def __init__(self, agencies: Agencies, opener: Opener) -> None:
        self._agencies = agencies
        self._opener = opener

    def agency(self, work: Work, code: str) -> CollectionAgency:
        """An agency with the creditor's own key."""
        contact = looking.agreement_of(work, code).contact
        return opened(self._agencies, self._opener, work.tenant_id, code, contact)

    def transfer(self, work: Work, invoices: Sequence[UUID], *, automatic: bool) -> Transfer:
        """Hand over what is free. Raises Rejected where no agency has agreed."""
        code = looking.creditor_of(work).agency
        if code is None:
            raise Rejected("choose an agency first", code="no_agency")
        if not looking.agreement_of(work, code).both_agree:
            raise Rejected("the agency has not agreed yet", code="no_agreement")
        looked = [self._candidate(work, invoice_id) for invoice_id in sorted(set(invoices))]
        passed = sorted(
            (one for one in looked if isinstance(one, Candidate)), key=lambda one: one.group
        )
        cases, held = [], [one for one in looked if isinstance(one, UUID)]
        for _, group in itertools.groupby(passed, key=lambda one: one.group):
            members = list(group)
            case_id = self._send(work, code, members, automatic=automatic)
            if case_id is None:
                held += [one.facts.invoice_id for one in members]
            else:
                cases.append(case_id)
        return Transfer(tuple(cases), tuple(held))

    def _candidate(self, work: Work, invoice_id: UUID) -> Candidate | UUID | None:
        """A claim as it would leave; its id where it is held; None where it is not here any more."""
        claim = looking.claim_of(work, invoice_id)
        if claim.facts is None or claim.state not in {ClaimState.READY, ClaimState.PLANNED}:
            return invoice_id if claim.state is ClaimState.HELD else None
        around = looking.surroundings(work, invoice_id, claim.facts.debtor_id, claim)
        found = guards.found(around)
        if found or claim.own_holds:
            held = LookAtClaim(found, around.unmatched)
            work.execute(CLAIM, claim_id_of(work.tenant_id, invoice_id), held)
            return invoice_id
        facts = claim.facts
        today = day_of(work.now, looking.creditor_of(work).zone)
        return Candidate(
            facts,
            SentClaim(
                invoice_id=invoice_id,
                number=facts.number,
                issued_on=facts.issued_on,
                due_on=facts.due_on,
                principal=around.principal,
                charges=facts.charges,
                interest=facts.interest_on(today),
                before=looking.received_before(work, invoice_id),
            ),
        )

    def _send(
        self, work: Work, code: str, members: Sequence[Candidate], *, automatic: bool
    ) -> UUID | None:
        """Send one case; None where no form of the agency's can carry it, and its claims are held."""
        facts, claims = members[0].facts, tuple(one.claim for one in members)
        tenant_id, currency = work.tenant_id, claims[0].principal.currency
        earlier = queries.attempts(work.sql, tenant_id, facts.debtor_id, currency)
        case_id = case_id_of(tenant_id, facts.debtor_id, currency, earlier + 1)
        today = day_of(work.now, looking.creditor_of(work).zone)
        try:
            body = self._rendered(work, code, case_id, members)
        except BadCaseError as error:
            _log.warning("no case can be made of this", debtor=str(facts.debtor_id), why=str(error))
            for one in members:
                held = LookAtClaim((Hold.DEBTOR_UNKNOWN.value,))
                work.execute(CLAIM, claim_id_of(tenant_id, one.facts.invoice_id), held)
            return None
        for one in members:
            work.execute(CLAIM, claim_id_of(tenant_id, one.facts.invoice_id), SendClaim(case_id))
        work.execute(
            CASE,
            case_id,
            SendCase(
                agency=code,
                debtor_id=facts.debtor_id,
                claims=claims,
                reference=reference_of(case_id),
                body=self._opener.seal_bytes(tenant_id, facts.debtor_id, body),
                sha256=sha256(body).hexdigest(),
                sent_on=today,
                automatic=automatic,
            ),
        )
        return case_id

    def _rendered(
        self, work: Work, code: str, case_id: UUID, members: Sequence[Candidate]
    ) -> bytes:
        facts = members[0].facts
        agreement = looking.agreement_of(work, code)
        debtor = work.load(DEBTOR, debtor_id_of(work.tenant_id, facts.debtor_id)).state
        if debtor.known is None or agreement.contact is None:
            raise BadCaseError("nobody has told who the debtor is")
        submission = self._opener.submission(
            work.tenant_id,
            reference_of(case_id),
            debtor.known,
            facts,
            tuple(one.claim for one in members),
            agreement.contact.email,
            day_of(work.now, looking.creditor_of(work).zone),
        )
        return self.agency(work, code).render(submission)
