"""Pushes over HTTP, to whichever push service a device's browser has chosen (RFC 8030).

Each request says who sends it by a signed note (VAPID, RFC 8292), so that nobody else can use the
devices that were registered here.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from services.notifications.gateways.push import Gone, NotSent, OutcomeUnknown, Refused
from services.notifications.gateways.push_encryption import encrypted
from services.notifications.model.device import is_at
from services.notifications.model.push import Push
from shared.clock import Clock
from shared.http import Answer, Exchange, Limits, Transport, Unanswered, Unreached, log_exchange

A_P256_KEY: Final = "a private key on P-256 (JWK)"
_ALGORITHM: Final = "ES256"
_LIFETIME: Final = timedelta(hours=12)
"""Of the signed note; push services take none that is good for more than a day (RFC 8292 §2)."""
_LIMITS: Final = Limits(read=10, whole=20, answer_bytes=100_000)
_GONE: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_LATER: Final = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}


def push_key(text: str) -> ECKey:
    """Raises where it is not a private key on P-256."""
    key = ECKey.import_key(json.loads(text))
    if key.curve_name != "P-256" or not key.is_private:
        raise ValueError("another key")
    return key


def public_point(key: ECKey) -> str:
    """What a browser is given as `applicationServerKey`, and a push service in each request."""
    public = key.as_dict(private=False)
    point = b"\x04" + b"".join(_unpadded(str(public[axis])) for axis in ("x", "y"))
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


class WebPush:
    def __init__(self, key: ECKey, *, contact: str, services: Collection[str], wall: Clock) -> None:
        """`contact` is whom a push service writes to when we misbehave: a `mailto:` address.

        `wall`: what a push service calls now, whatever the time is in a demonstration.
        """
        self._key = key
        self._public = public_point(key)
        self._contact = contact
        self._services = services
        self._wall = wall
        self._transports: dict[str, Transport] = {}

    def send(self, push: Push) -> None:
        endpoint = push.to.endpoint
        if not is_at(endpoint, self._services):
            raise Refused("push_service_unknown")  # it was named when the device was registered
        there = urlsplit(endpoint)
        origin = f"{there.scheme}://{there.netloc}"
        headers = {
            "Authorization": f"vapid t={self._note(origin)}, k={self._public}",
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(push.keep_for.total_seconds())),
            "Topic": push.topic,
            "Urgency": "high" if push.urgent else "normal",
        }
        try:
            answer = self._transport(origin).send(
                "POST",
                endpoint.removeprefix(origin),
                body=encrypted(push.message, push.to),
                headers=headers,
            )
        except Unreached as error:
            raise NotSent("push_unreached") from error
        except Unanswered as error:
            raise OutcomeUnknown("no_answer") from error
        self._judge(answer)

    def _judge(self, answer: Answer) -> None:
        status = answer.status
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return
        if status in _GONE:
            raise Gone("device_gone")
        if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NotSent(f"push_{status}", answer.asked_wait(self._wall.now()))
        raise Refused(f"push_{status}")

    def _note(self, origin: str) -> str:
        claims = {
            "aud": origin,
            "exp": int((self._wall.now() + _LIFETIME).timestamp()),
            "sub": self._contact,
        }
        header = {"typ": "JWT", "alg": _ALGORITHM}
        return jwt.encode(header, claims, self._key, algorithms=[_ALGORITHM])

    def _transport(self, origin: str) -> Transport:
        """One for each push service: where one fails, others are still asked."""
        if origin not in self._transports:
            self._transports[origin] = Transport(origin, limits=_LIMITS, log=log_without_path)
        return self._transports[origin]


def log_without_path(exchange: Exchange) -> None:
    """The path is the device's address, and whoever has it can write to the device."""
    log_exchange(replace(exchange, path="/…"))


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
