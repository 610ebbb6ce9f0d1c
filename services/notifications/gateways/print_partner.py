"""The port through which letters leave by post, and Pingen behind it.

A letter is made and then sent, in two calls: between them it is a draft that nobody prints. It is known
by our file name, so after a crash or an answer that never came the partner is asked for that name, and
what is found is gone on with. From memory of Pingen's second interface (JSON:API, client credentials).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NoReturn, Protocol, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec

from shared.http import Answer, ForbiddenHostError, Transport, Unanswered, Unreached

_T = TypeVar("_T")
_CREATED: Final = frozenset({200, 201})
_CLIENT_ERROR: Final = range(400, 500)
_PASSING: Final = frozenset({401, 408, 409, 425, 429})
_JSON_API: Final = "application/vnd.api+json"


class PrintState(StrEnum):
    """`checking` may become a draft, which can be sent; `refused` is never printed."""

    CHECKING = "checking"
    DRAFT = "draft"
    TAKEN = "taken"
    UNDELIVERABLE = "undeliverable"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter at the partner. `taken_at` is when it was taken for printing."""

    id: str
    state: PrintState
    taken_at: datetime | None


class Refused(Exception):
    """For good: this letter is not printed. The code is the partner's status."""


class NotSent(Exception):
    """Provably not taken: it can be tried again later."""


class OutcomeUnknown(Exception):
    """The call was on its way and no answer came: the partner has to be asked."""


class PrintPartner(Protocol):
    def find(self, name: str) -> Posted | None:
        """The letter of this name. Raises NotSent where the partner cannot be asked now, and
        OutcomeUnknown where its answer says nothing that we know.
        """
        ...

    def make(self, name: str, letter: bytes) -> Posted:
        """A draft. Raises Refused, NotSent or OutcomeUnknown."""
        ...

    def send(self, posted: Posted) -> None:
        """Have a draft printed and posted, which has been checked. Raises Refused, NotSent or OutcomeUnknown."""
        ...


class NoPrintPartner:
    """For an installation that sends nothing by post."""

    def find(self, name: str) -> Posted | None:  # noqa: ARG002  the port's shape
        raise Refused("off")

    def make(self, name: str, letter: bytes) -> Posted:  # noqa: ARG002  the port's shape
        raise Refused("off")

    def send(self, posted: Posted) -> None:  # noqa: ARG002  the port's shape
        raise Refused("off")


class _Attributes(msgspec.Struct):
    file_original_name: str = ""
    status: str = ""
    submitted_at: datetime | None = None
    url: str = ""
    url_signature: str = ""


class _Resource(msgspec.Struct):
    id: str
    attributes: _Attributes


class _One(msgspec.Struct):
    data: _Resource


class _Many(msgspec.Struct):
    data: list[_Resource]


class _Token(msgspec.Struct):
    access_token: str


_STATES: Final = {
    "validating": PrintState.CHECKING,
    "fixing": PrintState.CHECKING,
    "valid": PrintState.DRAFT,
    **dict.fromkeys(
        ("submitted", "accepted", "inspection", "awaiting_credits", "rate_limited", "processing",
         "printing", "transferring", "sent"),
        PrintState.TAKEN,
    ),
    "undeliverable": PrintState.UNDELIVERABLE,
    **dict.fromkeys(
        ("invalid", "unprintable", "action_required", "rejected", "cancelling", "cancelled", "expired"),
        PrintState.REFUSED,
    ),
}  # fmt: skip


