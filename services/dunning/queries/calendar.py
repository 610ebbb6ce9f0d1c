"""What stands on the calendar of a client."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.dunning.intents import SEND

_NEXT = """
    select min(due_at) from due where tenant_id = %s and job = %s and done_at is null
"""


def goes_at(raw: Any, tenant_id: UUID) -> datetime | None:
    """When what stands on today's list and asks nobody is sent; None where it has been or nothing is."""
    row = raw.execute(_NEXT, (tenant_id, SEND)).fetchone()
    return None if row is None else row[0]
