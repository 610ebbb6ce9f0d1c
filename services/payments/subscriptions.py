"""What others tell, and what it means here. A repeat changes nothing; only what is poison is refused."""

from __future__ import annotations

from uuid import UUID

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.payments import queries
from services.payments.acts import intake
from services.payments.commands import (
    ApprovePayment,
    LiftConcern,
    NoteCopy,
    NoteExpiry,
    NoteGrant,
    NotePostingRefused,
    NoteRejection,
    NoteRemaining,
    NoteVoucher,
    RaiseConcern,
    WithdrawPayment,
)
from services.payments.events.beside import CreditNoteLearnt
from services.payments.events.order import PaymentApproved as OwnPaymentApproved
from services.payments.gateways.opening import Opener
from services.payments.model.naming import aggregate_of
from services.payments.model.order import Payment
from services.payments.model.payer import PAYER, LearnPayer, payer_id_of
from services.payments.model.payment import PAYMENT
from services.payments.model.people import (
    PERSON,
    POLICY,
    DisablePerson,
    LearnPolicy,
    LearnRole,
    LoseRole,
    NamePerson,
    person_id_of,
    policy_id_of,
)
from services.payments.model.records import CREDIT_NOTE
from services.payments.values import BEFORE_RELEASE, Invoice
from shared.contracts.approvals import (
    ApprovalExpired,
    ApprovalGranted,
    ApprovalPolicyChanged,
    PaymentApproved,
    PaymentRejected,
)
from shared.contracts.sync import (
    CreditNoteBooked,
    InvoiceBooked,
    InvoiceChanged,
    InvoiceCopyStored,
    InvoiceWithdrawn,
    ItemsMatched,
    ItemsUnmatched,
    LedgerPaymentBooked,
    VoucherPosted,
    VoucherRefused,
)
from shared.contracts.tenants import (
    ClientAttached,
    RoleGranted,
    RoleRevoked,
    UserDisabled,
    UserInvited,
)
from shared.contracts.values import Fault
from shared.evidence import is_signed
from shared.stream.subscriptions import Subscriptions
from shared.work import Work

_log = structlog.get_logger(__name__)


def on_invoice_booked(event: InvoiceBooked, work: Work) -> None:
    _take_in(event, work)


def on_invoice_changed(event: InvoiceChanged, work: Work) -> None:
    _take_in(event, work)


def _take_in(event: InvoiceBooked | InvoiceChanged, work: Work) -> None:
    if event.side != "payable":
        return
    invoice = Invoice(
        invoice_id=event.invoice_id,
        party_id=event.party_id,
        party_name=event.party_name,
        party_number=event.party_number,
        number=event.number,
        voucher=event.voucher,
        issued_on=event.issued_on,
        due_on=event.due_on,
        gross=event.gross,
        remaining=event.remaining,
        account=event.account,
        copy_of=event.copy_of,
    )
    intake.take_in(work, invoice, event.faults, exported=event.exported_to_bank)


def on_invoice_withdrawn(event: InvoiceWithdrawn, work: Work) -> None:
    for order in intake.attempts(work, event.invoice_id):
        if order.state in BEFORE_RELEASE:
            work.execute(PAYMENT, order.payment_id, WithdrawPayment("invoice_withdrawn"))


def on_credit_note_booked(event: CreditNoteBooked, work: Work) -> None:
    if event.side != "payable":
        return
    learnt = CreditNoteLearnt(event.party_id, event.number, event.remaining)
    work.execute(CREDIT_NOTE, event.credit_note_id, learnt)
    if event.remaining.minor > 0:
        concern = RaiseConcern(Fault("credit_note_arrived", str(event.credit_note_id)))
        for order in queries.unreleased_of(work.sql, work.tenant_id, event.party_id):
            work.execute(PAYMENT, order.payment_id, concern)


