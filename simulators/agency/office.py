"""The agency's office: its pages behind one lock, its people's work, and the file it is kept in.

Nothing happens by itself: `live(now)` does what its people would have done until then. They verify a
case within two hours; what a creditor writes in a chat they do the next day: a payment or a credit note
that they are told of is booked, a case that is wanted back is closed as withdrawn. They find what they
look for by the words that our adapter uses, as people would.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from threading import RLock
from typing import Any
from uuid import UUID, uuid5

import msgspec

from simulators.agency.state import (
    ACTIVE,
    CLOSED,
    PAID,
    PAUSED,
    PENDING,
    TO_AGENCY,
    TO_CREDITOR,
    WITHDRAWN,
    Case,
    Chat,
    Creditor,
    Fault,
    FaultKind,
    Hook,
    Pages,
    Payment,
    Replay,
    Request,
    Sent,
)
from simulators.keeping import replace_whole

_NAMES = UUID("6a0c1d3e-5b1f-5d27-9b2a-0d6b7f0f4c11")
_VERIFIED_AFTER = timedelta(hours=2)
_READ_AFTER = timedelta(days=1)
_TOLD = re.compile(r"(?:The debtor paid|We credited) ([0-9]+(?:\.[0-9]+)?) [A-Z]{3}")
_TAKEN_BACK = re.compile(r"^([0-9]+(?:\.[0-9]+)?) [A-Z]{3} that we told you of")
_WANTED_BACK = "Please withdraw this case"
_TO_WAIT = "Please pause this case"


class NotAllowed(Exception):
    """What is asked for cannot be done as things stand: the text says why."""


class Office:
    """What this agency knows and does, for its front and for those who look over its shoulder."""

    def __init__(self, path: Path | None = None, pages: Pages | None = None) -> None:
        self._pages = pages or Pages()
        self._path = path
        self._lock = RLock()

    @classmethod
    def load(cls, path: Path) -> Office:
        """The office of a file, or a new one where there is none yet."""
        if not path.exists():
            return cls(path)
        return cls(path, msgspec.json.decode(path.read_bytes(), type=Pages))

    @contextmanager
    def changing(self) -> Iterator[Pages]:
        with self._lock:
            yield self._pages
            if self._path is not None:
                replace_whole(self._path, msgspec.json.encode(self._pages))

    def inspect(self) -> Any:
        """Everything, for an independent checker; keys and secrets are left out."""
        with self._lock:
            told = msgspec.to_builtins(self._pages)
        for one in (*told["creditors"], *told["hooks"]):
            one.pop("key", None)
            one.pop("secret", None)
        return told

    def open_account(self, creditor: Creditor) -> None:
        """A creditor becomes a client; the same key again changes what is known of it."""
        with self.changing() as pages:
            pages.creditors = [one for one in pages.creditors if one.key != creditor.key]
            pages.creditors.append(creditor)

    def creditor(self, key: str) -> Creditor | None:
        with self._lock:
            return next((one for one in self._pages.creditors if one.key == key), None)

    def add_fault(self, fault: Fault) -> None:
        with self.changing() as pages:
            pages.faults.append(fault)

    def clear_faults(self) -> None:
        with self.changing() as pages:
            pages.faults.clear()

    def take_fault(self, on: str, *kinds: FaultKind) -> Fault | None:
        """The first fault of these kinds that strikes here; it is used up by that."""
        with self.changing() as pages:
            for fault in pages.faults:
                if fault.on == on and fault.kind in kinds:
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times <= 0:
                            pages.faults.remove(fault)
                    return fault
        return None

    def replay(self, creditor: Creditor, key: str) -> Replay | None:
        with self._lock:
            return next(
                (
                    one
                    for one in self._pages.replays
                    if (one.key, one.creditor_id) == (key, creditor.creditor_id)
                ),
                None,
            )

    def keep_replay(self, replay: Replay) -> None:
        with self.changing() as pages:
            pages.replays.append(replay)

    def note(self, request: Request) -> None:
        with self.changing() as pages:
            pages.requests.append(request)

    def accept(self, creditor: Creditor, asked: dict[str, Any], minor: int, now: datetime) -> Case:
        with self.changing() as pages:
            case_id = self._new_id(pages)
            case = Case(
                case_id=case_id,
                creditor_id=creditor.creditor_id,
                reference=f"D{len(pages.cases) + 1:07}",
                at=now,
                asked=asked,
                currency=asked["currencyCode"],
                gross_minor=minor,
                changed_at=now,
            )
            pages.cases.append(case)
            self._happened(pages, case, "case.created", now)
            return case

    def cases_of(self, creditor: Creditor) -> list[Case]:
        with self._lock:
            return [one for one in self._pages.cases if one.creditor_id == creditor.creditor_id]

    def case(self, case_id: str) -> Case | None:
        with self._lock:
            return next((one for one in self._pages.cases if one.case_id == case_id), None)

    def write(self, case: Case, message: str, now: datetime, role: int = 1) -> Chat:
        with self.changing() as pages:
            chat = Chat(self._new_id(pages), now, message, role)
            case.chats.append(chat)
            self._happened(pages, case, "chat.created", now)
            return chat

    def activate(self, case: Case, now: datetime) -> None:
        with self.changing() as pages:
            self._move(pages, case, ACTIVE, now)

    def pause(self, case: Case, now: datetime) -> None:
        with self.changing() as pages:
            self._move(pages, case, PAUSED, now)

    def enter_phase(self, case: Case, phase: str, now: datetime) -> None:
        """No event tells of it, as the vendor says: whoever wants to know asks."""
        with self.changing():
            case.phase, case.changed_at = phase, now

    def pay(self, case: Case, minor: int, now: datetime, recipient: str = TO_AGENCY) -> Payment:
        """The debtor pays; a case with nothing left is closed as paid."""
        if minor <= 0:
            raise NotAllowed("a payment is more than nothing")
        with self.changing() as pages:
            payment = Payment(self._new_id(pages), now, minor, recipient)
            case.payments.append(payment)
            case.changed_at = now
            self._happened(pages, case, "payment.created", now)
            if not case.remainder_minor and case.lifecycle != CLOSED:
                self._close(pages, case, PAID, now)
            return payment

    def close(self, case: Case, code: str, now: datetime) -> None:
        if case.lifecycle == CLOSED and case.close_code != code:
            raise NotAllowed(f"the case is closed as {case.close_code}")
        with self.changing() as pages:
            if case.lifecycle != CLOSED:
                self._close(pages, case, code, now)

    def _close(self, pages: Pages, case: Case, code: str, now: datetime) -> None:
        case.close_code, case.closed_at = code, now
        self._move(pages, case, CLOSED, now)
        self._happened(pages, case, "case.closed", now)

    def _move(self, pages: Pages, case: Case, lifecycle: str, now: datetime) -> None:
        case.lifecycle, case.changed_at = lifecycle, now
        self._happened(pages, case, "case.updated", now)

    def live(self, now: datetime) -> None:
        """What the agency's people have done until now."""
        with self.changing() as pages:
            for case in pages.cases:
                if case.lifecycle == PENDING and now - case.at >= _VERIFIED_AFTER:
                    self._move(pages, case, ACTIVE, case.at + _VERIFIED_AFTER)
                for chat in case.chats:
                    if chat.role and not chat.read and now - chat.at >= _READ_AFTER:
                        chat.read = True
                        self._read(pages, case, chat, chat.at + _READ_AFTER)

    def _read(self, pages: Pages, case: Case, chat: Chat, at: datetime) -> None:
        if case.lifecycle == CLOSED:
            return
        if told := _TOLD.search(chat.message):
            self.pay(case, _minor(told[1]), at, TO_CREDITOR)
        elif told := _TAKEN_BACK.search(chat.message):
            back = _minor(told[1])
            case.payments = [
                one for one in case.payments if (one.recipient, one.minor) != (TO_CREDITOR, back)
            ]
            self._happened(pages, case, "payment.deleted", at)
        elif _WANTED_BACK in chat.message:
            self._close(pages, case, WITHDRAWN, at)
        elif _TO_WAIT in chat.message:
            self._move(pages, case, PAUSED, at)

    def subscribe(
        self, creditor: Creditor, url: str, events: list[str], now: datetime, *, is_test: bool
    ) -> Hook:
        with self.changing() as pages:
            hook_id = self._new_id(pages)
            secret = base64.b64encode(sha256(hook_id.encode()).digest()).decode()
            hook = Hook(hook_id, creditor.creditor_id, url, events, secret, now, is_test)
            pages.hooks.append(hook)
            return hook

    def hooks_of(self, creditor: Creditor) -> list[Hook]:
        with self._lock:
            return [one for one in self._pages.hooks if one.creditor_id == creditor.creditor_id]

    def hook(self, hook_id: str) -> Hook:
        with self._lock:
            return next(one for one in self._pages.hooks if one.hook_id == hook_id)

    def sent_about(self, case_id: str) -> list[Sent]:
        """The newest first."""
        with self._lock:
            return [one for one in reversed(self._pages.sent) if one.case_id == case_id]

    def undelivered(self) -> list[Sent]:
        with self._lock:
            return [
                one for one in self._pages.sent if one.delivered_at is None and not one.attempts
            ]

    def sent(self, event_id: str) -> Sent | None:
        with self._lock:
            return next((one for one in self._pages.sent if one.event_id == event_id), None)

    def delivered(self, sent: Sent, status: int | None, error: str | None, now: datetime) -> None:
        with self.changing():
            sent.attempts += 1
            sent.status, sent.error = status, error
            if error is None:
                sent.delivered_at = now

    def _happened(self, pages: Pages, case: Case, event: str, now: datetime) -> None:
        for hook in pages.hooks:
            if hook.creditor_id != case.creditor_id or event not in hook.events:
                continue
            if hook.is_test != case.is_test:
                continue
            event_id = self._new_id(pages)
            data = {
                "caseId": case.case_id,
                "reference": case.reference,
                "creditorReference": case.creditor_reference,
                "status": case.lifecycle,
                "currency": case.currency,
            }
            payload = {"id": event_id, "event": event, "timestamp": now, "data": data}
            text = msgspec.json.encode(payload).decode()
            pages.sent.append(Sent(event_id, hook.hook_id, case.case_id, event, text, now))

    @staticmethod
    def _new_id(pages: Pages) -> str:
        pages.number += 1
        return str(uuid5(_NAMES, str(pages.number)))


def signature(hook: Hook, payload: str, now: datetime) -> str:
    """`t=<seconds>,v1=<HMAC-SHA256 of "t.payload">` under the decoded secret."""
    stamp = str(int(now.timestamp()))
    key = base64.b64decode(hook.secret)
    signed = hmac.new(key, f"{stamp}.{payload}".encode(), sha256).hexdigest()
    return f"t={stamp},v1={signed}"


def _minor(digits: str) -> int:
    """Amounts in chats have two decimals."""
    return int(Decimal(digits).scaleb(2))
