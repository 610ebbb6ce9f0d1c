"""One entry of a party's ledger, as it was told.

    (unknown) --ObserveEntry--> open <--ItemMatched, ItemUnmatched--> settled
       open --MissItem--> missed --MissItem, an hour later--> withdrawn
              any of them --ObserveEntry--> open again, or as it stands now

Told only on change: the same observation twice says nothing the second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

import msgspec

from services.sync import events as e
from services.sync.commands import ItemCommand, KeepCopy, KeepReading, MissItem, ObserveEntry
from services.sync.model.document import as_booked
from services.sync.values import Entry
from shared.contracts.sync import Allocation
from shared.contracts.values import Copy
from shared.decider import Decider
from shared.money import Money

BETWEEN_SWEEPS: Final = timedelta(hours=1)
_SEEN: Final[
    dict[
        str,
        type[e.InvoiceSeen | e.CreditNoteSeen | e.PaymentSeen | e.ChargeSeen | e.OtherEntrySeen],
    ]
] = {
    "invoice": e.InvoiceSeen,
    "credit_note": e.CreditNoteSeen,
    "payment": e.PaymentSeen,
    "charge": e.ChargeSeen,
    "other": e.OtherEntrySeen,
}


@dataclass(frozen=True, slots=True)
class Item:
    entry: Entry | None = None
    remaining: Money | None = None
    missed_at: datetime | None = None
    withdrawn: bool = False
    copy_of: Copy | None = None
    allocations: tuple[Allocation, ...] = ()


def decide(command: ItemCommand, item: Item) -> Sequence[e.ItemEvent]:
    match command:
        case ObserveEntry():
            return _observe(command, item)
        case MissItem():
            return _miss(command, item)
        case KeepCopy():
            return _keep_copy(command, item)
        case KeepReading():
            return _keep_reading(command, item)
        case _:
            assert_never(command)


def _observe(command: ObserveEntry, item: Item) -> Sequence[e.ItemEvent]:
    entry = command.entry
    if item.entry is None or item.remaining is None:
        return [_first_sight(command), *_allocated(command, ())]
    told: list[e.ItemEvent] = []
    if item.missed_at is not None or item.withdrawn:
        told.append(e.ItemFound())
    # What was withdrawn is told anew in full, since others have let go of it.
    if entry.print != item.entry.print or item.withdrawn:
        # Whether it was history is settled by the first sight of it.
        told.append(
            e.EntryAltered(msgspec.structs.replace(entry, historical=item.entry.historical))
        )
    against = item.allocations if command.allocations is None else command.allocations
    if abs(command.remaining.minor) < abs(item.remaining.minor):
        told.append(e.ItemMatched(command.remaining, command.matched_on, against))
    elif command.remaining != item.remaining:
        told.append(e.ItemUnmatched(command.remaining, against))
    else:
        # As much remains as before, and something else stands against it.
        told += _allocated(command, item.allocations)
    return told


def _first_sight(command: ObserveEntry) -> e.ItemEvent:
    entry = command.entry
    if entry.kind == "invoice":
        return e.InvoiceSeen(entry, command.remaining, command.copy_of)
    return _SEEN[entry.kind](entry, command.remaining)


def _allocated(command: ObserveEntry, known: tuple[Allocation, ...]) -> list[e.ItemEvent]:
    against = command.allocations
    if against is None or against == known:
        return []
    return [e.ItemMatched(command.remaining, command.matched_on, against)]


def _miss(command: MissItem, item: Item) -> Sequence[e.ItemEvent]:
    if item.entry is None or item.withdrawn:
        return []
    if item.missed_at is None:
        return [e.ItemMissed(command.missed_at)]
    if command.missed_at - item.missed_at >= BETWEEN_SWEEPS:
        return [e.ItemWithdrawn()]
    return []


def _keep_copy(command: KeepCopy, item: Item) -> Sequence[e.ItemEvent]:
    if item.entry is None or item.copy_of == command.copy_of:
        return []
    return [e.CopyKept(command.copy_of)]


def _keep_reading(command: KeepReading, item: Item) -> Sequence[e.ItemEvent]:
    """A run may have seen the entry before we knew that it was ours."""
    if item.entry is None:
        return []
    entry = as_booked(item.entry, command.reading)
    return [] if entry == item.entry else [e.EntryAltered(entry)]


def evolve(item: Item, event: e.ItemEvent) -> Item:
    match event:
        case e.InvoiceSeen():
            return Item(event.entry, event.remaining, copy_of=event.copy_of)
        case e.CreditNoteSeen() | e.PaymentSeen() | e.ChargeSeen() | e.OtherEntrySeen():
            return Item(event.entry, event.remaining)
        case e.EntryAltered():
            return replace(item, entry=event.entry)
        case e.ItemMatched() | e.ItemUnmatched():
            return replace(item, remaining=event.remaining, allocations=event.allocations)
        case e.ItemMissed():
            return replace(item, missed_at=event.missed_at)
        case e.ItemFound():
            return replace(item, missed_at=None, withdrawn=False)
        case e.ItemWithdrawn():
            return replace(item, withdrawn=True)
        case e.CopyKept():
            return replace(item, copy_of=event.copy_of)
        case _:
            assert_never(event)


ITEM: Decider[ItemCommand, Item, e.ItemEvent] = Decider(decide, evolve, Item())
