"""What others tell, and what it means here. A repeat changes nothing; only what is poison is refused."""

from __future__ import annotations

from uuid import UUID

import structlog

from services.dunning.acts import changing, counting, intake, sending, statements
from services.dunning.acts.gathering import creditor_of, debtor_of, terms_of
from services.dunning.commands.creditor import LearnCreditor, NoteDrift
from services.dunning.commands.daily import NoteControlTotal, NoteRun
from services.dunning.commands.debtor import LearnChannels, LearnDebtor, NoteChecked
from services.dunning.commands.notice import NoteFailed, NoteOutcomeUnknown, NoteRendered, NoteSent
from services.dunning.commands.receivable import (
    NoteChargeEntry,
    NoteCopy,
    NoteHandOver,
    NotePosted,
    NotePostingRefused,
    NoteTakenBack,
    NoteWithdrawal,
)
from services.dunning.model.creditor import CREDITOR
from services.dunning.model.daily import DAILY
from services.dunning.model.debtor import DEBTOR
from services.dunning.model.defaults import TIMELINES
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.naming import creditor_id_of, daily_id_of, line_of, posting_of
from services.dunning.model.notice import NOTICE
from services.dunning.model.person import PERSON, DisablePerson, NamePerson, person_id_of
from services.dunning.queries import standing as queries
from services.dunning.registers.portal_links import PortalLinks
from services.dunning.values import ChargePolicy, Contact, Credit, Invoice, country_of
from shared.clock import day_of
from shared.contracts.collections import (
    CaseClosed,
    CaseRecalled,
    CaseRefused,
    CaseSentToCollection,
)
from shared.contracts.notifications import (
    ChannelsResolved,
    DocumentRendered,
    NoticeFailed,
    NoticeOutcomeUnknown,
    NoticeSent,
    NoticeWithheld,
)
from shared.contracts.sync import (
    ChargeEntryBooked,
    ControlTotalRead,
    CreditNoteBooked,
    InvoiceBooked,
    InvoiceChanged,
    InvoiceCopyStored,
    InvoiceWithdrawn,
    ItemsMatched,
    ItemsUnmatched,
    LedgerAdjustmentBooked,
    LedgerDriftCleared,
    LedgerDriftDetected,
    LedgerPaymentBooked,
    OpenItemsChecked,
    PartyChanged,
    SyncCompleted,
    VoucherPosted,
    VoucherRefused,
)
from shared.contracts.tenants import ClientAttached, UserDisabled, UserInvited
from shared.stream.subscriptions import Subscriptions
from shared.work import Work

_log = structlog.get_logger(__name__)
subscriptions = Subscriptions("dunning")

# ----- the client and its ledger ------------------------------------------------------------------


@subscriptions.on(ClientAttached)
def on_client_attached(event: ClientAttached, work: Work) -> None:
    """Where we know no law nothing is sent: the creditor has no timeline."""
    country = country_of(event.country)
    if country is None:
        _log.warning("no law is known here", country=event.country)
        return
    command = LearnCreditor(
        country=country,
        time_zone=event.time_zone,
        language=event.language,
        timeline=TIMELINES[country],
        policy=ChargePolicy(),
        name=event.name,
    )
    work.execute(CREDITOR, creditor_id_of(work.tenant_id), command)


@subscriptions.on(UserInvited)
def on_user_invited(event: UserInvited, work: Work) -> None:
    command = NamePerson(event.user_id, event.name)
    work.execute(PERSON, person_id_of(work.tenant_id, event.user_id), command)


@subscriptions.on(UserDisabled)
def on_user_disabled(event: UserDisabled, work: Work) -> None:
    command = DisablePerson(event.user_id)
    work.execute(PERSON, person_id_of(work.tenant_id, event.user_id), command)


@subscriptions.on(SyncCompleted)
def on_sync_completed(event: SyncCompleted, work: Work) -> None:
    noted = daily_id_of(work.tenant_id, f"run:{event.run_id}")
    work.execute(DAILY, noted, NoteRun(event.started_at))


@subscriptions.on(ControlTotalRead)
def on_control_total_read(event: ControlTotalRead, work: Work) -> None:
    if event.side == "receivable":
        read_on = day_of(event.read_at, creditor_of(work).zone)
        command = NoteControlTotal(event.ledger_total, event.mirror_total, read_on)
        noted = daily_id_of(work.tenant_id, f"control:{event.read_at.isoformat()}")
        work.execute(DAILY, noted, command)


@subscriptions.on(LedgerDriftDetected)
def on_ledger_drift_detected(event: LedgerDriftDetected, work: Work) -> None:
    """Nothing is sent for this client until mirror and ledger agree again."""
    if event.side == "receivable":
        command = NoteDrift(event.ledger_total, event.mirror_total)
        work.execute(CREDITOR, creditor_id_of(work.tenant_id), command)


@subscriptions.on(LedgerDriftCleared)
def on_ledger_drift_cleared(event: LedgerDriftCleared, work: Work) -> None:
    if event.side == "receivable":
        work.execute(CREDITOR, creditor_id_of(work.tenant_id), NoteDrift(None, None))


