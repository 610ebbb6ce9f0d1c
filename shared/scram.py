"""A password as PostgreSQL keeps it: whoever makes a role tells the server this, never the password.

SCRAM stretches guesses by thousands of rounds, for passwords that people think of. Ours are made by
chance: one round keeps them as well, and every connection opens in half the time.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64encode
from hashlib import pbkdf2_hmac, sha256

_ROUNDS = 1


def verifier(password: str) -> str:
    """What `create role … password` takes in a password's stead (RFC 5803).

    `password` has at least 128 bits of chance and is ASCII, so that it needs no preparation
    (RFC 4013).
    """
    salt = secrets.token_bytes(16)
    salted = pbkdf2_hmac("sha256", password.encode("ascii"), salt, _ROUNDS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    stored_key = sha256(client_key).digest()
    return f"SCRAM-SHA-256${_ROUNDS}:{_text(salt)}${_text(stored_key)}:{_text(server_key)}"


def _text(raw: bytes) -> str:
    return b64encode(raw).decode("ascii")
