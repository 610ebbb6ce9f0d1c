"""Codes and fields in words. Each text stands once in English here and once per catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from services.sync.model.document import booking_faults
from services.sync.values import Reading
from shared.ui.states import DOCUMENT_STATES, LEDGER_STATES, RUN_STATES, State

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


def run_state(state: str) -> State:
    return RUN_STATES[state if state in RUN_STATES else "failed"]


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
    }
    return texts.get(code) or gettext("The document cannot be booked as it stands.")


def unreadable(code: str, gettext: Say) -> str:
    """Why a file was not taken in. Nothing of it is kept."""
    texts = {
        "unknown_document": gettext("The file is no e-invoice: neither Peppol nor OIOUBL."),
        "malformed": gettext("The file is not whole. Ask the sender to send it again."),
        "too_large": gettext("The file is larger than any e-invoice."),
    }
    return texts.get(code) or gettext("The file is not safe to read, and has not been read.")


def standing_reason(standing: str, gettext: Say) -> str:
    """What keeps the ledger from being read; empty while it is."""
    texts = {
        "none": gettext("The client has not let us into its ledger yet."),
        "needs_consent": gettext("The grant has been withdrawn. The client must give it again."),
        "access_denied": gettext("The client’s plan at its ledger does not allow access."),  # noqa: RUF001  typeset
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
        "seller_id": gettext("Sender’s number"),  # noqa: RUF001  typeset
        "buyer_name": gettext("To"),
        "buyer_id": gettext("Recipient’s number"),  # noqa: RUF001  typeset
        "payee_name": gettext("Paid to"),
        "order_reference": gettext("Your order"),
        "buyer_reference": gettext("Your reference"),
        "invoice_reference": gettext("Credits invoice"),
        "account": gettext("Account"),
        "reference": gettext("Payment reference"),
        "rail": gettext("Way of payment"),
        "lines": gettext("Lines"),
        "document": gettext("Document"),
    }
