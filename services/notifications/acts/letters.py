"""A letter's outcomes become what the letter and the debtor's reach have to know, each once."""

from __future__ import annotations

from uuid import UUID

from services.notifications.commands import (
    NoteDebtorAddressFailed,
    NoteLetterRefused,
    NoteLetterReturned,
    Reach,
    RecallLetter,
    WithholdLetter,
)
from services.notifications.model.debtor import DEBTOR, NOWHERE
from services.notifications.model.letter import LETTER, delivery_id
from services.notifications.model.status import address_is_gone
from services.notifications.registers import turns
from services.notifications.values import Channel
from shared.sealed import Sealed
from shared.work import Work


def reach_of(work: Work, debtor_id: UUID) -> Reach:
    debtor = work.load(DEBTOR, debtor_id).state
    return NOWHERE if debtor is None else debtor.reach


def refuse(
    work: Work,
    notice_id: UUID,
    delivery: int,
    code: str,
    *,
    failed: Sealed | None = None,
    final: bool = False,
) -> None:
    """It did not leave by this channel. `failed` is the sealed address where it is the one at fault."""
    letter = work.load(LETTER, notice_id).state
    assert letter is not None, "a letter that is sent was received"
    if failed is not None:
        address_failed(work, letter.facts.debtor_id, letter.channel, failed, code)
    reach = reach_of(work, letter.facts.debtor_id)
    work.execute(LETTER, notice_id, NoteLetterRefused(delivery, code, reach, final))


def come_back(
    work: Work, notice_id: UUID, delivery: int, code: str, *, failed: Sealed | None = None
) -> None:
    """It had left and came back: the next channel is tried, without the one that failed."""
    letter = work.load(LETTER, notice_id).state
    if letter is None:
        return
    if failed is not None:
        address_failed(work, letter.facts.debtor_id, letter.channel, failed, code)
    reach = reach_of(work, letter.facts.debtor_id)
    work.execute(LETTER, notice_id, NoteLetterReturned(delivery, code, reach))


def address_failed(
    work: Work, debtor_id: UUID, channel: Channel, address: Sealed, code: str
) -> None:
    command = NoteDebtorAddressFailed(debtor_id, channel, address, code)
    work.execute(DEBTOR, debtor_id, command)


def recall(work: Work, notice_id: UUID) -> None:
    """Called back: withheld where the sender has not begun, and otherwise not tried again."""
    letter = work.load(LETTER, notice_id).state
    if letter is None:
        return
    own_id = delivery_id(notice_id, letter.delivery)
    holder = turns.take(work.raw, work.tenant_id, own_id, turns.RECALL)
    work.execute(LETTER, notice_id, RecallLetter(under_way=holder == turns.SENDER))


def not_left(work: Work, notice_id: UUID, delivery: int) -> None:
    """This time provably nothing has left. If nothing did before, it may still be called back, or is."""
    letter = work.load(LETTER, notice_id).state
    if letter is None or letter.repeats:
        return
    own_id = delivery_id(notice_id, delivery)
    turns.give_back(work.raw, work.tenant_id, own_id)
    if letter.recalled:
        # The turn is the recall's from here on: what is told as withheld is not sent after all.
        turns.take(work.raw, work.tenant_id, own_id, turns.RECALL)
        work.execute(LETTER, notice_id, WithholdLetter())


def note_bounce(work: Work, notice_id: UUID, delivery: int, status: str) -> None:
    """A mail server reports that a letter did not arrive."""
    letter = work.load(LETTER, notice_id).state
    gone = letter is not None and address_is_gone(status)
    failed = letter.address if letter is not None and gone else None
    come_back(work, notice_id, delivery, status, failed=failed)
