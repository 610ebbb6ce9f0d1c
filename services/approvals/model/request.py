r"""A request: payments put to the approvers together, each answered on its own.

    (none) --RequestApproval--> open, and per payment:

    awaiting --SayYes--> awaiting --SayYes, enough--> approved
       |  \--SayNo--> rejected
       |---VoidItem (revised, cancelled, sought again)--> void
       \---Expire--> expired

An answer that does not count is recorded as refused and changes nothing else: who tried belongs to
the audit trail. A yes counts once per person, never by whoever sought it, and only over the digest
that payments computed. Silence never approves: no timer gives a yes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from services.approvals.commands import (
    AskAlso,
    Expire,
    LapseYes,
    Remind,
    RequestApproval,
    RequestCommand,
    SayNo,
    SayYes,
    VoidItem,
)
from services.approvals.events import (
    AnswerRefused,
    ApprovalExpired,
    ApprovalReminded,
    ApprovalRequested,
    ApproverAsked,
    Item,
    ItemVoided,
    PaymentApproved,
    PaymentRejected,
    RequestEvent,
    YesGiven,
    YesLapsed,
)
from shared.contracts.values import Grant
from shared.decider import Decider, Rejected


class ItemState(StrEnum):
    AWAITING = "awaiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    VOID = "void"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Asked:
    """One payment of a request and the answers to it."""

    item: Item
    state: ItemState = ItemState.AWAITING
    grants: tuple[Grant, ...] = ()

    @property
    def awaits(self) -> bool:
        return self.state is ItemState.AWAITING

    def said_yes(self, person_id: UUID) -> bool:
        return any(grant.approver_id == person_id for grant in self.grants)


@dataclass(frozen=True, slots=True)
class Request:
    sought_by: UUID
    policy_version: int
    approvers: frozenset[UUID]
    asked: Mapping[UUID, Asked]

    @property
    def awaiting(self) -> tuple[Asked, ...]:
        return tuple(one for one in self.asked.values() if one.awaits)


def decide(command: RequestCommand, request: Request | None) -> Sequence[RequestEvent]:
    if isinstance(command, RequestApproval):
        return [] if request else request_approval(command)
    if request is None:
        raise Rejected("there is no such request for approval", code="unknown_request")
    match command:
        case AskAlso():
            return ask_also(command, request)
        case SayYes():
            return say_yes(command, request)
        case SayNo():
            return say_no(command, request)
        case LapseYes():
            return lapse_yes(command, request)
        case VoidItem():
            return void_item(command, request)
        case Remind():
            return remind(command, request)
        case Expire():
            return expire(command, request)
        case _:
            assert_never(command)


def request_approval(command: RequestApproval) -> Sequence[RequestEvent]:
    events: list[RequestEvent] = [
        ApprovalRequested(
            items=command.items,
            sought_by=command.sought_by,
            sought_at=command.sought_at,
            policy_version=command.policy_version,
            calendar_version=command.calendar_version,
            approvers=command.approvers,
            links=command.links,
        )
    ]
    by_policy = {grant.payment_id: grant for grant in command.by_policy}
    for item in command.items:
        if item.payment_id in command.outdated:
            events.append(ItemVoided(item.payment_id, "revised"))
        elif item.needed == 0:
            events.append(PaymentApproved(item.payment_id, (by_policy[item.payment_id],)))
    return events


def ask_also(command: AskAlso, request: Request) -> Sequence[RequestEvent]:
    known = command.approver_id in request.approvers | {request.sought_by}
    if known or not request.awaiting:
        return []
    return [ApproverAsked(command.approver_id, command.links)]


def say_yes(command: SayYes, request: Request) -> Sequence[RequestEvent]:
    grant = command.grant
    asked = _asked(request, grant.payment_id)
    if asked.said_yes(grant.approver_id):
        return []
    if grant.approver_id == request.sought_by:
        code: str | None = "self_approval"
    else:
        code = refusal(asked, at=grant.granted_at, may_approve=command.may_approve)
    if code is None and (grant.digest, grant.revision, grant.policy_version) != (
        asked.item.digest,
        asked.item.revision,
        request.policy_version,
    ):
        code = "digest_changed"
    if code is not None:
        return [AnswerRefused(grant.payment_id, grant.approver_id, "yes", code)]
    evidence = (*asked.grants, grant)
    still_needed = asked.item.needed - len(evidence)
    given = YesGiven(grant, still_needed)
    return [given] if still_needed > 0 else [given, PaymentApproved(grant.payment_id, evidence)]


def say_no(command: SayNo, request: Request) -> Sequence[RequestEvent]:
    asked = _asked(request, command.payment_id)
    code = refusal(asked, at=command.at, may_approve=command.may_approve)
    if code is not None:
        return [AnswerRefused(command.payment_id, command.person_id, "no", code)]
    return [PaymentRejected(command.payment_id, command.person_id, command.reason)]


def refusal(asked: Asked, *, at: datetime, may_approve: bool) -> str | None:
    """Why this person cannot answer an item, or nobody can any more."""
    if not may_approve:
        return "not_an_approver"
    if not asked.awaits:
        return f"already_{asked.state}"
    if at >= asked.item.expires_at:
        return f"already_{ItemState.EXPIRED}"
    return None


def lapse_yes(command: LapseYes, request: Request) -> Sequence[RequestEvent]:
    return [
        YesLapsed(one.item.payment_id, command.approver_id)
        for one in request.awaiting
        if one.said_yes(command.approver_id)
    ]


def void_item(command: VoidItem, request: Request) -> Sequence[RequestEvent]:
    asked = request.asked.get(command.payment_id)
    if asked is None or not asked.awaits:
        return []
    return [ItemVoided(command.payment_id, command.because)]


def remind(command: Remind, request: Request) -> Sequence[RequestEvent]:
    due = due_by(request, command.latest_approval_at)
    approvers = silent(request, due, command.approvers)
    if not approvers:
        return []
    return [
        ApprovalReminded(
            payments=tuple(one.item.payment_id for one in due),
            approvers=approvers,
            latest_approval_at=command.latest_approval_at,
            links=tuple(link for link in command.links if link.subject in approvers),
        )
    ]


def due_by(request: Request, latest_approval_at: datetime) -> tuple[Asked, ...]:
    """What still awaits an answer by one latest hour."""
    return tuple(
        one for one in request.awaiting if one.item.latest_approval_at == latest_approval_at
    )


def silent(request: Request, due: Sequence[Asked], approvers: Sequence[UUID]) -> tuple[UUID, ...]:
    """The approvers who can still say yes to something that is due."""
    return tuple(
        person_id
        for person_id in approvers
        if person_id != request.sought_by and not all(one.said_yes(person_id) for one in due)
    )


def expire(command: Expire, request: Request) -> Sequence[RequestEvent]:
    out_of_time = tuple(
        one.item.payment_id for one in request.awaiting if one.item.expires_at <= command.at
    )
    return [ApprovalExpired(out_of_time)] if out_of_time else []


def _asked(request: Request, payment_id: UUID) -> Asked:
    if payment_id not in request.asked:
        raise Rejected(
            "this payment is not part of the request", code="unknown_payment", field="payment_id"
        )
    return request.asked[payment_id]


def evolve(request: Request | None, event: RequestEvent) -> Request | None:
    if isinstance(event, ApprovalRequested):
        asked = {item.payment_id: Asked(item) for item in event.items}
        return Request(event.sought_by, event.policy_version, frozenset(event.approvers), asked)
    assert request is not None, "nothing happens to a request before it is made"
    match event:
        case ApproverAsked():
            return replace(request, approvers=request.approvers | {event.approver_id})
        case YesGiven():
            asked_one = request.asked[event.grant.payment_id]
            return _with(request, replace(asked_one, grants=(*asked_one.grants, event.grant)))
        case YesLapsed():
            asked_one = request.asked[event.payment_id]
            kept = tuple(g for g in asked_one.grants if g.approver_id != event.approver_id)
            return _with(request, replace(asked_one, grants=kept))
        case PaymentApproved():
            asked_one = request.asked[event.payment_id]
            return _with(
                request, replace(asked_one, state=ItemState.APPROVED, grants=event.evidence)
            )
        case PaymentRejected() | ItemVoided() | ApprovalExpired():
            return _closed(request, event)
        case AnswerRefused() | ApprovalReminded():
            return request
        case _:
            assert_never(event)


def _closed(request: Request, event: PaymentRejected | ItemVoided | ApprovalExpired) -> Request:
    """Items that ended without enough: the yeses they had are void."""
    match event:
        case PaymentRejected():
            ended: tuple[UUID, ...] = (event.payment_id,)
            state = ItemState.REJECTED
        case ItemVoided():
            ended, state = (event.payment_id,), ItemState.VOID
        case ApprovalExpired():
            ended, state = event.payments, ItemState.EXPIRED
        case _:
            assert_never(event)
    for payment_id in ended:
        request = _with(request, replace(request.asked[payment_id], state=state, grants=()))
    return request


def _with(request: Request, asked: Asked) -> Request:
    return replace(request, asked={**request.asked, asked.item.payment_id: asked})


REQUEST: Decider[RequestCommand, Request | None, RequestEvent] = Decider(decide, evolve, None)
