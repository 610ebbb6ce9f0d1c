"""A debtor's name as the tables hold it: sealed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shared.sealed import Sealed


def name_of(stored: dict[str, Any] | None) -> Sealed | None:
    return Sealed(UUID(stored["subject"]), stored["sealed"]) if stored else None
