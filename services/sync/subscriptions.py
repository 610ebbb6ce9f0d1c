"""What sync listens to: clients, what is to be bookkept of payments and charges, what is to be read."""

from __future__ import annotations

from contextlib import suppress

from services.sync.acts import copying, posting
from services.sync.commands import NoteClient
from services.sync.intents import CHECK, CheckItems
from services.sync.model.connection import CONNECTION
from services.sync.model.item import ITEM
from services.sync.model.naming import connection_id_of
from services.sync.values import AskedCharge, AskedCharges, AskedVoucher, RoleLine
from shared.contracts.dunning import ChargePostingSought, InvoiceCopySought, OpenItemsCheckSought
from shared.contracts.payments import PaymentPostingSought, VoucherLine
from shared.contracts.tenants import ClientAttached
from shared.decider import Rejected
from shared.effects.intents import Intent
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


@subscriptions.on(ChargePostingSought)
def on_charge_posting_sought(event: ChargePostingSought, work: Work) -> None:
    charges = AskedCharges(
        invoice_id=event.invoice_id,
        customer_number=event.party_number,
        invoice_number=event.invoice_number,
        due_on=event.due_on,
        lines=tuple(AskedCharge(line.income, line.amount, line.settles) for line in event.lines),
    )
    asked = AskedVoucher(None, event.token, event.voucher_on, (), charges)
    posting.ask_for(work, event.posting_id, asked)


@subscriptions.on(OpenItemsCheckSought)
def on_open_items_check_sought(event: OpenItemsCheckSought, work: Work) -> None:
    """Only read outside, which changes nothing there: asked for twice, it is done once."""
    body = CheckItems(event.check_id, event.party_number)
    work.intend(event.debtor_id, Intent(CHECK, key=str(event.check_id), body=body))


@subscriptions.on(InvoiceCopySought)
def on_invoice_copy_sought(event: InvoiceCopySought, work: Work) -> None:
    """Of what has no document, or is not known any more, nobody is told anything."""
    with suppress(Rejected):
        copying.want(work, event.invoice_id)


def _role_line(line: VoucherLine, work: Work) -> RoleLine:
    settles = None
    if line.invoice_id is not None:
        entry = work.load(ITEM, line.invoice_id).state.entry
        settles = None if entry is None else entry.number
    return RoleLine(line.account, line.amount, line.supplier_number, line.invoice_number, settles)
