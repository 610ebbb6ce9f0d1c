"""What intents and due work are called, and what they carry to those who perform them."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from shared.sealed import Sealed

SEND_BATCH: Final = "bank.send_batch"
POLL_BATCH: Final = "bank.poll_status"
READ_ACCOUNT: Final = "bank.read_statement"
CANCEL_BATCH: Final = "bank.cancel_batch"

RELEASE: Final = "payments.release"
POLL_STATUS: Final = "payments.poll_status"
READ_STATEMENT: Final = "payments.read_statement"
ALERT: Final = "payments.alert_unknown"


class BatchToSend(msgspec.Struct, frozen=True):
    """The sealed bytes and their hash. The message id is the effect's key."""

    body: Sealed
    sha256: str
    debtor_fingerprint: str


class BatchAtBank(msgspec.Struct, frozen=True):
    bank_payment_id: str


class StatementToRead(msgspec.Struct, frozen=True):
    """Which account, from which day to which, both included."""

    account: Sealed
    fingerprint: str
    from_on: date
    to_on: date


def batch_of(key: str) -> UUID:
    """The batch that an effect's key or a due key speaks of."""
    return UUID(key.partition(":")[0])
