"""A pack of reports on one month: frozen once, and never again.

    (none) --FreezeReport--> frozen

What is learnt later does not change it: the pages list what would be otherwise today.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from services.dunning.commands.report import FreezeReport, ReportCommand
from services.dunning.events.report import ReportEvent, ReportFrozen
from shared.decider import Decider

Report = ReportFrozen | None
"""What is known of a pack is how it was frozen."""


def report_id_of(tenant_id: UUID, kind: str, period: str) -> UUID:
    """One pack of each kind and month (`2026-03`)."""
    return uuid5(tenant_id, f"report:{kind}:{period}")


def decide(command: ReportCommand, report: Report) -> Sequence[ReportEvent]:
    match command:
        case FreezeReport():
            return freeze(command, report)


def freeze(command: FreezeReport, report: Report) -> Sequence[ReportEvent]:
    """The first one stands, whoever asks again."""
    if report is not None:
        return []
    return [ReportFrozen(command.kind, command.period, command.known_at, command.copy_of)]


def evolve(_: Report, event: ReportEvent) -> Report:
    return event


REPORT: Decider[ReportCommand, Report, ReportEvent] = Decider(decide, evolve, initial=None)
