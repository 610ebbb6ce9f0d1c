"""Ids that follow from what they name, and tokens that mark our vouchers in the ledger."""

from __future__ import annotations

import base64
from typing import Final
from uuid import UUID, uuid5

PAYMENT_TEXTS: Final = {
    "da": "Betaling",
    "sv": "Betalning",
    "nb": "Betaling",
    "fi": "Maksu",
    "en": "Payment",
}

CHARGE_TEXTS: Final = {
    "fee_income": {
        "da": "Rykkergebyr",
        "sv": "Påminnelseavgift",
        "nb": "Purregebyr",
        "fi": "Muistutusmaksu",
        "en": "Reminder fee",
    },
    "interest_income": {
        "da": "Morarente",
        "sv": "Dröjsmålsränta",
        "nb": "Forsinkelsesrente",
        "fi": "Viivästyskorko",
        "en": "Late interest",
    },
    "compensation_income": {
        "da": "Kompensationsbeløb",
        "sv": "Förseningsersättning",
        "nb": "Standardkompensasjon",
        "fi": "Vakiokorvaus",
        "en": "Compensation",
    },
}


def connection_id_of(tenant_id: UUID) -> UUID:
    """A client has one ledger."""
    return uuid5(tenant_id, "ledger")


def item_id_of(connection_id: UUID, entry_number: int) -> UUID:
    return uuid5(connection_id, f"entry:{entry_number}")


def party_id_of(connection_id: UUID, supplier_number: int) -> UUID:
    return uuid5(connection_id, f"supplier:{supplier_number}")


def customer_id_of(connection_id: UUID, customer_number: int) -> UUID:
    """A customer and a supplier of one number are two."""
    return uuid5(connection_id, f"customer:{customer_number}")


def document_id_of(tenant_id: UUID, sha256: str) -> UUID:
    """The same document twice is one."""
    return uuid5(tenant_id, f"einvoice:{sha256}")


def run_id_of(connection_id: UUID, version: int) -> UUID:
    """The run that begins at this version of the connection's history."""
    return uuid5(connection_id, f"run:{version}")


def following(run_id: UUID) -> UUID:
    """The run that was asked for while this one was under way."""
    return uuid5(run_id, "following")


def token_of(document_id: UUID) -> str:
    """The token of an e-invoice's voucher: 26 letters and a number, as those of payments."""
    return base64.b32encode(document_id.bytes).decode().rstrip("=") + ".1"
