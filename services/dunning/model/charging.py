"""Charges after they were made: paid, given up, taken back, and what is bookkept of each.

Giving up in the books is not waiving: the debtor owes what is written off until `claim_waived`.
What was wrong is taken back in a new line and never changed. Nothing is given up below nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from services.dunning.commands.receivable import (
    NoteChargeEntry,
    NoteChargePaid,
    NotePosted,
    NotePostingRefused,
    TakeBackCharges,
    WriteOffCharges,
)
from services.dunning.events import receivable as e
from services.dunning.model.receivable import POSTED, Charged, Receivable, State
from services.dunning.values import Charge, Claimed, WriteOff
from shared.decider import Rejected
from shared.money import Money


def add(
    charges: Iterable[Charge], counted: e.LetterCounted, ages_on: date | None
) -> list[e.ReceivableEvent]:
    """What a letter that counts has charged this invoice."""
    return [
        e.ChargeAdded(
            charge=charge,
            charged_on=counted.sent_on,
            notice_id=counted.notice_id,
            level=counted.level,
            category=counted.kind,
            ages_on=ages_on,
        )
        for charge in charges
    ]


def note_entry(command: NoteChargeEntry, before: Receivable) -> Sequence[e.ReceivableEvent]:
    """Lines that give a charge up are entries too, and are no charge's own."""
    line = (command.posting, command.number)
    return [
        e.ChargeEntryNoted(charge_id, command.entry_id)
        for charge_id, charged in before.charges.items()
        if charged.line == line and charged.entry_id != command.entry_id
    ]


def note_paid(command: NoteChargePaid, before: Receivable) -> Sequence[e.ReceivableEvent]:
    charged = before.charges.get(command.charge_id)
    if charged is None or charged.paid == command.paid:
        return []
    return [e.ChargePaid(command.charge_id, command.paid, command.value_on)]


def write_off(command: WriteOffCharges, before: Receivable) -> Sequence[e.ReceivableEvent]:
    """A person gives charges up, or time does."""
    if command.code == "handed_over" and before.state is not State.AT_AGENCY:
        return []
    if command.code == "manual" and command.written_off_by is None:
        raise Rejected(
            "say who gives the charges up", code="person_missing", field="written_off_by"
        )
    chosen = [
        charged
        for charged in before.charges.values()
        if command.code != "aged" or _is_old(charged, command.terms.today_on)
    ]
    events = given_up(chosen, command.code, command.terms.today_on, command=command)
    if not events and command.code == "manual":
        raise Rejected("no charge is open on this invoice", code="nothing_to_give_up")
    return events


def _is_old(charged: Charged, today: date) -> bool:
    return charged.ages_on is not None and charged.ages_on <= today


def given_up(
    charges: Iterable[Charged],
    code: WriteOff,
    on: date,
    *,
    command: WriteOffCharges | None = None,
) -> list[e.ReceivableEvent]:
    """All that is open of these charges is given up in the books."""
    amounts = tuple(
        Claimed(charged.charge.charge_id, charged.open) for charged in charges if charged.open
    )
    if not amounts:
        return []
    return [
        e.ChargesWrittenOff(
            amounts=amounts,
            code=code,
            claim_waived=command is not None and command.claim_waived,
            written_off_on=on,
            written_off_by=command.written_off_by if command else None,
            text=command.text if command else None,
        )
    ]


def given_up_at_once(charges: Iterable[Charge], on: date) -> list[e.ReceivableEvent]:
    """What a letter charges that crossed the payment of the invoice itself."""
    amounts = tuple(Claimed(charge.charge_id, charge.amount) for charge in charges if charge.amount)
    if not amounts:
        return []
    return [e.ChargesWrittenOff(amounts, "principal_paid", claim_waived=False, written_off_on=on)]


def take_back(command: TakeBackCharges, before: Receivable) -> Sequence[e.ReceivableEvent]:
    """What on all that is known now was never owed."""
    return taken_back(command.unlawful, before, "corrected", command.terms.today_on)


def whole(charged: Charged) -> Claimed:
    """All that a charge comes to."""
    return Claimed(charged.charge.charge_id, charged.lawful)


def taken_back(
    amounts: Sequence[Claimed], before: Receivable, code: str, on: date
) -> list[e.ReceivableEvent]:
    """Charges that the law does not bear, as far as they have not been taken back already."""
    due = [
        Claimed(one.charge_id, _of(one.amount, before.charges[one.charge_id].lawful))
        for one in amounts
    ]
    standing = tuple(one for one in due if one.amount)
    if not standing:
        return []
    return [e.ChargesReversed(standing, code, on), *_not_given_up(standing, before, on)]


def _not_given_up(
    reversed_: Iterable[Claimed], before: Receivable, on: date
) -> Iterator[e.ReceivableEvent]:
    """What had been given up of them is no loss any more: nobody is to gain by it either."""
    for claimed in reversed_:
        one = before.charges[claimed.charge_id]
        left = one.open - claimed.amount
        if left.minor * one.written_off.minor >= 0 or one.written_off_as is None:
            continue
        excess = max(left, -one.written_off) if left.minor < 0 else min(left, -one.written_off)
        yield e.ChargesWrittenOff(
            amounts=(Claimed(claimed.charge_id, excess),),
            code=one.written_off_as,
            claim_waived=False,
            written_off_on=on,
        )


def _of(amount: Money, lawful: Money) -> Money:
    """No more than stands of a charge, which is negative where it absorbs others."""
    return max(amount, lawful) if lawful.minor < 0 else min(amount, lawful)


def posting(events: Iterable[e.ReceivableEvent], on: date) -> list[e.ReceivableEvent]:
    """One voucher for all that these events charge, give up or take back."""
    amounts: list[Claimed] = []
    for event in events:
        match event:
            case e.ChargeAdded():
                amounts.append(Claimed(event.charge.charge_id, event.charge.amount))
            case e.ChargesWrittenOff() | e.ChargesReversed():
                amounts += [Claimed(one.charge_id, -one.amount) for one in event.amounts]
            case _:
                pass
    return [e.PostingSought(on, tuple(amounts))] if amounts else []


def note_posted(command: NotePosted, before: Receivable) -> Sequence[e.ReceivableEvent]:
    if before.postings.get(command.posting, POSTED) == POSTED:
        return []
    return [e.PostingDone(command.posting, command.voucher, command.posted_on)]


def note_posting_refused(
    command: NotePostingRefused, before: Receivable
) -> Sequence[e.ReceivableEvent]:
    if before.postings.get(command.posting, POSTED) in {POSTED, command.code}:
        return []
    return [e.PostingFailed(command.posting, command.code)]
