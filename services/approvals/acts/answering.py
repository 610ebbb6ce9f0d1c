"""A person's yes or no: the facts about the person are added, and a yes is signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.approvals.acts.asking import client_of
from services.approvals.commands import RequestCommand, SayNo, SayYes, SetPolicy
from services.approvals.events import AnswerRefused, PolicySet
from services.approvals.gateways.signing import Signer
from services.approvals.model.policy import POLICY, policy_id
from services.approvals.model.request import REQUEST, ItemState, Request
from services.approvals.registers import links
from shared.contracts.values import Grant, PolicyTier
from shared.decider import Rejected
from shared.vault import Vault
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Seen:
    """A payment as the approver saw it: the digest stands in the page that was answered."""

    payment_id: UUID
    digest: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer led to: the payment's state now, and why the answer did not count if so."""

    payment_id: UUID
    state: ItemState
    refused: str | None = None


def approve(
    work: Work,
    signer: Signer,
    request_id: UUID,
    person_id: UUID,
    method: str,
    seen: Sequence[Seen],
) -> list[Answered]:
    """Say yes to each payment by itself: one that is refused does not keep the others from it.

    `method` is how the person signed in (`passkey`). Raises Rejected for what is not there.
    """
    may_approve = client_of(work).may_approve(person_id)
    request = _request(work, request_id)
    answered = []
    for one in seen:
        asked = request.asked.get(one.payment_id)
        grant = Grant(
            payment_id=one.payment_id,
            revision=asked.item.revision if asked else 0,
            digest=one.digest,
            approver_id=person_id,
            granted_at=work.now,
            method=method,
            policy_version=request.policy_version,
            key_id="",
            signature="",
        )
        command = SayYes(signer.sign(work.tenant_id, grant), may_approve)
        answered.append(_answer(work, request_id, person_id, one.payment_id, command))
    return answered


def reject(
    work: Work,
    vault: Vault,
    request_id: UUID,
    person_id: UUID,
    payments: Sequence[UUID],
    reason: str,
) -> list[Answered]:
    """Say no to payments, with the reason that whoever asked will read."""
    if not reason.strip():
        raise Rejected("say why, so that it can be mended", code="reason_missing", field="reason")
    _request(work, request_id)
    may_approve = client_of(work).may_approve(person_id)
    sealed = vault.seal(work.tenant_id, person_id, reason.strip())
    answered = []
    for payment_id in payments:
        command = SayNo(payment_id, person_id, sealed, may_approve, work.now)
        answered.append(_answer(work, request_id, person_id, payment_id, command))
    return answered


def set_policy(work: Work, person_id: UUID, tiers: Sequence[PolicyTier]) -> PolicySet | None:
    """Set who must approve, from now on or a day from now; None where nothing changes."""
    command = SetPolicy(
        tiers=tuple(tiers),
        effective_at=work.now,
        set_by=person_id,
        may_set=client_of(work).may_set_policy(person_id),
        at=work.now,
    )
    events = work.execute(POLICY, policy_id(work.tenant_id), command)
    return events[0] if events else None


def _answer(
    work: Work, request_id: UUID, person_id: UUID, payment_id: UUID, command: RequestCommand
) -> Answered:
    events = work.execute(REQUEST, request_id, command)
    refused = next((event.code for event in events if isinstance(event, AnswerRefused)), None)
    if refused is None:
        links.end_answered(work, request_id, person_id)
    state = _request(work, request_id).asked[payment_id].state
    return Answered(payment_id, state, refused)


def _request(work: Work, request_id: UUID) -> Request:
    request = work.load(REQUEST, request_id).state
    if request is None:
        raise Rejected("there is no such request for approval", code="unknown_request")
    return request
