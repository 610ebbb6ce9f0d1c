"""Puts payments to the approvers: gathers what the rules need to know, and hands it to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.approvals.commands import (
    AskAlso,
    BeginPolicy,
    Expire,
    Remind,
    RequestApproval,
    VoidItem,
)
from services.approvals.events import Item
from services.approvals.gateways.signing import Signer
from services.approvals.model.client import CLIENT, Client, client_id
from services.approvals.model.dates import calendar_for, reminders
from services.approvals.model.payment import PAYMENT, stream_of
from services.approvals.model.policy import POLICY, in_force, policy_id
from services.approvals.model.request import REQUEST, due_by, silent
from services.approvals.registers import links as mail_links
from services.approvals.registers.links import Links
from shared.calendar import calendar_version
from shared.contracts.payments import OrderToApprove
from shared.contracts.values import Grant, PolicyTier
from shared.evidence import BY_POLICY, NOBODY, approvers_needed
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Asking:
    signer: Signer
    links: Links
    expires_after: timedelta

    def request(
        self,
        work: Work,
        request_id: UUID,
        orders: Sequence[OrderToApprove],
        sought_by: UUID,
        sought_at: datetime,
    ) -> None:
        """Ask for these payments by the policy that was in force when they were put forward."""
        if work.load(REQUEST, request_id).state is not None:
            return
        client = client_of(work)
        work.execute(POLICY, policy_id(work.tenant_id), BeginPolicy())
        policy = in_force(work.load(POLICY, policy_id(work.tenant_id)).state, sought_at)
        items = [self._item(order, client, policy.tiers, sought_at) for order in orders]
        outdated = frozenset(item.payment_id for item in items if _is_outdated(work, item))
        asked = [item for item in items if item.needed and item.payment_id not in outdated]
        approvers = [person for person in client.approvers if asked and person != sought_by]
        digests = [item.digest for item in items]
        work.execute(
            REQUEST,
            request_id,
            RequestApproval(
                items=tuple(items),
                sought_by=sought_by,
                sought_at=sought_at,
                policy_version=policy.version,
                calendar_version=calendar_version(),
                approvers=tuple(approvers),
                links=self.links.issue(work, request_id, approvers, digests),
                outdated=outdated,
                by_policy=tuple(
                    self._by_policy(work, item, policy.version)
                    for item in items
                    if item.needed == 0
                ),
            ),
        )

    def _item(
        self,
        order: OrderToApprove,
        client: Client,
        tiers: Sequence[PolicyTier],
        sought_at: datetime,
    ) -> Item:
        calendar = calendar_for(client.country, order.amount.currency)
        return Item(
            payment_id=order.payment_id,
            revision=order.revision,
            digest=order.digest,
            amount=order.amount,
            payee_id=order.payee_id,
            payee_name=order.payee_name,
            account=order.account,
            invoice_id=order.invoice_id,
            invoice_number=order.invoice_number,
            due_on=order.due_on,
            pay_on=order.pay_on,
            latest_approval_at=order.latest_approval_at,
            needed=approvers_needed(tiers, order.amount),
            remind_at=reminders(order.latest_approval_at, sought_at, calendar, client.zone),
            expires_at=max(order.latest_approval_at, sought_at) + self.expires_after,
            warnings=order.warnings,
            copy_of=order.copy_of,
        )

    def _by_policy(self, work: Work, item: Item, policy_version: int) -> Grant:
        grant = Grant(
            payment_id=item.payment_id,
            revision=item.revision,
            digest=item.digest,
            approver_id=NOBODY,
            granted_at=work.now,
            method=BY_POLICY,
            policy_version=policy_version,
            key_id="",
            signature="",
        )
        return self.signer.sign(work.tenant_id, grant)

    def ask_also(self, work: Work, request_id: UUID, approver_id: UUID) -> None:
        """Ask somebody who has just become an approver."""
        request = work.load(REQUEST, request_id).state
        assert request is not None, "the request was looked up among the open ones"
        if approver_id == request.sought_by:
            return
        digests = [asked.item.digest for asked in request.awaiting]
        links = self.links.issue(work, request_id, [approver_id], digests)
        work.execute(REQUEST, request_id, AskAlso(approver_id, links))

    def remind(self, work: Work, request_id: UUID, latest_approval_at: datetime) -> None:
        request = work.load(REQUEST, request_id).state
        assert request is not None, "reminders are put on the calendar by the request itself"
        due = due_by(request, latest_approval_at)
        approvers = silent(request, due, client_of(work).approvers)
        digests = [asked.item.digest for asked in due]
        links = self.links.issue(work, request_id, approvers if due else (), digests)
        work.execute(REQUEST, request_id, Remind(latest_approval_at, approvers, links))


def client_of(work: Work) -> Client:
    return work.load(CLIENT, client_id(work.tenant_id)).state


def void(work: Work, request_id: UUID, payment_id: UUID, because: str) -> None:
    work.execute(REQUEST, request_id, VoidItem(payment_id, because))
    mail_links.end_request(work, request_id)


def expire(work: Work, request_id: UUID) -> None:
    if work.execute(REQUEST, request_id, Expire(work.now)):
        mail_links.end_request(work, request_id)


def _is_outdated(work: Work, item: Item) -> bool:
    stream = stream_of(work.tenant_id, item.payment_id)
    return item.revision < work.load(PAYMENT, stream).state.least_revision
