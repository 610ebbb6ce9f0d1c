"""A browser that has subscribed: gives out its subscription, and opens what was sent to it.

The other end of RFC 8291, written from its text and from nothing of the sender's.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()


@dataclass(frozen=True)
class Device:
    """`name` is the end of its endpoint."""

    service: str
    name: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def subscription(self) -> dict[str, Any]:
        """As `PushSubscription.toJSON()` gives it."""
        keys = {"p256dh": in_letters(self.public), "auth": in_letters(self.auth)}
        endpoint = f"{self.service}/push/{self.name}"
        return {"endpoint": endpoint, "expirationTime": None, "keys": keys}

    def read(self, body: bytes) -> Any:
        """The JSON of a message. Raises InvalidTag for what was not encrypted for this device."""
        salt, length = body[:16], body[20]
        record_size = int.from_bytes(body[16:20])
        if len(body) > record_size:
            raise ValueError("more than one record")
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.key.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
        )
        about = b"WebPush: info\0" + self.public + sender
        secret = HKDF(SHA256(), 32, self.auth, about).derive(shared)
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
        text = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        if text[-1:] != b"\x02":
            raise ValueError("not the last record")
        return json.loads(text[:-1])


def in_letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