# ----- debtors and their invoices -----------------------------------------------------------------


@subscriptions.on(PartyChanged)
def on_party_changed(event: PartyChanged, work: Work) -> None:
    """Of whom the ledger does not say what they are, the law protects a consumer."""
    if event.side != "receivable":
        return
    creditor = creditor_of(work)
    contact = Contact(
        number=event.number,
        name=event.name,
        kind="company" if event.kind == "company" else "consumer",
        country=event.country or creditor.country,
        language=event.language or creditor.language,
        currency=event.currency,
        faults=event.faults,
    )
    before = debtor_of(work, event.party_id).contact
    work.execute(DEBTOR, event.party_id, LearnDebtor(contact))
    if before is not None and before.kind != contact.kind:
        changing.take_back_of_another_kind(work, event.party_id, before.kind)
        changing.replan(work, event.party_id)


@subscriptions.on(ChannelsResolved)
def on_channels_resolved(event: ChannelsResolved, work: Work) -> None:
    command = LearnChannels(event.channels, event.faults)
    if work.execute(DEBTOR, event.debtor_id, command):
        changing.replan(work, event.debtor_id)


@subscriptions.on(InvoiceBooked)
def on_invoice_booked(event: InvoiceBooked, work: Work) -> None:
    _take_in(event, work)


@subscriptions.on(InvoiceChanged)
def on_invoice_changed(event: InvoiceChanged, work: Work) -> None:
    _take_in(event, work)


def _take_in(event: InvoiceBooked | InvoiceChanged, work: Work) -> None:
    if event.side != "receivable":
        return
    invoice = Invoice(
        debtor_id=event.party_id,
        debtor_number=event.party_number,
        number=event.number,
        voucher=event.voucher,
        issued_on=event.issued_on,
        sent_on=event.sent_on or event.issued_on,
        due_on=event.due_on,
        due_basis=event.due_basis,
        gross=event.gross,
        gross_in_base=event.gross_in_base or event.gross,
        account=event.account,
        references=event.references,
        copy_of=event.copy_of,
        historical=event.historical,
        dunned_elsewhere=event.dunned_elsewhere,
    )
    intake.take_in(work, event.invoice_id, invoice, event.remaining)


@subscriptions.on(InvoiceWithdrawn)
def on_invoice_withdrawn(event: InvoiceWithdrawn, work: Work) -> None:
    row = queries.receivable(work.sql, work.tenant_id, event.invoice_id)
    if event.side == "receivable" and row is not None:
        command = NoteWithdrawal(terms_of(work, row.debtor_id))
        work.execute(RECEIVABLE, event.invoice_id, command)
        changing.after_change(work, row.debtor_id, [event.invoice_id])


@subscriptions.on(InvoiceCopyStored)
def on_invoice_copy_stored(event: InvoiceCopyStored, work: Work) -> None:
    if queries.receivable(work.sql, work.tenant_id, event.invoice_id) is not None:
        work.execute(RECEIVABLE, event.invoice_id, NoteCopy(event.copy_of))


@subscriptions.on(CreditNoteBooked)
def on_credit_note_booked(event: CreditNoteBooked, work: Work) -> None:
    if event.side == "receivable":
        credit = Credit(
            item_id=event.credit_note_id,
            kind="credit_note",
            number=event.number,
            dated_on=event.issued_on,
            amount=event.gross,
            remaining=event.remaining,
            corrects=event.corrects,
        )
        intake.take_in_credit(work, event.party_id, credit, event.gross_in_base)


@subscriptions.on(LedgerPaymentBooked)
def on_ledger_payment_booked(event: LedgerPaymentBooked, work: Work) -> None:
    if event.side == "receivable":
        credit = Credit(
            item_id=event.entry_id,
            kind="payment",
            number=event.voucher,
            dated_on=event.value_on or event.booked_on,
            amount=event.amount,
            remaining=event.amount if event.remaining is None else event.remaining,
        )
        intake.take_in_credit(work, event.party_id, credit)


@subscriptions.on(LedgerAdjustmentBooked)
def on_ledger_adjustment_booked(event: LedgerAdjustmentBooked, work: Work) -> None:
    if event.side == "receivable":
        credit = Credit(
            item_id=event.entry_id,
            kind="other",
            number=event.voucher,
            dated_on=event.booked_on,
            amount=event.amount,
            remaining=event.remaining,
        )
        intake.take_in_credit(work, event.party_id, credit)


@subscriptions.on(ItemsMatched)
def on_items_matched(event: ItemsMatched, work: Work) -> None:
    if event.side == "receivable":
        intake.take_in_match(
            work,
            event.item_id,
            event.party_id,
            event.remaining,
            event.allocations,
            event.matched_on,
        )


@subscriptions.on(ItemsUnmatched)
def on_items_unmatched(event: ItemsUnmatched, work: Work) -> None:
    if event.side == "receivable":
        intake.take_in_match(
            work, event.item_id, event.party_id, event.remaining, event.allocations, None
        )


