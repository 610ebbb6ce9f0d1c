"""Names and ids that follow from what they name, so that nothing can be made twice."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid5

_LETTERS = 26


def creditor_id_of(tenant_id: UUID) -> UUID:
    return uuid5(tenant_id, "creditor")


def daily_id_of(tenant_id: UUID, what: str) -> UUID:
    """A fact of one day: a run by its id, a control account by its instant, a list by its day."""
    return uuid5(tenant_id, what)


def notice_id_of(
    debtor_id: UUID, issued_on: date, kind: str, invoices: Sequence[UUID], attempt: int
) -> UUID:
    """One letter about the same invoices on one day; the next `attempt` after one that fell."""
    named = ",".join(str(invoice_id) for invoice_id in sorted(invoices))
    return uuid5(debtor_id, f"{issued_on.isoformat()}:{kind}:{named}:{attempt}")


def charge_id_of(notice_id: UUID, invoice_id: UUID, kind: str) -> UUID:
    return uuid5(notice_id, f"{invoice_id}:{kind}")


def token_of(invoice_id: UUID, version: int) -> str:
    """The token of the voucher that an event asks for: the same event asks under the same token."""
    return f"{base64.b32encode(invoice_id.bytes).decode().rstrip('=')}.{version}"


def line_token(token: str, number: int) -> str:
    """The name of one line of a voucher, as it stands in the entry's text."""
    return f"{token}.{number}"


def posting_of(token: str) -> tuple[UUID, int] | None:
    """The invoice, and which of its events asked under a token; None if it is none of ours."""
    letters, dot, version = token.partition(".")
    if not dot or not version.isdecimal() or len(letters) != _LETTERS:
        return None
    try:
        return UUID(bytes=base64.b32decode(letters + "======")), int(version)
    except (binascii.Error, ValueError):
        return None


def line_of(token: str) -> tuple[UUID, int, int] | None:
    """The invoice, posting and number of a line's token; None if it is none of ours."""
    posting, _, number = token.rpartition(".")
    found = posting_of(posting)
    return (*found, int(number)) if found is not None and number.isdecimal() else None


def posting_id_of(invoice_id: UUID, version: int) -> UUID:
    return uuid5(invoice_id, f"posting:{version}")
