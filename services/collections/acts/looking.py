"""A claim looked at with everything that is known: what stands in its way, and when it would go."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from services.collections import queries
from services.collections.commands import DropPlan, LookAtClaim
from services.collections.model import guards
from services.collections.model.agreement import AGREEMENT, Agreement
from services.collections.model.claim import CLAIM, Claim
from services.collections.model.creditor import CREDITOR, Creditor
from services.collections.model.debtor import DEBTOR
from services.collections.model.guards import Surroundings
from services.collections.model.item import ITEM
from services.collections.model.naming import (
    agreement_id_of,
    claim_id_of,
    creditor_id_of,
    debtor_id_of,
    item_id_of,
)
from services.collections.values import Received
from shared.clock import day_of
from shared.money import Money
from shared.work import Work

_MORNING: Final = time(6)


def creditor_of(work: Work) -> Creditor:
    return work.load(CREDITOR, creditor_id_of(work.tenant_id)).state


def agreement_of(work: Work, agency: str) -> Agreement:
    return work.load(AGREEMENT, agreement_id_of(work.tenant_id, agency)).state


def claim_of(work: Work, invoice_id: UUID) -> Claim:
    return work.load(CLAIM, claim_id_of(work.tenant_id, invoice_id)).state


def principal_of(work: Work, invoice_id: UUID, claim: Claim) -> Money:
    """The least that anybody knows to be open: dunning and the ledger are heard at different times."""
    assert claim.principal is not None, "only what dunning has told of is looked at"
    left = queries.remaining(work.sql, work.tenant_id, invoice_id)
    if left is None or left.currency != claim.principal.currency:
        return claim.principal
    return min(left, claim.principal)


def received_before(work: Work, invoice_id: UUID) -> tuple[Received, ...]:
    """What the ledger sets off against an invoice by now."""
    item = work.load(ITEM, item_id_of(work.tenant_id, invoice_id)).state
    return item.received if item is not None else ()


def surroundings(work: Work, invoice_id: UUID, debtor_id: UUID, claim: Claim) -> Surroundings:
    principal = principal_of(work, invoice_id, claim)
    return Surroundings(
        debtor=work.load(DEBTOR, debtor_id_of(work.tenant_id, debtor_id)).state,
        principal=principal,
        charges=claim.facts.charges if claim.facts else None,
        unmatched=queries.unmatched(work.sql, work.tenant_id, debtor_id, principal.currency),
    )


def look_at(work: Work, invoice_id: UUID, debtor_id: UUID) -> None:
    """Put what is known now to the claim, which is held, free, or planned by it."""
    claim = claim_of(work, invoice_id)
    if claim.principal is None:
        return
    around = surroundings(work, invoice_id, debtor_id, claim)
    creditor = creditor_of(work)
    enough = _is_enough(around, creditor)
    if not enough:
        work.execute(CLAIM, claim_id_of(work.tenant_id, invoice_id), DropPlan("below_minimum"))
    goes = creditor.automatic and both_agree(work, creditor) and enough
    day = creditor.transfer_on(work.now) if goes else None
    command = LookAtClaim(
        found=guards.found(around),
        blocking=around.unmatched,
        transfer_on=day,
        goes_at=creditor.goes_at(day) if day else None,
    )
    work.execute(CLAIM, claim_id_of(work.tenant_id, invoice_id), command)


def _is_enough(around: Surroundings, creditor: Creditor) -> bool:
    """Whether it goes by itself: a minimum in another currency says nothing of it."""
    minimum = creditor.minimum
    if minimum is None or minimum.currency != around.principal.currency:
        return True
    return around.principal >= minimum


def look_at_all_of(work: Work, debtor_id: UUID) -> None:
    """Everything of one debtor that is still here."""
    for invoice_id in queries.claims_of(work.sql, work.tenant_id, debtor_id):
        look_at(work, invoice_id, debtor_id)


def look_at_everything(work: Work) -> None:
    """After the creditor's ways or its agreement changed: plans are made or dropped, never moved."""
    creditor = creditor_of(work)
    goes = creditor.automatic and both_agree(work, creditor)
    for row in queries.claims(work.sql, work.tenant_id):
        if not goes:
            work.execute(CLAIM, claim_id_of(work.tenant_id, row.invoice_id), DropPlan())
        look_at(work, row.invoice_id, row.debtor_id)


def both_agree(work: Work, creditor: Creditor) -> bool:
    return creditor.agency is not None and agreement_of(work, creditor.agency).both_agree


def next_morning(work: Work) -> datetime:
    """When agencies are asked: before the creditor's people come in."""
    zone = creditor_of(work).zone
    tomorrow = day_of(work.now, zone) + timedelta(days=1)
    return datetime.combine(tomorrow, _MORNING, zone)
