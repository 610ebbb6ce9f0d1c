"""Where pushes to a device go, and by which keys they are encrypted (RFC 8030, RFC 8291).

A browser gives all of it as `PushSubscription.toJSON()`. The endpoint is chosen by a person and called
by our server, so it is taken at the push services alone that the installation names. Nothing here
repeats what was given: whoever knows an endpoint can write to the device.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from shared.decider import Rejected

ENDPOINT_LENGTH_MAX: Final = 2000
AUTH_BYTES: Final = 16
BROWSERS_OWN: Final = (
    "https://fcm.googleapis.com",  # Chrome, Edge and others on Android
    "https://updates.push.services.mozilla.com",
    "https://web.push.apple.com",
    "https://*.notify.windows.com",  # Edge on Windows
)
"""The push services of the browsers (github.com/web-push-libs/webpush-java/wiki/Endpoints)."""
# Neither a user nor a fragment, and a host that no two readers take for two different ones.
_ENDPOINT = re.compile(
    r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?/[A-Za-z0-9._~/?&=%:@+!$'()*,;-]*"
)
_ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")


class Subscription(msgspec.Struct, frozen=True):
    """`p256dh` is the device's public key as an uncompressed point, `auth` its shared secret."""

    endpoint: str
    p256dh: bytes
    auth: bytes

    def __repr__(self) -> str:
        return "Subscription(…)"


def subscription_of(
    endpoint: str, p256dh: str, auth: str, services: Collection[str]
) -> Subscription:
    """What a browser has given. Raises Rejected, which names the field."""
    if len(endpoint) > ENDPOINT_LENGTH_MAX or not _ENDPOINT.fullmatch(endpoint):
        raise Rejected("It is not the address of a push service.", code="not_an_endpoint",
                       field="endpoint")  # fmt: skip
    if not is_at(endpoint, services):
        raise Rejected("It is at none of the push services that this installation sends to.",
                       code="unknown_push_service", field="endpoint")  # fmt: skip
    return Subscription(endpoint, _point(p256dh), _secret(auth))


def is_at(endpoint: str, services: Collection[str]) -> bool:
    """Whether it leads to one of these origins; `https://*.name` are all hosts below the name."""
    there = urlsplit(endpoint)
    return any(
        there.scheme == service.scheme
        and (
            there.netloc.endswith(service.netloc[1:])
            if service.netloc.startswith("*.")
            else there.netloc == service.netloc
        )
        for service in map(urlsplit, services)
    )


def push_services(text: str) -> tuple[str, ...]:
    """Origins with spaces between. Raises ValueError for what is none."""
    origins = tuple(text.split())
    if not origins or not all(_ORIGIN.fullmatch(origin) for origin in origins):
        raise ValueError("not origins")
    return origins


def _point(text: str) -> bytes:
    try:
        point = _decoded(text)
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError:
        raise Rejected("It is not a public key on P-256, base64url.", code="not_a_key",
                       field="keys.p256dh") from None  # fmt: skip
    return point


def _secret(text: str) -> bytes:
    try:
        secret = _decoded(text)
    except ValueError:
        secret = b""
    if len(secret) != AUTH_BYTES:
        raise Rejected(f"It is not {AUTH_BYTES} bytes in base64url.", code="not_a_secret",
                       field="keys.auth")  # fmt: skip
    return secret


def _decoded(text: str) -> bytes:
    """With padding or without, as browsers differ."""
    try:
        padding = "=" * (-len(text) % 4)
        return base64.b64decode(text.encode("ascii") + padding.encode(), b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
