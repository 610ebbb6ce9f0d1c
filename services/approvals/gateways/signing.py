"""Signs grants with the service's own key; payments has the public half pinned."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Self
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared import evidence
from shared.contracts.values import Grant


@dataclass(frozen=True, slots=True)
class Signer:
    """`key_id` is the beginning of the public key's SHA-256, so that it follows from the key."""

    key: Ed25519PrivateKey
    key_id: str

    @classmethod
    def read(cls, private_key: str) -> Self:
        """From the setting `approvals_private_key`: the 32 raw bytes in base64."""
        try:
            key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(private_key, validate=True))
        except (binascii.Error, ValueError) as error:
            # Without the error's own text, which could quote the key.
            raise ValueError("approvals_private_key is not 32 bytes in base64") from error
        return cls(key, key_id_of(key.public_key().public_bytes_raw()))

    def sign(self, tenant_id: UUID, grant: Grant) -> Grant:
        return evidence.sign(tenant_id, replace(grant, key_id=self.key_id), self.key)


def key_id_of(public_key: bytes) -> str:
    return sha256(public_key).hexdigest()[:16]
