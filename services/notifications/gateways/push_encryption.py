"""Encrypts a push for its device, so that the push service in between carries what it cannot read.

RFC 8291 over RFC 8188 (`aes128gcm`), always as a single record. The push service sees how long it is,
so messages are filled up to the same length.
"""

from __future__ import annotations

import os
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.notifications.model.device import Subscription

RECORD_SIZE: Final = 4096
"""What every push service carries at least (RFC 8030 §7.2)."""
FILLED_UP_TO: Final = 1024
_SALT_BYTES: Final = 16
_LAST_RECORD: Final = b"\x02"


def encrypted(message: bytes, to: Subscription, *, fill: int = FILLED_UP_TO) -> bytes:
    """The body of the request. The key and salt are new each time: no two bodies are alike."""
    filled = message + _LAST_RECORD + bytes(max(0, fill - len(message)))
    return sealed_record(filled, to, generate_private_key(SECP256R1()), os.urandom(_SALT_BYTES))


def sealed_record(
    record: bytes, to: Subscription, own: EllipticCurvePrivateKey, salt: bytes
) -> bytes:
    """`record` has its delimiter and padding already. Raises ValueError where it is too long."""
    theirs = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), to.p256dh)
    ours = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    info = b"WebPush: info\x00" + to.p256dh + ours
    secret = _derived(to.auth, own.exchange(ECDH(), theirs), info, 32)
    key = _derived(salt, secret, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(salt, secret, b"Content-Encoding: nonce\x00", 12)
    sealed = AESGCM(key).encrypt(nonce, record, None)
    header = salt + RECORD_SIZE.to_bytes(4) + len(ours).to_bytes(1) + ours
    if len(header) + len(sealed) > RECORD_SIZE:
        raise ValueError("longer than push services carry")
    return header + sealed


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
