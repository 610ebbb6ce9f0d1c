"""What sync listens to: which clients there are, and what is to be bookkept of their payments."""

from __future__ import annotations

from services.sync.acts import posting
from services.sync.commands import NoteClient
from services.sync.model.connection import CONNECTION
from services.sync.model.item import ITEM
from services.sync.model.naming import connection_id_of
from services.sync.values import AskedVoucher, RoleLine
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
    asked = AskedVoucher(
        payment_id=event.payment_id,
        token=event.token,
        voucher_on=event.voucher_on,
        lines=tuple(_role_line(line, work) for line in event.lines),
    )
    posting.ask_for(work, event.posting_id, asked)


def _role_line(line: VoucherLine, work: Work) -> RoleLine:
    settles = None
    if line.invoice_id is not None:
        entry = work.load(ITEM, line.invoice_id).state.entry
        settles = None if entry is None else entry.number
    return RoleLine(line.account, line.amount, line.supplier_number, line.invoice_number, settles)
