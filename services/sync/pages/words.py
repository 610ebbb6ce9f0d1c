"""Codes and fields in words. Each text stands once in English here and once per catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import sqlalchemy as sa

from services.sync.model.document import booking_faults
from services.sync.queries import ConnectionRow
from services.sync.values import Reading, Side
from shared.ui import formats
from shared.ui.language import translator
from shared.ui.reader import Reader
from shared.ui.states import DOCUMENT_STATES, LEDGER_STATES, POSTING_STATES, RUN_STATES, State

Say = Callable[[str], str]

_STANDINGS: Final = {
    "asked": "connecting",
    "connected": "agrees",
    "needs_consent": "no_consent",
    "access_denied": "no_access",
    "wrong_agreement": "wrong_company",
    "none": "no_consent",
}


def ledger_state(standing: str, *, drifts: bool) -> State:
    """How a connection stands, and whether the ledger agrees with what we have told."""
    if standing == "connected" and drifts:
        return LEDGER_STATES["differs"]
    return LEDGER_STATES[_STANDINGS[standing]]


def sides(row: ConnectionRow | None) -> tuple[Side, ...]:
    """The ledgers that are read: the suppliers', and the customers' where the client opened it."""
    consent = row.consent if row else None
    both = consent is not None and consent.settings.receivables is not None
    return ("payable", "receivable") if both else ("payable",)


def side(side_: Side, gettext: Say) -> str:
    return gettext("Suppliers") if side_ == "payable" else gettext("Customers")


def control_account(side_: Side, gettext: Say) -> str:
    if side_ == "payable":
        return gettext("The suppliers’ control account says")
    return gettext("The customers’ control account says")


def run_state(state: str) -> State:
    return RUN_STATES[state if state in RUN_STATES else "failed"]


def posting(row: sa.Row[Any], reader: Reader) -> tuple[State, str]:
    """How a voucher of ours stands, and what a person should know of it."""
    gettext = translator(reader.language).gettext
    state = POSTING_STATES[row.state if row.state in POSTING_STATES else "sought"]
    match row.state:
        case "posted":
            day = formats.day(row.posted_on, reader)
            said = gettext("Voucher %(voucher)s, %(day)s") % {"voucher": row.voucher, "day": day}
            if row.reason:
                wanted = formats.day(row.voucher_on, reader) if row.voucher_on else ""
                moved = gettext("The period of %(day)s is closed, so it was entered later.")
                said = f"{said}. {moved % {'day': wanted}}"
            return state, said
        case "refused":
            return state, ledger_said(row.code, row.reason, gettext)
        case "uncertain":
            return state, gettext(
                "No answer came; the ledger is searched before it is tried again."
            )
        case _:
            return state, ""


def run_reason(state: str, reason: str | None, gettext: Say) -> str:
    """Why a run failed: its state is the code then."""
    return "" if state in RUN_STATES or not reason else ledger_said(state, reason, gettext)


def document_state(state: str, reading: Reading, supplier: int | None) -> State:
    if state in {"asked", "booked"}:
        return DOCUMENT_STATES[state]
    if booking_faults(reading):
        return DOCUMENT_STATES["cannot"]
    if supplier is None:
        return DOCUMENT_STATES["supplier_unknown"]
    return DOCUMENT_STATES["to_book" if reading.confidence == "1" else "to_confirm"]


def asker(code: str, gettext: Say) -> str:
    return {
        "schedule": gettext("by the clock"),
        "person": gettext("by a person"),
        "consent": gettext("after the consent"),
        "booking": gettext("after a booking"),
    }[code]


def refusal(code: str, gettext: Say) -> str:
    """Why nothing was done, and who can mend it."""
    texts = {
        "not_connected": gettext(
            "The ledger is not connected. The client must give its consent again."
        ),
        "supplier_unknown": gettext(
            "No supplier of the ledger fits the sender. Choose one, or create it in the ledger."
        ),
        "not_confirmed": gettext("Look at the fields that are marked, and confirm them."),
        "booking_asked": gettext("It is on its way into the books already."),
        "booked_already": gettext(
            "An invoice of this supplier with this number is in the books already."
        ),
    }
    return texts.get(code) or gettext("The document cannot be booked as it stands.")


def unreadable(code: str, gettext: Say) -> str:
    """Why a file was not taken in. Nothing of it is kept."""
    built = gettext("It is built as no e-invoice is, so it was not read to its end.")
    texts = {
        "unknown_document": gettext("The file is no e-invoice: neither Peppol nor OIOUBL."),
        "malformed": gettext("The file is no whole XML document. Ask the sender to send it again."),
        "too_large": gettext("The file is larger than 20 MB: no e-invoice is."),
        "encoding": gettext(
            "Its letters are not in the encoding that it says. Ask the sender to send it as UTF-8."
        ),
        "doctype": gettext(
            "It has a document type declaration (DOCTYPE), by which a file can harm its reader."
        ),
        "entity": gettext("It uses entities, by which a file can harm its reader."),
        "too_deep": built,
        "too_many_elements": built,
        "too_many_attributes": built,
        "token_too_long": built,
    }
    return texts.get(code) or gettext("The file is not safe to read, and has not been read.")


def ledger_said(code: str, text: str, gettext: Say) -> str:
    """Why the ledger did not do it; in its own words where it has its own reason."""
    known = {
        "needs_consent": gettext("The grant has been withdrawn. The client must give it again."),
        "access_denied": gettext("The client’s plan at its ledger does not allow access."),
        "wrong_agreement": gettext(
            "The grant opens the books of another company. Nothing was read or written there."
        ),
        "not_connected": gettext(
            "The ledger is not connected. The client must give its consent again."
        ),
        "unreachable": gettext(
            "The ledger did not answer after several tries. The next run tries again."
        ),
        "unreadable": gettext("The ledger’s answer could not be read. The next run tries again."),
        "gone": gettext("What was asked for is no longer in the ledger."),
        "no_open_period": gettext("No period of the ledger is open on that day or later."),
        "posted_twice": gettext("It stands in the ledger more than once. Look there."),
        "incomplete": gettext("Some of its lines were taken out of the journal. Look there."),
    }
    own = gettext("The ledger says: “%(text)s”")
    return known.get(code) or (own % {"text": text} if text else "")


def standing_reason(standing: str, gettext: Say) -> str:
    """What keeps the ledger from being read; empty while it is."""
    texts = {
        "none": gettext("The client has not let us into its ledger yet."),
        "needs_consent": gettext("The grant has been withdrawn. The client must give it again."),
        "access_denied": gettext("The client’s plan at its ledger does not allow access."),
        "wrong_agreement": gettext(
            "The grant opens the books of another company. Nothing was read or written there."
        ),
    }
    return texts.get(standing, "")


def labels(gettext: Say) -> Mapping[str, str]:
    """The words of a drawn invoice, and the names of its fields."""
    return {
        "Text": gettext("Text"),
        "Number": gettext("Number"),
        "Price": gettext("Price"),
        "Sum": gettext("Sum"),
        "Invoice": gettext("Invoice"),
        "Credit note": gettext("Credit note"),
        "Date": gettext("Date"),
        "Due": gettext("Due"),
        "To": gettext("To"),
        "Paid to": gettext("Paid to"),
        "Credits invoice": gettext("Credits invoice"),
        "Your order": gettext("Your order"),
        "Your reference": gettext("Your reference"),
        "Before VAT": gettext("Before VAT"),
        "VAT": gettext("VAT"),
        "VAT no.": gettext("VAT no."),
        "Paid already": gettext("Paid already"),
        "Rounding": gettext("Rounding"),
        "To pay": gettext("To pay"),
        "Credited": gettext("Credited"),
        "Pay by": gettext("Pay by"),
        "Allowance": gettext("Allowance"),
        "Charge": gettext("Charge"),
        "number": gettext("Invoice number"),
        "issued_on": gettext("Date"),
        "due_on": gettext("Due"),
        "currency": gettext("Currency"),
        "to_pay": gettext("To pay"),
        "gross": gettext("With VAT"),
        "seller_name": gettext("Sender"),
        "seller_id": gettext("Sender’s number"),
        "buyer_name": gettext("To"),
        "buyer_id": gettext("Recipient’s number"),
        "payee_name": gettext("Paid to"),
        "order_reference": gettext("Your order"),
        "buyer_reference": gettext("Your reference"),
        "invoice_reference": gettext("Credits invoice"),
        "account": gettext("Account"),
        "reference": gettext("Payment reference"),
        "rail": gettext("Way of payment"),
        "bic": gettext("Bank code (BIC)"),
        "net": gettext("Before VAT"),
        "lines": gettext("Lines"),
        "document": gettext("Document"),
    }
