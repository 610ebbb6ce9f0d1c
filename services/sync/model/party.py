"""A supplier as the ledger has it: told whenever it is another than told before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from services.sync.commands import NoteParty
from services.sync.events import PartyChanged
from shared.decider import Decider


def decide(command: NoteParty, party: PartyChanged | None) -> Sequence[PartyChanged]:
    if party is not None and party.print == command.print:
        return []
    return [PartyChanged(**{name: getattr(command, name) for name in asdict(command)})]


PARTY: Decider[NoteParty, PartyChanged | None, PartyChanged] = Decider(
    decide, lambda _, event: event, None
)
