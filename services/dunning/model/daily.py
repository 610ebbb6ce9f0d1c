"""A creditor's days: a run of its ledger, what the control account said, today's list. Each once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from services.dunning import commands as c
from services.dunning.events import daily as e
from shared.decider import Decider


def decide(command: c.DailyCommand, is_noted: bool) -> Sequence[e.DailyEvent]:
    """One fact; told again, nothing."""
    if is_noted:
        return []
    match command:
        case c.NoteRun():
            return [e.MirrorRefreshed(command.as_of_at)]
        case c.NoteControlTotal():
            return [
                e.ControlTotalNoted(command.ledger_total, command.mirror_total, command.read_on)
            ]
        case c.PublishList():
            return [
                e.ListPublished(
                    command.listed_on,
                    command.invoices,
                    command.debtors,
                    command.principal,
                    command.goes_at,
                )
            ]
        case _:
            assert_never(command)


def evolve(_: bool, __: e.DailyEvent) -> bool:
    return True


DAILY: Decider[c.DailyCommand, bool, e.DailyEvent] = Decider(decide, evolve, initial=False)