class Pingen:
    """`country` of the addresses says where the window is: everywhere here on the left."""

    def __init__(
        self, transport: Transport, *, base: str, organisation: str, client: str, secret: str
    ) -> None:
        self._transport = transport
        self._base = base.rstrip("/")
        self._letters = f"/organisations/{organisation}/letters"
        self._login = {
            "grant_type": "client_credentials",
            "client_id": client,
            "client_secret": secret,
        }
        self._token = ""

    def find(self, name: str) -> Posted | None:
        query = {"filter[file_original_name]": name}
        for _ in range(2):
            try:
                headers = self._signed()
                answer = self._transport.get(self._letters, params=query, headers=headers)
            except (Unreached, Unanswered) as error:
                raise NotSent(type(error).__name__) from error
            if answer.status in _CREATED:
                # Whatever a filter lets through: only this name is ours.
                found = _read(answer, _Many).data
                own = [one for one in found if one.attributes.file_original_name == name]
                return _posted(own[0]) if own else None
            self._token = ""  # a token may have run out: once more with a new one
        raise NotSent(f"status {answer.status}")

    def make(self, name: str, letter: bytes) -> Posted:
        place = self._place()
        path = urlsplit(place.url).path
        if not place.url.startswith(f"{self._base}/"):
            raise NotSent("the partner names a place elsewhere")
        base_path = urlsplit(self._base).path
        uploaded = self._call("PUT", path.removeprefix(base_path), letter, "application/pdf")
        if uploaded.status not in _CREATED:
            raise NotSent(f"status {uploaded.status}")
        attributes = {
            "file_original_name": name,
            "file_url": place.url,
            "file_url_signature": place.url_signature,
            "address_position": "left",
            "auto_send": False,
        }
        body = {"data": {"type": "letters", "attributes": attributes}}
        answer = self._once("POST", self._letters, msgspec.json.encode(body))
        if answer.status not in _CREATED:
            _judge(answer)
        return _posted(_read(answer, _One).data)

    def send(self, posted: Posted) -> None:
        attributes = {
            "delivery_product": "cheap",
            "print_mode": "simplex",
            "print_spectrum": "color",
        }
        body = {"data": {"id": posted.id, "type": "letters", "attributes": attributes}}
        path = f"{self._letters}/{posted.id}/send"
        answer = self._once("PATCH", path, msgspec.json.encode(body))
        if answer.status not in _CREATED:
            _judge(answer)

    def _place(self) -> _Attributes:
        """Where the next file goes. Asking for it makes nothing."""
        try:
            answer = self._transport.get("/file-upload", headers=self._signed())
        except (Unreached, Unanswered) as error:
            raise NotSent(type(error).__name__) from error
        if answer.status not in _CREATED:
            self._token = ""
            raise NotSent(f"status {answer.status}")
        return _read(answer, _One).data.attributes

    def _call(self, method: str, path: str, body: bytes, media_type: str) -> Answer:
        """A call that makes no letter: whatever goes wrong, nothing has been taken."""
        try:
            headers = {"Content-Type": media_type}
            return self._transport.send(method, path, body=body, headers=headers)
        except (Unreached, Unanswered, ForbiddenHostError) as error:
            raise NotSent(type(error).__name__) from error

    def _once(self, method: str, path: str, body: bytes) -> Answer:
        headers = {**self._signed(), "Content-Type": _JSON_API}
        try:
            return self._transport.send(method, path, body=body, headers=headers)
        except Unreached as error:
            raise NotSent("unreached") from error
        except Unanswered as error:
            raise OutcomeUnknown("unanswered") from error

    def _signed(self) -> dict[str, str]:
        if not self._token:
            body = urlencode(self._login).encode()
            form = "application/x-www-form-urlencoded"
            answer = self._call("POST", "/auth/access-tokens", body, form)
            if answer.status not in _CREATED:
                raise NotSent(f"sign-in answered with {answer.status}")
            self._token = _read(answer, _Token).access_token
        return {"Authorization": f"Bearer {self._token}", "Accept": _JSON_API}


def _judge(answer: Answer) -> NoReturn:
    if answer.status in _PASSING:
        raise NotSent(f"status {answer.status}")
    if answer.status in _CLIENT_ERROR:
        raise Refused(str(answer.status))
    # A fault of the partner's own may have come after it had taken the letter.
    raise OutcomeUnknown(f"status {answer.status}")


def _posted(found: _Resource) -> Posted:
    status = found.attributes.status
    if status not in _STATES:
        # Neither printed, as far as we can tell, nor to be made once more.
        raise OutcomeUnknown(f"a status that we do not know: {status}")
    return Posted(found.id, _STATES[status], found.attributes.submitted_at)


def _read(answer: Answer, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except msgspec.MsgspecError as error:
        raise OutcomeUnknown("the partner answered with something else") from error
