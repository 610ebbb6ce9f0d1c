"""A voucher into a ledger, exactly once.

    search: nothing -> draft -> book -> search -> match -> done
            drafts of ours ------'        |
            booked -----------------------'

Drafting and booking can each be lost. Whatever was not answered is searched for by its token, in
drafts and booked vouchers alike, once the vendor's commit delay has passed; only when a complete
search has found nothing is it sent again. A token twice is refused, and a person is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

import structlog

from services.sync.effects import door
from services.sync.gateways import errors
from services.sync.gateways.ledger import FoundLine, Posting, PostingFound, PostingLine
from services.sync.gateways.source import AccountingSource
from shared.effects.worker import Done, Later, Outcome, Refused, Unknown

_log = structlog.get_logger(__name__)
COMMIT_DELAY: Final = timedelta(minutes=2)
"""Longer than a write that was sent can take to show itself (unverified against the vendor)."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to stand in the ledger. `settles` are the entries that lines pay, by ordinal.

    `gives_up` are the marks of lines of ours that lines give up, where their entries are not known
    here: then they are searched for.
    """

    token: str
    key: str
    voucher_on: date
    lines: tuple[PostingLine, ...]
    settles: tuple[tuple[int, int], ...]
    after_entry: int
    gives_up: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Posted:
    voucher: str
    posted_on: date
    moved_because: str | None
    supplier_entry: int | None
    unmatched: tuple[int, ...] = ()
    customer_entries: tuple[tuple[int, int], ...] = ()


def post(
    open_ledger: Callable[[], AccountingSource], order: Order, attempt: int, now: datetime
) -> Outcome:
    """Do what is left to do of it."""
    return _guarded(lambda: _post(open_ledger(), order, now), attempt, now)


def find(
    open_ledger: Callable[[], AccountingSource], order: Order, attempt: int, now: datetime
) -> Outcome:
    """Only ask: it is all there, or what is lacking may be sent now."""
    return _guarded(lambda: _find(open_ledger(), order, now), attempt, now)


def _guarded(act: Callable[[], Outcome], attempt: int, now: datetime) -> Outcome:
    try:
        return act()
    except errors.LedgerError as error:
        shut = errors.NeedsConsent | errors.AccessDenied | errors.WrongAgreement | door.NotConnected
        # A shut door let nothing through; it opens when the client consents anew.
        if door.is_passing(error) or isinstance(error, shut):
            return door.later(error, attempt, now, patient=isinstance(error, shut))
        if isinstance(error, errors.Refused):
            return door.refusal(error)
        return Unknown(str(error), now + COMMIT_DELAY)
    except Exception as error:  # noqa: BLE001  a fault of ours, after which a write may be under way
        _log.exception("posting failed")
        return Unknown(type(error).__name__, now + COMMIT_DELAY)


def _post(source: AccountingSource, order: Order, now: datetime) -> Outcome:
    found = source.find_posting(order.token, order.after_entry)
    if (refused := _refused(found, order)) is not None:
        return refused
    if drafts := found.drafts if found.lines else _drafted(source, order):
        source.book(drafts, f"{order.key}:book")
        found = source.find_posting(order.token, order.after_entry)
        if (refused := _refused(found, order)) is not None:
            return refused
    elif not found.lines:
        return Refused("no_open_period", f"no period is open on {order.voucher_on} or later")
    if found.drafts or not found.lines:
        return Unknown("booked, and not to be seen yet", now + COMMIT_DELAY)
    return Done(_posted(found, order, _matched(source, found, order)))


def _find(source: AccountingSource, order: Order, now: datetime) -> Outcome:
    found = source.find_posting(order.token, order.after_entry)
    if (refused := _refused(found, order)) is not None:
        return refused
    if not found.lines:
        return Later("a complete search has found nothing", now)
    if found.drafts or _unsettled(source, found, order):
        return Later("entered in part", now)
    return Done(_posted(found, order, ()))


def _refused(found: PostingFound, order: Order) -> Refused | None:
    """What only a person can mend."""
    if found.doubled:
        _log.error("token stands twice in a ledger", token=order.token)
        return Refused("posted_twice", f"{order.token} stands in the ledger more than once")
    ordinals = {line.ordinal for line in found.lines}
    if ordinals and ordinals != set(range(1, len(order.lines) + 1)):
        return Refused("incomplete", f"some lines of {order.token} were taken out of the journal")
    return None


def _drafted(source: AccountingSource, order: Order) -> tuple[int, ...]:
    """The numbers of new drafts; none when every period is closed."""
    day = source.first_open_day(order.voucher_on)
    if day is None:
        return ()
    lines = order.lines
    if day != order.voucher_on:
        # The day that the money moved on stays in the text.
        lines = tuple(replace(line, text=f"{line.text} {order.voucher_on}") for line in lines)
    return source.draft(Posting(day, lines), order.token, f"{order.key}:draft")


def _unsettled(
    source: AccountingSource, found: PostingFound, order: Order
) -> Sequence[tuple[int, int]]:
    """Pairs of our entry and the one that it pays, where ours is not used up."""
    entries = {line.ordinal: line.party_entry for line in found.booked}
    settles = [*order.settles, *_given_up(source, order)]
    pairs = [(entries[ordinal], settled) for ordinal, settled in settles]
    return [
        (ours, settled)
        for ours, settled in pairs
        if ours is not None and source.get(ours).remaining
    ]


def _given_up(source: AccountingSource, order: Order) -> Iterator[tuple[int, int]]:
    """The entries behind the marks: a charge that never came into the ledger has none to match."""
    for ordinal, mark in order.gives_up:
        token, _, line = mark.rpartition(".")
        for found in source.find_posting(token).booked:
            if str(found.ordinal) == line and found.customer_entry is not None:
                yield ordinal, found.customer_entry


def _matched(source: AccountingSource, found: PostingFound, order: Order) -> tuple[int, ...]:
    """Set our entries off; gives the entries that the ledger would not let us."""
    unmatched = []
    for pair in _unsettled(source, found, order):
        try:
            source.match([pair])
        except errors.Refused:
            unmatched.append(pair[1])
    return tuple(unmatched)


def _posted(found: PostingFound, order: Order, unmatched: tuple[int, ...]) -> Posted:
    first = found.booked[0]
    moved = first.voucher_on != order.voucher_on
    return Posted(
        voucher=", ".join(dict.fromkeys(_shown(line) for line in found.booked)),
        posted_on=first.voucher_on,
        moved_because=f"the period of {order.voucher_on} is closed" if moved else None,
        supplier_entry=first.supplier_entry,
        unmatched=unmatched,
        customer_entries=tuple(
            (line.ordinal, line.customer_entry)
            for line in found.booked
            if line.customer_entry is not None
        ),
    )


def _shown(line: FoundLine) -> str:
    assert line.voucher is not None, "a booked line has its voucher"
    return f"{line.voucher.accounting_year}-{line.voucher.number}"
