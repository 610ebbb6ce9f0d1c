"""What can have happened to a pack of reports: it is frozen, once."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from shared.contracts.values import Copy
from shared.eventstore.events import Event


class ReportFrozen(Event, frozen=True, tag="dunning.ReportFrozen.v1"):
    """A pack of reports on a month (`2026-03`) as they were known at `known_at`, kept by its hash."""

    kind: Literal["quality", "month_end"]
    period: str
    known_at: datetime
    copy_of: Copy


ReportEvent = ReportFrozen
