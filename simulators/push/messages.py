"""What the push service has taken, and what is wrong with a request before it is."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from pydantic import BaseModel

from shared.clock import Clock, WallClock
from simulators.push.faults import Fault

BODY_BYTES_MAX = 4096
MESSAGES_MAX = 1000
NOTE_LIVES_AT_MOST = timedelta(days=1)
_URGENCIES = {"very-low", "low", "normal", "high"}
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
_VAPID = re.compile(r"vapid t=([A-Za-z0-9_.-]+), ?k=([A-Za-z0-9_-]+)")


class Message(BaseModel):
    """One message as it came; `body` is base64 and nobody's but the device's to read."""

    number: int
    device: str
    body: str
    ttl: int
    topic: str
    urgency: str
    sender: str
    """Whom the push service may write to, by the sender's signed note."""
    received_at: datetime


@dataclass
class Office:
    """Messages and faults, by the clock of whoever runs the simulation."""

    clock: Clock
    wall: Clock = field(default_factory=WallClock)
    _messages: list[Message] = field(default_factory=list)
    _faults: list[Fault] = field(default_factory=list)
    _number: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, device: str, headers: Mapping[str, str], body: bytes, sender: str) -> Message:
        with self._lock:
            self._number += 1
            message = Message(
                number=self._number,
                device=device,
                body=base64.b64encode(body).decode(),
                ttl=int(headers["ttl"]),
                topic=headers.get("topic", ""),
                urgency=headers.get("urgency", "normal"),
                sender=sender,
                received_at=self.clock.now(),
            )
            self._messages = [*self._messages, message][-MESSAGES_MAX:]
            return message

    def messages(self) -> list[Message]:
        """All that came, oldest first: also those whose Topic a later one has replaced."""
        return list(self._messages)

    def set_fault(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._messages, self._faults = [], []

    def meet_fault(self, device: str) -> Fault | None:
        """The first fault that this device meets, used up by one."""
        with self._lock:
            for place, fault in enumerate(self._faults):
                if fault.meets(device):
                    left = fault.used()
                    self._faults[place : place + 1] = [left] if left else []
                    return fault
        return None

    def wrong_with(self, headers: Mapping[str, str], body: bytes) -> tuple[int, str] | None:
        """The status and why, of what cannot be taken (RFC 8030 §5, RFC 8188)."""
        ttl, topic = headers.get("ttl", ""), headers.get("topic")
        if not (ttl.isascii() and ttl.isdigit()):
            return 400, "TTL is missing or no number of seconds"
        if topic is not None and not _TOPIC.fullmatch(topic):
            return 400, "Topic is not up to 32 letters of base64url"
        if headers.get("urgency", "normal") not in _URGENCIES:
            return 400, "there is no such Urgency"
        if headers.get("content-encoding") != "aes128gcm":
            return 415, "Content-Encoding is not aes128gcm"
        if len(body) > BODY_BYTES_MAX:
            return 413, f"more than {BODY_BYTES_MAX} bytes"
        return None

    def sender_of(self, authorization: str, origin: str) -> str | None:
        """Whom the signed note (RFC 8292) names, if it is one for this push service and still good."""
        found = _VAPID.fullmatch(authorization)
        if not found:
            return None
        try:
            claims = jwt.decode(found[1], _key_of(found[2]), algorithms=["ES256"]).claims
        except (JoseError, ValueError):
            return None
        left = datetime.fromtimestamp(int(claims.get("exp", 0)), UTC) - self.wall.now()
        in_time = timedelta() < left <= NOTE_LIVES_AT_MOST
        known = str(claims.get("sub", "")).startswith(("mailto:", "https:"))
        return str(claims["sub"]) if in_time and known and claims.get("aud") == origin else None


def _key_of(point: str) -> ECKey:
    raw = base64.urlsafe_b64decode(point + "=" * (-len(point) % 4))
    x, y = (base64.urlsafe_b64encode(half).rstrip(b"=").decode() for half in (raw[1:33], raw[33:]))
    return ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y})
