"""What an approver says yes to, as a digest, and the yes itself, as a signature.

The digest covers everything that decides where money goes; changing any of it makes every earlier
yes void. It is computed by whoever is about to ask or to send, over the opened values, and is never
taken from a message. (RTS on strong customer authentication, art. 5: a code is specific to amount
and payee, and any change of either voids it.)
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.contracts.values import Grant, PolicyTier
from shared.money import Money

BY_POLICY = "policy"
"""The method of a grant that no person gave: the policy asks nobody. Its approver is `NOBODY`."""
NOBODY = UUID(int=0)


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


def approvers_needed(tiers: Sequence[PolicyTier], amount: Money) -> int:
    """How many different people must say yes to an amount: one meaning for asker and checker.

    Of the tiers in its currency those count whose limit it exceeds, and of them the strictest. A
    currency that the policy does not name, or an amount beneath all its limits, needs as many as
    the policy asks for anywhere, and one where it says nothing at all.
    """
    exceeded = [
        tier.approvers
        for tier in tiers
        if tier.currency == amount.currency and amount.minor > tier.above_minor
    ]
    return max(exceeded or [tier.approvers for tier in tiers], default=1)
