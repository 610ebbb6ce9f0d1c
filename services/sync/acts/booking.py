"""A bookkeeper's yes to an e-invoice, with what the client has settled for all of them."""

from __future__ import annotations

from uuid import UUID

from services.sync import queries
from services.sync.commands import BookEInvoice, ChooseSupplier
from services.sync.model.connection import CONNECTION
from services.sync.model.document import DOCUMENT
from services.sync.model.naming import connection_id_of, token_of
from shared.decider import Rejected
from shared.work import Work


def book(
    work: Work, document_id: UUID, *, account: int | None = None, confirmed: bool = False
) -> None:
    """Ask for the voucher; asked twice it is one. `account` takes the cost in place of the usual."""
    connection = work.load(CONNECTION, connection_id_of(work.tenant_id)).state
    if connection.consent is None or connection.standing != "connected":
        raise Rejected(
            "the ledger is not connected: the client must give its consent", code="not_connected"
        )
    settings = connection.consent.settings
    command = BookEInvoice(
        token=token_of(document_id),
        contra_account=account or settings.expense_account,
        vat_code=settings.vat_code,
        after_entry=int(connection.cursor or 0),
        confirmed=confirmed,
        repeats=queries.is_repeated(work.sql, work.tenant_id, document_id),
    )
    work.execute(DOCUMENT, document_id, command)


def choose_supplier(work: Work, document_id: UUID, number: int) -> None:
    """Say which supplier of the ledger a document is from."""
    if number not in queries.party_names(work.sql, work.tenant_id):
        raise Rejected(
            f"the ledger has no supplier {number} that is not blocked",
            code="supplier_unknown",
            field="supplier_number",
        )
    work.execute(DOCUMENT, document_id, ChooseSupplier(number))
