"""The causal chain of one invoice across the services, from their logs: what, when, who, where.

Every event names the event directly before it, so the chain is read, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec
from rich.console import Console

from forfald.aligned import Aligned
from forfald.verify.facts import Facts, Stored

_ROOT: Final = Path(__file__).parents[1]
# The order in which an invoice meets the services.
_ORDER: Final = {
    "sync": 0,
    "payments": 1,
    "dunning": 1,
    "approvals": 2,
    "collections": 3,
    "notifications": 4,
    "tenants": 5,
}
Id = tuple[str, UUID]
"""An event's service and id: two services may each know a thing by the same id."""


@dataclass(frozen=True, slots=True)
class Step:
    """One event on the invoice's way. `after`: the step that led to it; `file`: where it was decided."""

    at: datetime
    after: int | None
    service: str
    event: str
    actor: str
    file: str


def follow(facts: Facts, invoice: str) -> list[Step]:
    """The steps of an invoice by its number or id, in the order of business time."""
    causes = _causes(facts)
    found = _in_order(_on_the_way(facts, _streams_of(facts, invoice), causes), causes)
    numbers: dict[Id | None, int] = {
        _id_of(event): number for number, event in enumerate(found, start=1)
    }
    return [
        Step(
            at=event.recorded_at,
            after=numbers.get(causes[_id_of(event)]),
            service=event.service,
            event=_short(event),
            actor=msgspec.json.decode(event.meta)["actor"],
            file=_file_of(event.service, _short(event)),
        )
        for event in found
    ]


def _causes(facts: Facts) -> dict[Id, Id | None]:
    """The event directly before each: where a message came between, the one that it tells of."""
    told = {
        message.event_id: (service, UUID(msgspec.json.decode(message.headers)["ce_causationid"]))
        for service, messages in facts.published.items()
        for message in messages
    }

    def before(event: Stored) -> Id | None:
        cause = msgspec.json.decode(event.meta).get("causation_id")
        return told.get(UUID(cause), (event.service, UUID(cause))) if cause else None

    return {_id_of(event): before(event) for event in _all(facts)}


def _on_the_way(facts: Facts, ours: set[UUID], causes: Mapping[Id, Id | None]) -> list[Stored]:
    """What speaks of the invoice, and what followed from that and speaks of no other one."""
    everybodys = {
        stream
        for event in facts.named("payments.PaymentDrafted.v1")
        for stream in (event.aggregate_id, UUID(event.fields["invoice"]["invoice_id"]))
    }
    found = {_id_of(event): event for event in _all(facts) if _speaks_of(event, ours)}
    while following := {
        name: event
        for event in _all(facts)
        if (name := _id_of(event)) not in found
        and causes[name] in found
        and not _speaks_of(event, everybodys - ours)
    }:
        found |= following
    return list(found.values())


def _in_order(found: Sequence[Stored], causes: Mapping[Id, Id | None]) -> list[Stored]:
    """By business time; at one instant, each after its cause and after the one before it in its stream."""
    known = {_id_of(event): event for event in found}

    @cache
    def depth(name: Id | None) -> int:
        if name is None or (event := known.get(name)) is None:
            return 0
        before = event.service, uuid5(event.aggregate_id, str(event.version - 1))
        return 1 + max(depth(causes[name]), depth(before))

    return sorted(
        found,
        key=lambda event: (
            event.recorded_at, depth(_id_of(event)), _ORDER[event.service], event.position,
        ),
    )  # fmt: skip


def _all(facts: Facts) -> Iterator[Stored]:
    return chain.from_iterable(facts.events.values())


def _id_of(event: Stored) -> Id:
    return event.service, uuid5(event.aggregate_id, str(event.version))


def _short(event: Stored) -> str:
    return event.name.split(".")[1]


def _streams_of(facts: Facts, invoice: str) -> set[UUID]:
    """The invoice's own aggregates: those that say they are about it."""
    found = {
        UUID(record["invoice_id"])
        for record in _booked(facts)
        if invoice in {record["number"], record["invoice_id"]}
    }
    payments = {
        event.aggregate_id
        for event in facts.named("payments.PaymentDrafted.v1")
        if UUID(event.fields["invoice"]["invoice_id"]) in found
    }
    return found | payments


def _booked(facts: Facts) -> Iterator[Any]:
    for record in facts.published.get("sync", ()):
        if record.type_name == "forfald.sync.InvoiceBooked.v1":
            yield msgspec.json.decode(record.body)


def _speaks_of(event: Stored, streams: set[UUID]) -> bool:
    return event.aggregate_id in streams or any(
        str(stream).encode() in event.body for stream in streams
    )


@cache
def _file_of(service: str, name: str) -> str:
    """The file whose rule decides the event, or else the one that makes it of what was decided."""
    folder = _ROOT / "services" / service
    for path in (*sorted((folder / "model").glob("*.py")), *sorted((folder / "acts").glob("*.py"))):
        if f"{name}(" in path.read_text(encoding="utf-8"):
            return path.relative_to(_ROOT).as_posix()
    told = folder / "publications.py"
    return (told if told.exists() else told.with_suffix("")).relative_to(_ROOT).as_posix()


def show(steps: Sequence[Step], people: Mapping[UUID, str], console: Console) -> None:
    """`people`: names of those who may be named here; of the others, their id is shown."""
    table = Aligned("", "after", "when (UTC)", "event", "by", "decided in", right={0, 1})
    day = None
    for number, step in enumerate(steps, start=1):
        when = f"{step.at:%H:%M:%S}" if step.at.date() == day else f"{step.at:%a %d %b %H:%M:%S}"
        day = step.at.date()
        table.add(
            str(number), str(step.after or ""), when.rjust(len("Mon 02 Mar 07:40:00")), step.event,
            _who(step.actor, people), step.file,
        )  # fmt: skip
    table.show(console)


def _who(actor: str, people: Mapping[UUID, str]) -> str:
    kind, _, who = actor.partition(":")
    if kind != "user":
        return who
    return people.get(UUID(who), f"user {who[:8]}")
