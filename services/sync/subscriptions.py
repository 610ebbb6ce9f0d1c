"""What sync listens to: which clients there are, and what is to be bookkept of their payments."""

from __future__ import annotations

from services.sync.commands import NoteClient, RefuseUnbookable, SeekPosting
from services.sync.model.connection import CONNECTION, Connection
from services.sync.model.item import ITEM
from services.sync.model.naming import PAYMENT_TEXTS, connection_id_of
from services.sync.model.posting import POSTING
from services.sync.model.voucher import RoleLine, Unbookable, ledger_lines
from shared.contracts.payments import PaymentPostingSought, VoucherLine
from shared.contracts.tenants import ClientAttached
from shared.stream.subscriptions import Subscriptions
from shared.work import Work

subscriptions = Subscriptions("sync")


@subscriptions.on(ClientAttached)
def on_client_attached(event: ClientAttached, work: Work) -> None:
    command = NoteClient(event.time_zone, event.language)
    work.execute(CONNECTION, connection_id_of(event.client_id), command)


@subscriptions.on(PaymentPostingSought)
def on_payment_posting_sought(event: PaymentPostingSought, work: Work) -> None:
    connection = work.load(CONNECTION, connection_id_of(work.tenant_id)).state
    accounts = connection.consent.settings.accounts if connection.consent else {}
    try:
        lines = ledger_lines(
            [_role_line(line, work) for line in event.lines], accounts, _word(connection)
        )
    except Unbookable as error:
        refused = RefuseUnbookable(event.token, error.code, str(error))
        work.execute(POSTING, event.posting_id, refused)
        return
    command = SeekPosting(
        payment_id=event.payment_id,
        token=event.token,
        voucher_on=event.voucher_on,
        lines=lines,
        # Nothing of ours can have been booked before what the mirror had then.
        after_entry=int(connection.cursor or 0),
    )
    work.execute(POSTING, event.posting_id, command)


def _role_line(line: VoucherLine, work: Work) -> RoleLine:
    settles = None
    if line.invoice_id is not None:
        entry = work.load(ITEM, line.invoice_id).state.entry
        settles = None if entry is None else entry.number
    return RoleLine(line.account, line.amount, line.supplier_number, line.invoice_number, settles)


def _word(connection: Connection) -> str:
    return PAYMENT_TEXTS.get(connection.language, PAYMENT_TEXTS["en"])
