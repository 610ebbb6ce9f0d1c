"""What an approver says yes to, as a digest, and the yes itself, as a signature.

The digest covers everything that decides where money goes; changing any of it makes every earlier
yes void. It is computed by whoever is about to ask or to send, over the opened values, and is never
taken from a message. (RTS on strong customer authentication, art. 5: a code is specific to amount
and payee, and any change of either voids it.)
"""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.contracts.values import Grant
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Approvable:
    """The facts of one order that an approval covers, opened.

    `account` and `reference` are as sent to the bank; `pay_on` is the earliest day.
    """

    tenant_id: UUID
    debtor_account: str
    payment_id: UUID
    revision: int
    amount: Money
    creditor_name: str
    rail: str
    account: str
    reference: str | None
    pay_on: date


def digest_of(order: Approvable) -> str:
    """SHA-256 of the canonical form (JSON, sorted keys), in hex."""
    return sha256(msgspec.json.encode(asdict(order), order="sorted")).hexdigest()


def _signed_bytes(tenant_id: UUID, grant: Grant) -> bytes:
    facts = {name: value for name, value in asdict(grant).items() if name != "signature"}
    return msgspec.json.encode({"tenant_id": tenant_id, **facts}, order="sorted")


def sign(tenant_id: UUID, grant: Grant, key: Ed25519PrivateKey) -> Grant:
    """The grant with the approvals service's signature over everything else in it."""
    signature = base64.b64encode(key.sign(_signed_bytes(tenant_id, grant))).decode()
    return Grant(**{**asdict(grant), "signature": signature})


def is_signed(tenant_id: UUID, grant: Grant, key: Ed25519PublicKey) -> bool:
    """Whether this very grant was given for this tenant by the holder of the key."""
    try:
        key.verify(base64.b64decode(grant.signature), _signed_bytes(tenant_id, grant))
    except (InvalidSignature, ValueError):
        return False
    return True
