"""An e-invoice from its arrival to its voucher.

    (new) --ReceiveDocument--> read --BookEInvoice--> asked --ConfirmBooking--> booked
                                |  ^                    |
                 ChooseSupplier-'  '----RefuseBooking---'   (asked again under the same token)

The supplier must be one of the ledger's: master data is never written. A field read with doubt is
confirmed by a person first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal, assert_never

import msgspec

from services.sync import events as e
from services.sync.commands import (
    BookEInvoice,
    ChooseSupplier,
    ConfirmBooking,
    DocumentCommand,
    ReceiveDocument,
    RefuseBooking,
)
from services.sync.values import Entry, Reading
from shared.contracts.values import Copy, Fault, SealedAccount
from shared.decider import Decider, Rejected

# Where a fault leaves nothing that could be entered into books; where to pay is another matter.
_ENTERED: Final = frozenset({"number", "issued_on", "currency", "to_pay", "gross"})
# Where a fault leaves open to whom, or whether at all, money may go.
_PAID: Final = frozenset({"account", "rail", "reference", "bic"})
_COLLECTED: Final = "direct_debit"


@dataclass(frozen=True, slots=True)
class Document:
    state: Literal["new", "read", "asked", "booked"] = "new"
    copy_of: Copy | None = None
    reading: Reading | None = None
    supplier_number: int | None = None
    asked: e.BookingAsked | None = None
    attempts: int = 0
    booked: e.DocumentBooked | None = None


def decide(command: DocumentCommand, document: Document) -> Sequence[e.DocumentEvent]:
    match command:
        case ReceiveDocument():
            return _receive(command, document)
        case ChooseSupplier():
            return _choose_supplier(command, document)
        case BookEInvoice():
            return _book(command, document)
        case ConfirmBooking():
            return _confirm(command, document)
        case RefuseBooking():
            return _refuse(command, document)
        case _:
            assert_never(command)


def _receive(command: ReceiveDocument, document: Document) -> Sequence[e.DocumentEvent]:
    if document.state != "new":
        return []
    return [e.DocumentReceived(command.copy_of), e.DocumentRead(command.reading)]


def _choose_supplier(command: ChooseSupplier, document: Document) -> Sequence[e.DocumentEvent]:
    _known(document)
    if document.state != "read":
        raise Rejected("the document is on its way into the books", code="booking_asked")
    if document.supplier_number == command.supplier_number:
        return []
    return [e.SupplierChosen(command.supplier_number)]


def _book(command: BookEInvoice, document: Document) -> Sequence[e.DocumentEvent]:
    reading = _known(document)
    if document.state in {"asked", "booked"}:
        return []
    if document.supplier_number is None:
        raise Rejected(
            "no supplier of the ledger fits the sender: choose one, or create it in the ledger",
            code="supplier_unknown",
            field="supplier_number",
        )
    if command.repeats:
        raise Rejected(
            "an invoice of this supplier and number is in the books already",
            code="booked_already",
            field="number",
        )
    for fault in booking_faults(reading):
        raise Rejected(
            f"{fault.field} cannot be entered into the books: {fault.code}",
            code=fault.code,
            field=fault.field,
        )
    if Decimal(reading.confidence) < 1 and not command.confirmed:
        raise Rejected(
            "some fields were read with doubt: look at them and confirm",
            code="not_confirmed",
            field="confirmed",
        )
    return [
        e.BookingAsked(
            token=command.token,
            attempt=document.attempts + 1,
            supplier_number=document.supplier_number,
            contra_account=command.contra_account,
            vat_code=command.vat_code if reading.taxed else None,
            after_entry=command.after_entry,
        )
    ]


def booking_faults(reading: Reading) -> list[Fault]:
    """What keeps a document from being entered at all."""
    if reading.payable is None or reading.issued_on is None or not reading.payable.minor > 0:
        return [Fault("missing", "to_pay" if reading.issued_on else "issued_on")]
    return [fault for fault in reading.faults if fault.field in _ENTERED]


def as_booked(entry: Entry, reading: Reading) -> Entry:
    """The entry that a document was booked as, with what stood against paying the document.

    Details that somebody has entered in the ledger since answer it; not that the seller collects.
    """
    known = {fault.code for fault in entry.faults}
    as_read = _account_of(entry.account) == _account_of(reading.account)
    more = tuple(
        fault
        for fault in reading.faults
        if fault.field in _PAID
        and fault.code not in known
        and (as_read or fault.code == _COLLECTED)
    )
    return msgspec.structs.replace(entry, faults=entry.faults + more) if more else entry


def _account_of(account: SealedAccount | None) -> tuple[str, str | None] | None:
    return None if account is None else (account.fingerprint, account.reference_fingerprint)


def _confirm(command: ConfirmBooking, document: Document) -> Sequence[e.DocumentEvent]:
    if document.state != "asked":
        return []
    return [
        e.DocumentBooked(
            command.voucher, command.entry_number, command.posted_on, command.moved_because
        )
    ]


def _refuse(command: RefuseBooking, document: Document) -> Sequence[e.DocumentEvent]:
    return [e.BookingRefused(command.code, command.reason)] if document.state == "asked" else []


def _known(document: Document) -> Reading:
    if document.reading is None:
        raise Rejected("there is no such document", code="unknown_document")
    return document.reading


def evolve(document: Document, event: e.DocumentEvent) -> Document:
    match event:
        case e.DocumentReceived():
            return replace(document, copy_of=event.copy_of)
        case e.DocumentRead():
            return replace(
                document,
                state="read",
                reading=event.reading,
                supplier_number=event.reading.supplier_number,
            )
        case e.SupplierChosen():
            return replace(document, supplier_number=event.supplier_number)
        case e.BookingAsked():
            return replace(document, state="asked", asked=event, attempts=event.attempt)
        case e.DocumentBooked():
            return replace(document, state="booked", booked=event)
        case e.BookingRefused():
            return replace(document, state="read")
        case _:
            assert_never(event)


DOCUMENT: Decider[DocumentCommand, Document, e.DocumentEvent] = Decider(decide, evolve, Document())
