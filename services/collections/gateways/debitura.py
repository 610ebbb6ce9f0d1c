"""An agency that speaks Debitura's Customer API.

`POST /cases` knows an idempotency key: the same body under the same key is answered as before. That
is used where a body provably never arrived, and not to find out: a key expires, a case stays, so an
unknown outcome is looked up under our own reference. The customer's side has no call for a payment, a
credit note, a withdrawal or a pause; the case's chat reaches the people who work on it, and each
message carries a token by which it is found again.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import TypeVar
from urllib.parse import quote

import msgspec

from services.collections.gateways import debitura_json as wire
from services.collections.gateways.agency import (
    Capabilities,
    ClaimDetails,
    Happening,
    NotSent,
    OutcomeUnknown,
    Receipt,
    Refused,
    Report,
    Standing,
    Submission,
)
from services.collections.values import Collected, Seen
from shared.http import Answer, Transport, Unanswered, Unreached

_OK, _NOT_FOUND, _CLIENT_ERROR, _SERVER_ERROR = 200, 404, 400, 500
_NOT_LET_IN = frozenset({401, 403, 429})
_DOUBTFUL = frozenset({408, 409})
_CONFLICT = "IdempotencyConflict"
_SIGNATURE_IS_FRESH = timedelta(minutes=5)
_NOT_A_CALL = "Debitura has no call for it"

T = TypeVar("T")


class DebituraAgency:
    """The port `CollectionAgency` over HTTP."""

    capabilities = Capabilities(
        find_by_our_ref=True, adds_claims=False, takes_payments=False, withdraws=False
    )

    def __init__(
        self,
        transport: Transport,
        key: str,
        contact_email: str,
        portal: str,
        *,
        is_test: bool = False,
    ) -> None:
        """`key` is the creditor's own; `contact_email` a member of its team there; `portal` its pages."""
        self._transport = transport
        self._key = key
        self._contact_email = contact_email
        self._portal = portal
        self._is_test = is_test

    def standing(self) -> Standing:
        """The creditor's key is asked first: only the agency's own word counts as its yes."""
        answer = self._get("/contracts/debt-collection/status")
        contract = _read(answer, wire.Contract)
        if contract.signed and not contract.requires_resigning:
            return Standing()
        code = "resign" if contract.requires_resigning else "unsigned"
        return Standing(code, contract.solution_url or "")

    def render(self, submission: Submission) -> bytes:
        return wire.new_case(submission, is_test=self._is_test)

    def submit(self, body: bytes, key: str) -> Receipt:
        answer = self._send("/cases", body, {"Idempotency-Key": key})
        return _receipt(_read(answer, wire.Case))

    def add_claim(self, agency_case_id: str, claim: ClaimDetails, key: str) -> None:  # noqa: ARG002  the port's signature
        raise Refused("not_offered", _NOT_A_CALL)

    def find_by_our_ref(self, reference: str) -> Receipt | None:
        path = f"/cases/by-creditor-reference/{quote(reference, safe='')}"
        with _translated():
            answer = self._transport.get(path, headers=self._headers())
        # A proxy's 404 is no word of the agency's.
        if answer.status == _NOT_FOUND and _refusal(answer) is not None:
            return None
        case = _read(answer, wire.Case)
        if case.creditor_reference != reference:
            raise OutcomeUnknown("the agency answered with another case")
        return _receipt(case)

    def get(self, agency_case_id: str, now: datetime) -> Seen:
        case = self._case(agency_case_id)
        return wire.seen(case, self._payments(agency_case_id), now)

    def settlements(self, agency_case_id: str) -> tuple[Collected, ...]:
        return wire.collected(self._case(agency_case_id), self._payments(agency_case_id))

    def events(self, agency_case_id: str, since: datetime) -> tuple[Happening, ...]:
        params = {"caseId": agency_case_id, "since": since.isoformat()}
        answer = self._get("/webhooks/events", params)
        return tuple(
            Happening(
                one.id, one.case_id or agency_case_id, one.event_type or "", one.created_at or since
            )
            for one in _read(answer, list[wire.WebhookEvent])
        )

    def report_payment(self, agency_case_id: str, report: Report) -> None:
        self._say(agency_case_id, report.token, f"The debtor paid {_amount(report)} to us directly"
                  f" on {report.value_on}, on invoice {report.invoice}.")  # fmt: skip

    def report_credit(self, agency_case_id: str, report: Report) -> None:
        self._say(agency_case_id, report.token, f"We credited {_amount(report)} of invoice"
                  f" {report.invoice} on {report.value_on}. Please lower the claim.")  # fmt: skip

    def report_reversal(self, agency_case_id: str, report: Report) -> None:
        self._say(agency_case_id, report.token, f"{_amount(report)} that we told you of on invoice"
                  f" {report.invoice} counts no more: it is owed again.")  # fmt: skip

    def request_withdrawal(self, agency_case_id: str, token: str, reason: str) -> None:
        self._say(agency_case_id, token, f"Please withdraw this case: {reason}")

    def request_pause(self, agency_case_id: str, token: str, until_on: date) -> None:
        self._say(agency_case_id, token, f"Please pause this case until and with {until_on}.")

    def was_told(self, agency_case_id: str, token: str) -> bool:
        chats = _read(self._get(f"{_path(agency_case_id)}/chats"), list[wire.Chat])
        return any(token in (chat.message or "").split() for chat in chats)

    def portal(self, agency_case_id: str) -> str:
        return f"{self._portal}/cases/{quote(agency_case_id, safe='')}"

    def verified(
        self, headers: Mapping[str, str], body: bytes, secret: str, now: datetime
    ) -> Happening | None:
        """By its signature: `t=<seconds>,v1=<HMAC-SHA256 of "t.body">`, not older than five minutes."""
        given = dict(
            part.strip().partition("=")[::2]
            for part in headers.get("x-debitura-signature", "").split(",")
        )
        stamp = given.get("t", "")
        try:
            age = now - datetime.fromtimestamp(int(stamp), UTC)
            key = base64.b64decode(secret, validate=True)
        except (ValueError, OverflowError, OSError, binascii.Error):
            return None
        signed = hmac.new(key, stamp.encode() + b"." + body, sha256).hexdigest()
        if not hmac.compare_digest(signed, given.get("v1", "")) or abs(age) > _SIGNATURE_IS_FRESH:
            return None
        try:
            call = msgspec.json.decode(body, type=wire.Call)
        except msgspec.MsgspecError:
            return None
        return Happening(call.id, call.data.case_id or "", call.event, call.timestamp)

    def _case(self, agency_case_id: str) -> wire.Case:
        return _read(self._get(_path(agency_case_id)), wire.Case)

    def _payments(self, agency_case_id: str) -> list[wire.Payment]:
        return _read(self._get(f"{_path(agency_case_id)}/payments"), list[wire.Payment])

    def _say(self, agency_case_id: str, token: str, text: str) -> None:
        message = wire.SendChat(f"{text} Ref. {token}", self._contact_email or None)
        answer = self._send(f"{_path(agency_case_id)}/chats", wire.encode(message), {})
        _read(answer, wire.Chat)

    def _get(self, path: str, params: dict[str, str] | None = None) -> Answer:
        with _translated():
            return self._transport.get(path, params=params, headers=self._headers())

    def _send(self, path: str, body: bytes, more: Mapping[str, str]) -> Answer:
        headers = self._headers() | {"Content-Type": "application/json"} | dict(more)
        with _translated():
            return self._transport.send("POST", path, body=body, headers=headers)

    def _headers(self) -> dict[str, str]:
        return {"Accept": "application/json", "XApiKey": self._key}


