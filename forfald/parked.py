"""What a service has set aside, for whoever has the keys of the installation: list, replay, skip.

Unlike the pages, which keep to a person's clients, this looks at all tenants. Each act is recorded
with the name of the machine's user.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.database import Database
from shared.service import Service, Surroundings
from shared.stream.parking import Parked, Parking, Replayed, Waiting

_NOBODY: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Aside:
    """One service's parked messages: seen through its reader, settled through its own role."""

    seen: Parking
    settled: Parking

    @classmethod
    @contextmanager
    def of(cls, service: Service, surroundings: Surroundings) -> Iterator[Self]:
        databases = [
            Database(surroundings.address.dsn(service.name, role), pool_size=0)
            for role in ("reader", "app")
        ]
        try:
            yield cls(*(
                Parking(service.subscriptions, service.rules, database, surroundings.clock)
                for database in databases
            ))  # fmt: skip
        finally:
            for database in databases:
                database.close()

    def waiting(self) -> list[Waiting]:
        """Each key that waits, of whichever tenant."""
        return self.seen.keys([])

    def replay(self, key: str, by: str, reason: str) -> list[tuple[Waiting, Replayed]]:
        """Handle what waits under a key, as the table writes it; empty where nothing does."""
        return [
            (one, self.settled.replay(_tenant(one.first), one.first.key, by, reason or None))
            for one in self.waiting()
            if key_text(one.first) == key
        ]

    def skip(self, topic: str, partition: int, seq: int, by: str, reason: str) -> bool:
        """Let one message go without its effect; false where none waits there.

        Raises ValueError without a reason.
        """
        found = self.seen.find([], topic, partition, seq)
        return found is not None and self.settled.skip(_tenant(found), found, by, reason)


def _tenant(message: Parked) -> UUID:
    return message.tenant_id or _NOBODY


def key_text(message: Parked) -> str:
    return message.key.key.decode("utf-8", "backslashreplace")


def show(waiting: Sequence[Waiting], console: Console) -> None:
    if not waiting:
        console.print("no message waits")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("topic", "partition", "seq", "key", "since", "behind", "error"):
        table.add_column(title, overflow="fold")
    for one in waiting:
        first = one.first
        # As text, since an error may hold what the console would take for markup.
        table.add_row(*map(Text, (
            first.key.topic, str(first.key.partition), str(first.seq), key_text(first),
            f"{first.parked_at:%Y-%m-%d %H:%M}", str(one.behind), first.error,
        )))  # fmt: skip
    console.print(table)


def tell(replayed: Sequence[tuple[Waiting, Replayed]], console: Console) -> bool:
    """What a replay came to; true if all of it went through."""
    if not replayed:
        console.print("no message waits under this key")
    for one, done in replayed:
        console.print(f"{one.first.key.topic}: {done.count} handled", highlight=False)
        if (stopped := done.stopped_at) is not None:
            place = f"{stopped.key.topic} {stopped.key.partition} {stopped.seq}"
            console.print(Text(f"stopped at {place}: {stopped.error}"))
    return bool(replayed) and all(done.stopped_at is None for _, done in replayed)
