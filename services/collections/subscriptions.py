"""What others tell, and what it means here. A repeat changes nothing; only what is poison is refused."""

from __future__ import annotations

from uuid import UUID

from services.collections import queries
from services.collections.acts import answers, looking
from services.collections.commands import (
    LiftHold,
    NoteNotReady,
    NoteReady,
    TellHold,
)
from services.collections.events.beside import CreditorLearnt, DebtorLearnt, ItemLearnt
from services.collections.model.claim import CLAIM
from services.collections.model.creditor import CREDITOR
from services.collections.model.debtor import DEBTOR, Freeze, Unfreeze
from services.collections.model.item import ITEM
from services.collections.model.naming import (
    claim_id_of,
    creditor_id_of,
    debtor_id_of,
    item_id_of,
)
from services.collections.values import ClaimFacts, Hold, Received
from shared.contracts.dunning import (
    CollectionHeld,
    DebtorFrozen,
    DebtorUnfrozen,
    DisputeSettled,
    InvoiceDisputed,
    InvoicePaused,
    InvoiceResumed,
    ReadyForCollection,
    ReceivableReopened,
    ReceivableSettled,
)
from shared.contracts.sync import (
    CreditNoteBooked,
    InvoiceBooked,
    InvoiceChanged,
    InvoiceWithdrawn,
    ItemsMatched,
    ItemsUnmatched,
    LedgerPaymentBooked,
    PartyChanged,
)
from shared.contracts.tenants import ClientAttached
from shared.money import Money
from shared.stream.subscriptions import Subscriptions
from shared.work import Work

subscriptions = Subscriptions("collections")
_RECEIVABLE = "receivable"


@subscriptions.on(ClientAttached)
def on_client_attached(event: ClientAttached, work: Work) -> None:
    learnt = CreditorLearnt(event.time_zone, event.country)
    work.execute(CREDITOR, creditor_id_of(work.tenant_id), learnt)


@subscriptions.on(ReadyForCollection)
def on_ready_for_collection(event: ReadyForCollection, work: Work) -> None:
    facts = ClaimFacts(
        invoice_id=event.invoice_id,
        debtor_id=event.debtor_id,
        party_number=event.party_number,
        number=event.number,
        issued_on=event.issued_on,
        due_on=event.due_on,
        warned_on=event.warned_on,
        deadline_on=event.deadline_on,
        ready_on=event.ready_on,
        gross=event.gross,
        principal=event.principal,
        charges=event.charges,
        interest=event.interest,
        interest_ahead=event.interest_ahead,
        debtor_kind=event.debtor_kind,
        country=event.country,
        copy_of=event.copy_of,
        references=event.references,
    )
    work.execute(CLAIM, claim_id_of(work.tenant_id, event.invoice_id), NoteReady(facts))
    looking.look_at(work, event.invoice_id, event.debtor_id)


@subscriptions.on(CollectionHeld)
def on_collection_held(event: CollectionHeld, work: Work) -> None:
    note = NoteNotReady(
        event.invoice_id, event.debtor_id, event.code, event.principal, event.blocking
    )
    work.execute(CLAIM, claim_id_of(work.tenant_id, event.invoice_id), note)
    looking.look_at(work, event.invoice_id, event.debtor_id)


@subscriptions.on(InvoicePaused)
def on_invoice_paused(event: InvoicePaused, work: Work) -> None:
    hold = TellHold(event.invoice_id, event.debtor_id, Hold.PAUSED.value, event.until_on)
    _hold(work, hold)


@subscriptions.on(InvoiceResumed)
def on_invoice_resumed(event: InvoiceResumed, work: Work) -> None:
    _lift(work, event.invoice_id, event.debtor_id, Hold.PAUSED)


@subscriptions.on(InvoiceDisputed)
def on_invoice_disputed(event: InvoiceDisputed, work: Work) -> None:
    _hold(work, TellHold(event.invoice_id, event.debtor_id, Hold.DISPUTED.value))


@subscriptions.on(DisputeSettled)
def on_dispute_settled(event: DisputeSettled, work: Work) -> None:
    """Where the debtor was right, dunning holds it until a person has seen to the credit note."""
    _lift(work, event.invoice_id, event.debtor_id, Hold.DISPUTED)


@subscriptions.on(ReceivableSettled)
def on_receivable_settled(event: ReceivableSettled, work: Work) -> None:
    _hold(work, TellHold(event.invoice_id, event.debtor_id, Hold.SETTLED.value))


@subscriptions.on(ReceivableReopened)
def on_receivable_reopened(event: ReceivableReopened, work: Work) -> None:
    _lift(work, event.invoice_id, event.debtor_id, Hold.SETTLED)


def _hold(work: Work, hold: TellHold) -> None:
    work.execute(CLAIM, claim_id_of(work.tenant_id, hold.invoice_id), hold)
    looking.look_at(work, hold.invoice_id, hold.debtor_id)


def _lift(work: Work, invoice_id: UUID, debtor_id: UUID, hold: Hold) -> None:
    work.execute(CLAIM, claim_id_of(work.tenant_id, invoice_id), LiftHold(hold.value))
    looking.look_at(work, invoice_id, debtor_id)