def _path(agency_case_id: str) -> str:
    return f"/cases/{quote(agency_case_id, safe='')}"


def _amount(report: Report) -> str:
    return f"{report.amount.decimal} {report.amount.currency}"


def _receipt(case: wire.Case) -> Receipt:
    if not case.id:
        raise OutcomeUnknown("the agency took something and does not say under which id")
    return Receipt(case.id, case.reference or "")


@contextmanager
def _translated() -> Iterator[None]:
    """The transport's question, did a byte leave, in the port's words."""
    try:
        yield
    except Unreached as error:
        raise NotSent(str(error)) from error
    except Unanswered as error:
        raise OutcomeUnknown(str(error)) from error


def _read(answer: Answer, shape: type[T]) -> T:
    """The answer's record, or what the answer means instead of one."""
    if answer.status != _OK:
        raise _judged(answer)
    try:
        return msgspec.json.decode(answer.body, type=shape)
    except msgspec.MsgspecError as error:
        raise OutcomeUnknown("the agency's answer cannot be read") from error


def _judged(answer: Answer) -> Exception:
    """What an answer that is no record means: only the agency's own words are a no."""
    said = _refusal(answer)
    if answer.status in _NOT_LET_IN:
        wait = answer.asked_wait(datetime.min.replace(tzinfo=UTC))
        return NotSent(f"not let in: {answer.status}", wait)
    if said is None or answer.status in _DOUBTFUL or not _is_no(answer.status):
        return OutcomeUnknown(f"status {answer.status}")
    code, text = said
    # Something is there under our key already: not a no, and not to be tried again.
    return OutcomeUnknown(text) if code == _CONFLICT else Refused(code, text)


def _is_no(status: int) -> bool:
    return _CLIENT_ERROR <= status < _SERVER_ERROR


def _refusal(answer: Answer) -> tuple[str, str] | None:
    """Code and text of the agency's own no; None where a proxy may have said it."""
    try:
        said = msgspec.json.decode(answer.body, type=wire.Refusal)
    except msgspec.MsgspecError:
        return _fields(answer)
    for error in said.business_errors or ():
        if error.type:
            return error.type, error.message or ""
    if said.error or said.message:
        return "refused", said.message or said.error or ""
    return _fields(answer)


def _fields(answer: Answer) -> tuple[str, str] | None:
    """Field errors, as an object of lists of sentences: the fields are named, what was in them is not."""
    try:
        fields = msgspec.json.decode(answer.body, type=dict[str, list[str]])
    except msgspec.MsgspecError:
        return None
    return ("invalid", ", ".join(sorted(fields))) if fields else None