# ----- charges in the ledger ----------------------------------------------------------------------


@subscriptions.on(VoucherPosted)
def on_voucher_posted(event: VoucherPosted, work: Work) -> None:
    found = _posting(event.token, work)
    if found is not None:
        command = NotePosted(found[1], event.voucher, event.posted_on)
        work.execute(RECEIVABLE, found[0], command)


@subscriptions.on(VoucherRefused)
def on_voucher_refused(event: VoucherRefused, work: Work) -> None:
    found = _posting(event.token, work)
    if found is not None:
        work.execute(RECEIVABLE, found[0], NotePostingRefused(found[1], event.code))


@subscriptions.on(ChargeEntryBooked)
def on_charge_entry_booked(event: ChargeEntryBooked, work: Work) -> None:
    found = line_of(event.line_token)
    if found is not None and _is_ours(found[0], work):
        command = NoteChargeEntry(found[1], found[2], event.entry_id)
        work.execute(RECEIVABLE, found[0], command)


def _posting(token: str, work: Work) -> tuple[UUID, int] | None:
    """The invoice and its posting; None for others' tokens, payments' own among them."""
    found = posting_of(token)
    return found if found is not None and _is_ours(found[0], work) else None


def _is_ours(invoice_id: UUID, work: Work) -> bool:
    return queries.receivable(work.sql, work.tenant_id, invoice_id) is not None


# ----- letters ------------------------------------------------------------------------------------


@subscriptions.on(DocumentRendered)
def on_document_rendered(event: DocumentRendered, work: Work) -> None:
    work.execute(NOTICE, event.notice_id, NoteRendered(event.copy_of, event.pages))


@subscriptions.on(NoticeSent)
def on_notice_sent(event: NoticeSent, work: Work) -> None:
    counting.count(work, event.notice_id, NoteSent(event.channel, event.sent_at, event.delivery))


@subscriptions.on(NoticeOutcomeUnknown)
def on_notice_outcome_unknown(event: NoticeOutcomeUnknown, work: Work) -> None:
    command = NoteOutcomeUnknown(event.channel, event.tried_at, event.delivery)
    work.execute(NOTICE, event.notice_id, command)


@subscriptions.on(NoticeFailed)
def on_notice_failed(event: NoticeFailed, work: Work) -> None:
    counting.fail(work, event.notice_id, NoteFailed(event.code, event.was_sent))


@subscriptions.on(NoticeWithheld)
def on_notice_withheld(event: NoticeWithheld, work: Work) -> None:
    counting.withhold(work, event.notice_id)


# ----- collection ---------------------------------------------------------------------------------


@subscriptions.on(CaseSentToCollection)
def on_case_sent_to_collection(event: CaseSentToCollection, work: Work) -> None:
    terms = terms_of(work, event.debtor_id)
    for claim in sorted(event.claims, key=lambda one: one.invoice_id):
        command = NoteHandOver(
            case_id=event.case_id,
            agency=event.agency,
            handed_over_on=event.sent_on,
            principal=claim.principal,
            charges=claim.charges,
            interest=claim.interest,
            terms=terms,
        )
        work.execute(RECEIVABLE, claim.invoice_id, command)
    changing.after_change(work, event.debtor_id, [claim.invoice_id for claim in event.claims])


@subscriptions.on(CaseRefused)
def on_case_refused(event: CaseRefused, work: Work) -> None:
    _taken_back(event, event.code, work)


@subscriptions.on(CaseRecalled)
def on_case_recalled(event: CaseRecalled, work: Work) -> None:
    _taken_back(event, "recalled", work)


@subscriptions.on(CaseClosed)
def on_case_closed(event: CaseClosed, work: Work) -> None:
    _taken_back(event, event.code, work)


def _taken_back(event: CaseRefused | CaseRecalled | CaseClosed, code: str, work: Work) -> None:
    terms = terms_of(work, event.debtor_id)
    for invoice_id in sorted(event.invoices):
        work.execute(RECEIVABLE, invoice_id, NoteTakenBack(event.case_id, code, terms))
    changing.after_change(work, event.debtor_id, event.invoices)


# ----- what needs more at hand ----------------------------------------------------------------------


def subscriptions_of(portal: PortalLinks) -> Subscriptions:
    """All of these, and the one that lets letters go, which carry links to the debtor's account."""
    found = subscriptions.copy()

    @found.on(OpenItemsChecked)
    def on_open_items_checked(event: OpenItemsChecked, work: Work) -> None:
        """What was found was told before this: what waited for it goes now, if it still may."""
        check = debtor_of(work, event.party_id).check
        command = NoteChecked(event.check_id, event.complete, event.checked_at)
        done = work.execute(DEBTOR, event.party_id, command)
        if not done or not event.complete or check is None:
            return
        if check.invoices:
            sending.issue(work, event.party_id, check.invoices, check.asked_by, portal)
        else:
            statements.issue(work, event.party_id, check.asked_by, portal)

    return found
