"""A voucher that was asked for, on its way into the ledger, once.

    (new) --SeekPosting--> sought --ConfirmPosting--> posted
      |                     |  ^ |
      |         NoteUncertain  | RefusePosting--> refused --RetryPosting--> sought, same token
      '--RefuseUnbookable--> refused --SeekPosting, once it can be written--> sought

Every road to `sought` carries the same token, and whoever writes searches for it first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, assert_never

import msgspec

from services.sync import events as e
from services.sync.commands import (
    ConfirmPosting,
    NoteUncertain,
    PostingCommand,
    RefusePosting,
    RefuseUnbookable,
    RetryPosting,
    SeekPosting,
)
from services.sync.values import AskedVoucher
from shared.decider import Decider, Rejected


@dataclass(frozen=True, slots=True)
class Posting:
    state: Literal["new", "sought", "uncertain", "posted", "refused"] = "new"
    sought: e.PostingSought | None = None
    unbookable: AskedVoucher | None = None

    @property
    def is_open(self) -> bool:
        return self.state in {"sought", "uncertain"}


def decide(command: PostingCommand, posting: Posting) -> Sequence[e.PostingEvent]:
    match command:
        case SeekPosting():
            return _seek(command, posting)
        case RefuseUnbookable():
            asked = command.asked
            refused = e.PostingRefused(asked.token, command.code, command.reason, asked)
            return [refused] if posting.state == "new" else []
        case RetryPosting():
            return _retry(posting)
        case NoteUncertain():
            return [e.PostingUncertain(command.reason)] if posting.state == "sought" else []
        case ConfirmPosting():
            return _confirm(command, posting)
        case RefusePosting():
            return _refuse(command, posting)
        case _:
            assert_never(command)


def _seek(command: SeekPosting, posting: Posting) -> Sequence[e.PostingEvent]:
    if posting.state != "new" and posting.unbookable is None:
        return []
    return [
        e.PostingSought(
            payment_id=command.payment_id,
            token=command.token,
            attempt=1,
            voucher_on=command.voucher_on,
            lines=command.lines,
            after_entry=command.after_entry,
            invoice_id=command.invoice_id,
        )
    ]


def _retry(posting: Posting) -> Sequence[e.PostingEvent]:
    if posting.state != "refused" or posting.sought is None:
        raise Rejected("only what the ledger has refused is tried again", code="not_refused")
    return [msgspec.structs.replace(posting.sought, attempt=posting.sought.attempt + 1)]


def _confirm(command: ConfirmPosting, posting: Posting) -> Sequence[e.PostingEvent]:
    if posting.sought is None or not posting.is_open:
        return []
    return [
        e.VoucherPosted(
            token=posting.sought.token,
            voucher=command.voucher,
            posted_on=command.posted_on,
            moved_because=command.moved_because,
            unmatched=command.unmatched,
            entries=command.entries,
        )
    ]


def _refuse(command: RefusePosting, posting: Posting) -> Sequence[e.PostingEvent]:
    if posting.sought is None or not posting.is_open:
        return []
    return [e.PostingRefused(posting.sought.token, command.code, command.reason)]


def evolve(posting: Posting, event: e.PostingEvent) -> Posting:
    match event:
        case e.PostingSought():
            return Posting("sought", event)
        case e.PostingUncertain():
            return replace(posting, state="uncertain")
        case e.VoucherPosted():
            return replace(posting, state="posted")
        case e.PostingRefused():
            return replace(posting, state="refused", unbookable=event.asked)
        case _:
            assert_never(event)


POSTING: Decider[PostingCommand, Posting, e.PostingEvent] = Decider(decide, evolve, Posting())