def on_invoice_copy_stored(event: InvoiceCopyStored, work: Work) -> None:
    """The document came; one that another invoice has as well may be the same invoice again."""
    orders = intake.attempts(work, event.invoice_id)
    if not orders:
        return
    order, sha256 = orders[-1], event.copy_of.sha256
    work.execute(PAYMENT, order.payment_id, NoteCopy(event.copy_of))
    others = queries.earlier(
        work.sql, work.tenant_id, event.invoice_id, order.party_id, None, sha256
    )
    for other in others:
        if other.document == sha256:
            fault = Fault("duplicate_soft", "document", str(other.payment_id))
            work.execute(PAYMENT, order.payment_id, RaiseConcern(fault))


def on_items_matched(event: ItemsMatched, work: Work) -> None:
    _remains(event, work)


def on_items_unmatched(event: ItemsUnmatched, work: Work) -> None:
    _remains(event, work)


def _remains(event: ItemsMatched | ItemsUnmatched, work: Work) -> None:
    """The item is an invoice of ours or a credit note; of what is neither, nothing is known here."""
    if event.side != "payable":
        return
    orders = intake.attempts(work, event.item_id)
    if orders:
        work.execute(PAYMENT, orders[-1].payment_id, NoteRemaining(event.remaining))
        return
    known = work.load(CREDIT_NOTE, event.item_id).state
    if known is None:
        return
    learnt = CreditNoteLearnt(event.party_id, known.number, event.remaining)
    work.execute(CREDIT_NOTE, event.item_id, learnt)
    if event.remaining.minor <= 0:
        lift = LiftConcern("credit_note_arrived", str(event.item_id))
        for order in queries.unreleased_of(work.sql, work.tenant_id, event.party_id):
            work.execute(PAYMENT, order.payment_id, lift)


def on_ledger_payment_booked(event: LedgerPaymentBooked, work: Work) -> None:
    """Somebody else paid this supplier: an order over the same amount must be looked at."""
    if event.side != "payable" or (event.token and aggregate_of(event.token)):
        return
    paid = abs(event.amount.minor)
    concern = RaiseConcern(Fault("already_paid", str(event.entry_id)))
    for order in queries.unreleased_of(work.sql, work.tenant_id, event.party_id):
        if (order.amount.minor, order.amount.currency) == (paid, event.amount.currency):
            work.execute(PAYMENT, order.payment_id, concern)


def on_voucher_posted(event: VoucherPosted, work: Work) -> None:
    payment_id = _order_of(event.token, work)
    if payment_id is not None:
        note = NoteVoucher(event.posting_id, event.voucher, event.posted_on)
        work.execute(PAYMENT, payment_id, note)


def on_voucher_refused(event: VoucherRefused, work: Work) -> None:
    payment_id = _order_of(event.token, work)
    if payment_id is not None:
        work.execute(PAYMENT, payment_id, NotePostingRefused(event.posting_id, event.code))


def _order_of(token: str, work: Work) -> UUID | None:
    """The order whose event asked under a token; None for a pool's voucher and for others' tokens."""
    payment_id = aggregate_of(token)
    known = payment_id and queries.payable(work.sql, work.tenant_id, payment_id)
    return known.payment_id if known else None


def on_approval_policy_changed(event: ApprovalPolicyChanged, work: Work) -> None:
    learn = LearnPolicy(event.version, event.tiers, event.effective_at)
    work.execute(POLICY, policy_id_of(work.tenant_id), learn)


def on_payment_rejected(event: PaymentRejected, work: Work) -> None:
    note = NoteRejection(event.request_id, event.revision, event.rejected_by)
    work.execute(PAYMENT, event.payment_id, note)


def on_approval_expired(event: ApprovalExpired, work: Work) -> None:
    for payment_id in sorted(event.payments):
        work.execute(PAYMENT, payment_id, NoteExpiry(event.request_id))


def on_client_attached(event: ClientAttached, work: Work) -> None:
    learn = LearnPayer(event.time_zone, event.country)
    work.execute(PAYER, payer_id_of(work.tenant_id), learn)


def on_user_invited(event: UserInvited, work: Work) -> None:
    person_id = person_id_of(work.tenant_id, event.user_id)
    work.execute(PERSON, person_id, NamePerson(event.user_id, event.name))


def on_role_granted(event: RoleGranted, work: Work) -> None:
    person_id = person_id_of(work.tenant_id, event.user_id)
    work.execute(PERSON, person_id, LearnRole(event.user_id, event.role))


