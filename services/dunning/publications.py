"""Own events in the public language. All about one debtor shares the debtor's key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.dunning.events import daily as y
from services.dunning.events import debtor as d
from services.dunning.events import notice as n
from services.dunning.events import receivable as e
from services.dunning.events.report import ReportFrozen
from services.dunning.model.debtor import Debtor
from services.dunning.model.naming import line_token, posting_id_of, token_of
from services.dunning.model.notice import Notice
from services.dunning.model.receivable import Receivable
from services.dunning.values import Charge, Letter, LetterLine, NoticeKind
from shared.after import After
from shared.contracts import dunning as told
from shared.contracts.base import Contract
from shared.eventstore.events import Recorded
from shared.stream.outbox import Outgoing, Telling

publications: After[Telling] = After()


def _of_debtor(receivable: Receivable, contract: Contract) -> Outgoing:
    return Outgoing(contract, key=receivable.invoice.debtor_id)


def _ids(recorded: Recorded[Any], receivable: Receivable) -> dict[str, Any]:
    return {
        "invoice_id": recorded.aggregate_id,
        "debtor_id": receivable.invoice.debtor_id,
    }


# ----- an invoice ---------------------------------------------------------------------------------


@publications.after(e.StepListed)
def after_step_listed(
    recorded: Recorded[e.StepListed], receivable: Receivable
) -> Iterable[Telling]:
    event = recorded.event
    contract = told.ReminderDue(
        **_ids(recorded, receivable),
        kind=event.kind.value,
        level=event.level,
        planned_on=event.planned_on,
        listed_on=event.listed_on,
        principal=receivable.principal,
    )
    yield _of_debtor(receivable, contract)


@publications.after(e.StepSkipped)
def after_step_skipped(
    recorded: Recorded[e.StepSkipped], receivable: Receivable
) -> Iterable[Telling]:
    event = recorded.event
    contract = told.ReminderSkipped(
        **_ids(recorded, receivable), code=event.code, listed_on=event.skipped_on
    )
    yield _of_debtor(receivable, contract)


@publications.after(e.ChargeAdded)
def after_charge_added(
    recorded: Recorded[e.ChargeAdded], receivable: Receivable
) -> Iterable[Telling]:
    event = recorded.event
    contract = told.ChargeAdded(
        **_ids(recorded, receivable),
        notice_id=event.notice_id,
        charge=_charge(event.charge, recorded.aggregate_id),
        charged_on=event.charged_on,
    )
    yield _of_debtor(receivable, contract)


@publications.after(e.ChargesWrittenOff)
def after_charges_written_off(
    recorded: Recorded[e.ChargesWrittenOff], receivable: Receivable
) -> Iterable[Telling]:
    event = recorded.event
    contract = told.ChargesWrittenOff(
        **_ids(recorded, receivable),
        amounts=tuple((one.charge_id, one.amount) for one in event.amounts),
        code=event.code,
        claim_waived=event.claim_waived,
        written_off_on=event.written_off_on,
    )
    yield _of_debtor(receivable, contract)


@publications.after(e.ChargesReversed)
def after_charges_reversed(
    recorded: Recorded[e.ChargesReversed], receivable: Receivable
) -> Iterable[Telling]:
    event = recorded.event
    contract = told.ChargesReversed(
        **_ids(recorded, receivable),
        amounts=tuple((one.charge_id, one.amount) for one in event.amounts),
        code=event.code,
        reversed_on=event.reversed_on,
    )
    yield _of_debtor(receivable, contract)


_INCOME = {
    "fee": "fee_income",
    "interest": "interest_income",
    "compensation": "compensation_income",
    "absorbed": "compensation_income",
}


@publications.after(e.PostingSought)
def after_posting_sought(
    recorded: Recorded[e.PostingSought], receivable: Receivable
) -> Iterable[Telling]:
    """What is given up names the line that it gives up, so that the ledger matches the two."""
    event, invoice_id = recorded.event, recorded.aggregate_id
    lines = []
    for number, claimed in enumerate(event.amounts, start=1):
        charged = receivable.charges[claimed.charge_id]
        settles = None
        if charged.line is not None and charged.line != (recorded.version, number):
            posting, line = charged.line
            settles = line_token(token_of(invoice_id, posting), line)
        income: Any = _INCOME[charged.charge.kind]
        lines.append(told.ChargeLine(claimed.charge_id, income, claimed.amount, settles))
    invoice = receivable.invoice
    contract = told.ChargePostingSought(
        posting_id=posting_id_of(invoice_id, recorded.version),
        **_ids(recorded, receivable),
        party_number=invoice.debtor_number,
        invoice_number=invoice.number,
        token=token_of(invoice_id, recorded.version),
        voucher_on=event.voucher_on,
        due_on=event.voucher_on,
        lines=tuple(lines),
    )
    yield Outgoing(contract, key=invoice.debtor_id, effective_on=event.voucher_on)


@publications.after(e.CommentAdded)
def after_comment_added(
    recorded: Recorded[e.CommentAdded], receivable: Receivable
) -> Iterable[Telling]:
    event = recorded.event
    contract = told.CommentAdded(
        **_ids(recorded, receivable),
        number=receivable.invoice.number,
        written_by=event.written_by,
        mentions=event.mentions,
    )
    yield _of_debtor(receivable, contract)


@publications.after(e.InvoiceCopySought)
def after_invoice_copy_sought(
    recorded: Recorded[e.InvoiceCopySought], receivable: Receivable
) -> Iterable[Telling]:
    yield _of_debtor(receivable, told.InvoiceCopySought(**_ids(recorded, receivable)))


@publications.after(e.InvoicePaused)
def after_invoice_paused(
    recorded: Recorded[e.InvoicePaused], receivable: Receivable
) -> Iterable[Telling]:
    event = recorded.event
    contract = told.InvoicePaused(
        **_ids(recorded, receivable), until_on=event.until_on, code=event.code
    )
    yield _of_debtor(receivable, contract)


@publications.after(e.InvoiceResumed)
def after_invoice_resumed(
    recorded: Recorded[e.InvoiceResumed], receivable: Receivable
) -> Iterable[Telling]:
    yield _of_debtor(receivable, told.InvoiceResumed(**_ids(recorded, receivable)))


@publications.after(e.InvoiceDisputed)
def after_invoice_disputed(
    recorded: Recorded[e.InvoiceDisputed], receivable: Receivable
) -> Iterable[Telling]:
    contract = told.InvoiceDisputed(**_ids(recorded, receivable), code=recorded.event.code)
    yield _of_debtor(receivable, contract)


@publications.after(e.DisputeSettled)
def after_dispute_settled(
    recorded: Recorded[e.DisputeSettled], receivable: Receivable
) -> Iterable[Telling]:
    contract = told.DisputeSettled(**_ids(recorded, receivable), upheld=recorded.event.upheld)
    yield _of_debtor(receivable, contract)


@publications.after(e.ReceivableSettled)
def after_receivable_settled(
    recorded: Recorded[e.ReceivableSettled], receivable: Receivable
) -> Iterable[Telling]:
    contract = told.ReceivableSettled(
        **_ids(recorded, receivable), settled_on=recorded.event.settled_on
    )
    yield _of_debtor(receivable, contract)


@publications.after(e.ReceivableReopened)
def after_receivable_reopened(
    recorded: Recorded[e.ReceivableReopened], receivable: Receivable
) -> Iterable[Telling]:
    contract = told.ReceivableReopened(
        **_ids(recorded, receivable), principal=recorded.event.principal
    )
    yield _of_debtor(receivable, contract)


@publications.after(e.BecameReady)
def after_became_ready(
    recorded: Recorded[e.BecameReady], receivable: Receivable
) -> Iterable[Telling]:
    event, invoice = recorded.event, receivable.invoice
    contract = told.ReadyForCollection(
        **_ids(recorded, receivable),
        party_number=invoice.debtor_number,
        number=invoice.number,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        warned_on=event.warned_on,
        deadline_on=event.deadline_on,
        ready_on=event.ready_on,
        gross=invoice.gross,
        principal=event.principal,
        charges=event.charges,
        interest=event.interest,
        interest_ahead=event.interest_ahead,
        debtor_kind=event.debtor_kind,
        country=event.country,
        copy_of=invoice.copy_of,
        references=invoice.references,
    )
    yield _of_debtor(receivable, contract)


@publications.after(e.HeldFromCollection)
def after_held_from_collection(
    recorded: Recorded[e.HeldFromCollection], receivable: Receivable
) -> Iterable[Telling]:
    event = recorded.event
    contract = told.CollectionHeld(
        **_ids(recorded, receivable),
        code=event.code,
        principal=event.principal,
        blocking=event.blocking,
    )
    yield _of_debtor(receivable, contract)


# ----- a letter -----------------------------------------------------------------------------------


@publications.after(n.NoticeComposed)
def after_notice_composed(recorded: Recorded[n.NoticeComposed], _: Notice) -> Iterable[Telling]:
    letter = recorded.event.letter
    fields = _letter(recorded, letter)
    contract: Contract
    match letter.kind:
        case NoticeKind.STATEMENT:
            contract = told.StatementIssued(**fields)
        case NoticeKind.REMINDER:
            fields["pay_by_on"] = letter.pay_by_on
            contract = told.ReminderIssued(**fields)
        case NoticeKind.WARNING:
            fields |= {"deadline_on": letter.pay_by_on, "law": letter.law}
            contract = told.CollectionWarningIssued(**fields)
    yield Outgoing(contract, key=letter.debtor_id)


def _letter(recorded: Recorded[Any], letter: Letter) -> dict[str, Any]:
    return {
        "notice_id": recorded.aggregate_id,
        "debtor_id": letter.debtor_id,
        "level": letter.level,
        "language": letter.language,
        "currency": letter.currency,
        "issued_on": letter.issued_on,
        "valid_through_on": letter.valid_through_on,
        "lines": tuple(_line(line) for line in letter.lines),
        "charges": tuple(
            _charge(charge, line.invoice_id) for line in letter.lines for charge in line.added
        ),
        "total": letter.total,
        "channels": letter.channels,
        "copies": letter.copies,
        "credits": tuple(
            told.OpenCredit(one.item_id, one.kind, one.number, one.dated_on, one.remaining)
            for one in letter.credits
        ),
        "portal": letter.portal,
    }


def _line(line: LetterLine) -> told.NoticeLine:
    return told.NoticeLine(
        invoice_id=line.invoice_id,
        number=line.number,
        issued_on=line.issued_on,
        due_on=line.due_on,
        gross=line.gross,
        principal=line.principal,
        charges=line.charges,
        account=line.account,
        references=line.references,
        copy_of=line.copy_of,
    )


def _charge(charge: Charge, invoice_id: Any) -> told.NoticeCharge:
    return told.NoticeCharge(
        charge_id=charge.charge_id,
        invoice_id=invoice_id,
        kind=charge.kind,
        amount=charge.amount,
        rule_id=charge.rule_id,
        law=charge.law,
        unverified=charge.unverified,
        spans=tuple(
            told.InterestSpan(
                span.from_on, span.through_on, span.days, span.base, span.rate, span.rule_id
            )
            for span in charge.spans
        ),
    )


@publications.after(n.NoticeRecalled)
def after_notice_recalled(
    recorded: Recorded[n.NoticeRecalled], notice: Notice
) -> Iterable[Telling]:
    debtor_id = notice.composed.debtor_id
    contract = told.NoticeRecalled(
        notice_id=recorded.aggregate_id, debtor_id=debtor_id, code=recorded.event.code
    )
    yield Outgoing(contract, key=debtor_id)


# ----- a debtor -----------------------------------------------------------------------------------


@publications.after(d.DebtorFrozen)
def after_debtor_frozen(recorded: Recorded[d.DebtorFrozen], _: Debtor) -> Iterable[Telling]:
    event = recorded.event
    yield told.DebtorFrozen(
        debtor_id=recorded.aggregate_id, code=event.code, frozen_on=event.frozen_on
    )


@publications.after(d.DebtorUnfrozen)
def after_debtor_unfrozen(recorded: Recorded[d.DebtorUnfrozen], _: Debtor) -> Iterable[Telling]:
    yield told.DebtorUnfrozen(debtor_id=recorded.aggregate_id)


@publications.after(d.CheckSought)
def after_check_sought(recorded: Recorded[d.CheckSought], debtor: Debtor) -> Iterable[Telling]:
    yield told.OpenItemsCheckSought(
        check_id=recorded.event.check_id,
        debtor_id=recorded.aggregate_id,
        party_number=debtor.known.number,
    )


# ----- a creditor's days ---------------------------------------------------------------------------------


@publications.after(y.ListPublished)
def after_list_published(recorded: Recorded[y.ListPublished], _: bool) -> Iterable[Telling]:
    event = recorded.event
    yield told.ReminderListPublished(
        listed_on=event.listed_on,
        invoices=event.invoices,
        debtors=event.debtors,
        principal=event.principal,
        goes_by_itself_at=event.goes_at,
    )


# ----- a pack of reports --------------------------------------------------------------------------


@publications.after(ReportFrozen)
def after_report_frozen(recorded: Recorded[ReportFrozen], _: Any) -> Iterable[Telling]:
    event = recorded.event
    yield told.ReportPublished(
        report_id=recorded.aggregate_id,
        kind=event.kind,
        period=event.period,
        copy_of=event.copy_of,
    )
