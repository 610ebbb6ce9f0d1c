"""What can be asked of a pack of reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.contracts.values import Copy


@dataclass(frozen=True, slots=True)
class FreezeReport:
    kind: Literal["quality", "month_end"]
    period: str
    known_at: datetime
    copy_of: Copy


ReportCommand = FreezeReport
