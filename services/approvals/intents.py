"""What intents and due work are called, and what they carry to those who perform them."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

REMIND: Final = "remind"
EXPIRE: Final = "expire"


class Reminder(msgspec.Struct, frozen=True):
    """Of what is to be reminded: the payments of a request with this latest hour."""

    request_id: UUID
    latest_approval_at: datetime
