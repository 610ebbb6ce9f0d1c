"""Charges after they were made: paid, given up, taken back, and what is bookkept of each.

Giving up in the books is not waiving: the debtor owes what is written off until `claim_waived`.
What was wrong is taken back in a new line and never changed. Nothing is given up below nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from services.dunning.commands.receivable import (
    NoteChargeEntry,
    NoteChargePaid,
    NotePosted,
    NotePostingRefused,
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
    return [e.ChargesReversed(standing, code, on)] if standing else []


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