def on_role_revoked(event: RoleRevoked, work: Work) -> None:
    person_id = person_id_of(work.tenant_id, event.user_id)
    work.execute(PERSON, person_id, LoseRole(event.user_id, event.role))


def on_user_disabled(event: UserDisabled, work: Work) -> None:
    person_id = person_id_of(work.tenant_id, event.user_id)
    work.execute(PERSON, person_id, DisablePerson(event.user_id))


class Verifier:
    """Believes an approval only by what it can verify itself: the message alone releases nothing.

    Whether each grant is signed is checked under the pinned public key of the approvals service; who
    may approve, and how many must, by our own copy; what was approved, by the digest computed here
    over the opened values.
    """

    def __init__(self, opener: Opener, approvals_key: Ed25519PublicKey) -> None:
        self._opener = opener
        self._key = approvals_key

    def on_approval_granted(self, event: ApprovalGranted, work: Work) -> None:
        """Shown as somebody's yes only if it is signed: it counts for nothing before the end."""
        grant = event.grant
        if not is_signed(work.tenant_id, grant, self._key):
            _log.warning("a yes without a signature", payment=str(grant.payment_id))
            return
        note = NoteGrant(event.request_id, grant.approver_id, grant.revision, event.still_needed)
        work.execute(PAYMENT, grant.payment_id, note)

    def on_payment_approved(self, event: PaymentApproved, work: Work) -> None:
        payment = work.load(PAYMENT, event.payment_id).state
        events = work.execute(PAYMENT, event.payment_id, self._approval(event, payment, work))
        if any(isinstance(own, OwnPaymentApproved) for own in events):
            work.execute(PAYMENT, event.payment_id, intake.schedule_of(work, payment))
        elif events:
            _log.warning("approval refused", payment=str(event.payment_id))

    def _approval(self, event: PaymentApproved, payment: Payment, work: Work) -> ApprovePayment:
        tenant_id = work.tenant_id
        asked_at = payment.asked_at or work.now
        policy = work.load(POLICY, policy_id_of(tenant_id)).state.at(asked_at)
        payer = intake.payer_of(work)
        return ApprovePayment(
            request_id=event.request_id,
            revision=event.revision,
            claimed_digest=event.digest,
            evidence=event.evidence,
            signed=tuple(
                grant
                for grant in event.evidence
                if grant.payment_id == event.payment_id and is_signed(tenant_id, grant, self._key)
            ),
            digest=self._opener.digest(tenant_id, event.payment_id, payment, payer),
            policy_version=policy.version if policy else None,
            tiers=policy.tiers if policy else (),
            approvers=queries.approvers(work.sql, tenant_id),
        )


def subscriptions(verifier: Verifier) -> Subscriptions:
    """All that is listened to."""
    found = Subscriptions("payments")
    found.on(ClientAttached)(on_client_attached)
    found.on(UserInvited)(on_user_invited)
    found.on(RoleGranted)(on_role_granted)
    found.on(RoleRevoked)(on_role_revoked)
    found.on(UserDisabled)(on_user_disabled)
    found.on(InvoiceBooked)(on_invoice_booked)
    found.on(InvoiceChanged)(on_invoice_changed)
    found.on(InvoiceWithdrawn)(on_invoice_withdrawn)
    found.on(CreditNoteBooked)(on_credit_note_booked)
    found.on(ItemsMatched)(on_items_matched)
    found.on(ItemsUnmatched)(on_items_unmatched)
    found.on(InvoiceCopyStored)(on_invoice_copy_stored)
    found.on(LedgerPaymentBooked)(on_ledger_payment_booked)
    found.on(ApprovalPolicyChanged)(on_approval_policy_changed)
    found.on(ApprovalGranted)(verifier.on_approval_granted)
    found.on(PaymentApproved)(verifier.on_payment_approved)
    found.on(PaymentRejected)(on_payment_rejected)
    found.on(ApprovalExpired)(on_approval_expired)
    found.on(VoucherPosted)(on_voucher_posted)
    found.on(VoucherRefused)(on_voucher_refused)
    return found
