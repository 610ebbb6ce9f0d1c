"""Names that go out and come back: to the ledger with a voucher, to the bank with an order."""

from __future__ import annotations

import base64
import binascii
from uuid import UUID, uuid5

_LETTERS = 26


def end_to_end_id(payment_id: UUID, revision: int) -> str:
    """The id that goes to the payee's bank: 26 letters of the order's id, and its revision.

    It is the same in every release of a revision, so that a bank which did get an earlier message
    can tell; ISO 20022 allows 35 characters.
    """
    return f"{_letters(payment_id)}-{revision}"


def token_of(aggregate_id: UUID, version: int) -> str:
    """The token of the voucher that an event asks for: the same event asks under the same token."""
    return f"{_letters(aggregate_id)}.{version}"


def posting_id_of(event_id: UUID) -> UUID:
    return uuid5(event_id, "posting")


def aggregate_of(token: str) -> UUID | None:
    """Whose event asked under a token; None if it is none of ours."""
    letters, dot, version = token.partition(".")
    if not dot or not version.isdecimal() or len(letters) != _LETTERS:
        return None
    try:
        return UUID(bytes=base64.b32decode(letters + "======"))
    except (binascii.Error, ValueError):
        return None


def _letters(identifier: UUID) -> str:
    return base64.b32encode(identifier.bytes).decode().rstrip("=")