@subscriptions.on(DebtorFrozen)
def on_debtor_frozen(event: DebtorFrozen, work: Work) -> None:
    work.execute(DEBTOR, debtor_id_of(work.tenant_id, event.debtor_id), Freeze(event.code))
    looking.look_at_all_of(work, event.debtor_id)


@subscriptions.on(DebtorUnfrozen)
def on_debtor_unfrozen(event: DebtorUnfrozen, work: Work) -> None:
    work.execute(DEBTOR, debtor_id_of(work.tenant_id, event.debtor_id), Unfreeze())
    looking.look_at_all_of(work, event.debtor_id)


@subscriptions.on(PartyChanged)
def on_party_changed(event: PartyChanged, work: Work) -> None:
    if event.side != _RECEIVABLE:
        return
    learnt = DebtorLearnt(
        debtor_id=event.party_id,
        number=event.number,
        name=event.name,
        country=event.country,
        email=event.email,
        mobile=event.mobile,
        address=event.address,
        id_number=event.id_number,
    )
    work.execute(DEBTOR, debtor_id_of(work.tenant_id, event.party_id), learnt)
    looking.look_at_all_of(work, event.party_id)


@subscriptions.on(InvoiceBooked)
def on_invoice_booked(event: InvoiceBooked, work: Work) -> None:
    _invoice(event, work)


@subscriptions.on(InvoiceChanged)
def on_invoice_changed(event: InvoiceChanged, work: Work) -> None:
    _invoice(event, work)


def _invoice(event: InvoiceBooked | InvoiceChanged, work: Work) -> None:
    """Its number, and what is open of it: dunning and the ledger are heard at different times."""
    if event.side != _RECEIVABLE:
        return
    _learn(work, event.invoice_id, event.party_id, event.remaining, "invoice", event.number)
    _lift(work, event.invoice_id, event.party_id, Hold.WITHDRAWN)


@subscriptions.on(InvoiceWithdrawn)
def on_invoice_withdrawn(event: InvoiceWithdrawn, work: Work) -> None:
    """Gone from the ledger: whether it was ever owed is for people to find out."""
    row = queries.claim(work.sql, work.tenant_id, event.invoice_id)
    if row is not None:
        _hold(work, TellHold(event.invoice_id, row.debtor_id, Hold.WITHDRAWN.value))


@subscriptions.on(CreditNoteBooked)
def on_credit_note_booked(event: CreditNoteBooked, work: Work) -> None:
    if event.side != _RECEIVABLE:
        return
    note, number = event.credit_note_id, event.number
    _learn(work, note, event.party_id, event.remaining, "credit_note", number, amount=event.gross)
    looking.look_at_all_of(work, event.party_id)


@subscriptions.on(LedgerPaymentBooked)
def on_ledger_payment_booked(event: LedgerPaymentBooked, work: Work) -> None:
    """A payment that is matched with nothing yet may be meant for any invoice of its debtor."""
    if event.side != _RECEIVABLE:
        return
    whole = Money(abs(event.amount.minor), event.amount.currency)
    left = whole if event.remaining is None else event.remaining
    left = Money(abs(left.minor), left.currency)
    party = event.party_id
    _learn(work, event.entry_id, party, left, "payment", event.voucher, amount=whole)
    looking.look_at_all_of(work, event.party_id)


@subscriptions.on(ItemsMatched)
def on_items_matched(event: ItemsMatched, work: Work) -> None:
    _remains(event, work)


@subscriptions.on(ItemsUnmatched)
def on_items_unmatched(event: ItemsUnmatched, work: Work) -> None:
    _remains(event, work)


def _remains(event: ItemsMatched | ItemsUnmatched, work: Work) -> None:
    """What is left of an item; of an invoice that has left, what was set off against it since."""
    if event.side != _RECEIVABLE:
        return
    received = tuple(
        Received(one.entry_id, one.kind, one.amount, one.value_on, _whole(work, one.entry_id))
        for one in event.allocations
        if one.kind in {"payment", "credit_note"}
    )
    _learn(work, event.item_id, event.party_id, event.remaining, received=received)
    case_id = queries.case_of_invoice(work.sql, work.tenant_id, event.item_id)
    if case_id is not None:
        answers.take_received(work, case_id, event.item_id, received)
    looking.look_at_all_of(work, event.party_id)


def _whole(work: Work, entry_id: UUID) -> Money | None:
    """What a payment or credit note is over, as far as anybody has told."""
    known = work.load(ITEM, item_id_of(work.tenant_id, entry_id)).state
    return known.amount if known is not None else None


def _learn(
    work: Work,
    entry_id: UUID,
    party_id: UUID,
    remaining: Money,
    kind: str = "",
    number: str = "",
    received: tuple[Received, ...] | None = None,
    amount: Money | None = None,
) -> None:
    """What is told of an item is laid over what was known: a match does not say what it is of."""
    item_id = item_id_of(work.tenant_id, entry_id)
    known = work.load(ITEM, item_id).state
    learnt = ItemLearnt(
        entry_id=entry_id,
        debtor_id=party_id,
        kind=kind or (known.kind if known else "item"),
        remaining=remaining,
        number=number or (known.number if known else ""),
        received=(known.received if known else ()) if received is None else received,
        amount=amount or (known.amount if known else None),
    )
    work.execute(ITEM, item_id, learnt)
