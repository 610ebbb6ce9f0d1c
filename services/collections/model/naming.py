"""Ids that follow from what they name, and names that go out and come back."""

from __future__ import annotations

import base64
from uuid import UUID, uuid5


def claim_id_of(tenant_id: UUID, invoice_id: UUID) -> UUID:
    return uuid5(tenant_id, f"claim:{invoice_id}")


def case_id_of(tenant_id: UUID, debtor_id: UUID, currency: str, attempt: int) -> UUID:
    """The id of the attempt-th case of a debtor in a currency: two writers cannot make two of them."""
    return uuid5(tenant_id, f"case:{debtor_id}:{currency}:{attempt}")


def debtor_id_of(tenant_id: UUID, party_id: UUID) -> UUID:
    return uuid5(tenant_id, f"debtor:{party_id}")


def item_id_of(tenant_id: UUID, entry_id: UUID) -> UUID:
    return uuid5(tenant_id, f"item:{entry_id}")


def agreement_id_of(tenant_id: UUID, agency: str) -> UUID:
    return uuid5(tenant_id, f"agreement:{agency}")


def creditor_id_of(tenant_id: UUID) -> UUID:
    return uuid5(tenant_id, "creditor")


def reference_of(case_id: UUID) -> str:
    """What the agency knows a case by: 26 letters of its id, which no other case has."""
    return base64.b32encode(case_id.bytes).decode().rstrip("=")


def token_of(case_id: UUID, number: int) -> str:
    """What stands in a telling, so that it is found again where no answer came."""
    return f"{reference_of(case_id)}-{number}"
