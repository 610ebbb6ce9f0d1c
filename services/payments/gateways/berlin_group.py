"""A bank that speaks the Berlin Group's NextGenPSD2 1.3.11.

The standard knows no idempotency: X-Request-ID names a request, and nothing obliges a bank to know it
again. So a batch's request id is derived from its message id, and whatever is not plainly "not sent" or
the bank's own "no" is `OutcomeUnknown`. A 408 and a 409 are not taken for a no (the first may come after
the body, the second may mean that the batch is already there), nor is a 4xx without the bank's own words
(tppMessages, or a problem document with a code), since a proxy may have said it. A 401 and a 429 in the
bank's own words say nothing of the batch: a token has run out, or we knock too often. It was not let in,
and goes again with the same bytes.

One connection has one payment product, because the product stands in the address of a payment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from urllib.parse import quote
from uuid import UUID, uuid4, uuid5

import msgspec

from services.payments.gateways import berlin_group_json as wire
from services.payments.gateways.bank import (
    BadBatchError,
    BankBatch,
    CancelAnswer,
    Capabilities,
    EntryStatus,
    NotSent,
    OutcomeUnknown,
    Receipt,
    Refused,
    StatementEntry,
)
from shared.http import Answer, ForbiddenHostError, Transport, Unanswered, Unreached

_REQUESTS = UUID("5f0f0f4e-6f0b-5d55-8f60-3b1c5c1d7a52")
_LONGEST_STATEMENT = 1000
_OK, _CREATED, _ACCEPTED, _NO_CONTENT = 200, 201, 202, 204
_FIRST_NO, _LAST_NO = 400, 499
_DOUBTFUL_NO = frozenset({408, 409})
_NOT_LET_IN = frozenset({401, 429})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Connection:
    """Whose accounts we speak for, and with what right.

    `token` gives the bearer token of the moment; `psu_ip_address` is where the person who approved sat.
    """

    product: str
    consent_id: str
    psu_ip_address: str
    token: Callable[[], str] = field(repr=False)


class _Message(msgspec.Struct):
    code: str
    text: str = ""


class _Refusal(msgspec.Struct, rename={"messages": "tppMessages"}):
    """Both forms of a no: the standard's own, and a problem document with a code."""

    messages: list[_Message] = []
    code: str = ""
    detail: str = ""


class _Account(wire.Account):
    resource_id: str = msgspec.field(name="resourceId", default="")


class _Accounts(msgspec.Struct):
    accounts: list[_Account]


class BerlinGroupBank:
    """The port `Bank` over HTTP."""

    capabilities = Capabilities(find_by_key=False)

    def __init__(
        self,
        transport: Transport,
        connection: Connection,
        new_id: Callable[[], UUID] = uuid4,
    ) -> None:
        self._transport = transport
        self._connection = connection
        self._new_id = new_id

    def render(self, batch: BankBatch) -> bytes:
        return wire.render(batch)

    def parse(self, body: bytes) -> BankBatch:
        return wire.parse(body)

    def send(self, message_id: str, body: bytes) -> Receipt:
        batch = wire.parse(body)
        if batch.message_id != message_id:
            raise BadBatchError("these bytes were sealed under another message id")
        # A field that parse does not know would leave without having been approved.
        if wire.render(batch) != body:
            raise BadBatchError("these bytes say more, or otherwise, than was approved")
        answer = self._ask(
            "POST",
            f"/v1/bulk-payments/{quote(self._connection.product, safe='')}",
            request_id=uuid5(_REQUESTS, message_id),
            body=body,
        )
        if answer.status != _CREATED:
            raise _judged(answer)
        created = _read(answer, wire.Created)
        if not created.payment_id:
            raise OutcomeUnknown("the bank took something and does not say under which name")
        if {entry.end_to_end_id for entry in created.entries} - {
            order.end_to_end_id for order in batch.orders
        }:
            raise OutcomeUnknown("the bank's answer is about orders that were not in the batch")
        return Receipt(created.payment_id, created.transaction_status, created.entries)

    def status(self, payment_id: str) -> tuple[EntryStatus, ...]:
        """Each order's status; where the bank gives the bulk's only, that one for each order."""
        status = _read(self._get(f"{self._payment(payment_id)}/status"), wire.Status)
        if status.payments:
            return status.entries
        held = _read(self._get(self._payment(payment_id)), wire.Held)
        return tuple(
            EntryStatus(order.end_to_end_identification, status.transaction_status)
            for order in held.payments
        )

    def transactions(self, account: str, from_on: date, to_on: date) -> Iterator[StatementEntry]:
        query = {
            "bookingStatus": "booked",
            "dateFrom": from_on.isoformat(),
            "dateTo": to_on.isoformat(),
        }
        path = f"/v1/accounts/{quote(self._resource(account), safe='')}/transactions"
        answer = self._get(path, query)
        for _ in range(_LONGEST_STATEMENT):
            page = _read(answer, wire.Transactions)
            if page.account is not None and account not in {page.account.iban, page.account.bban}:
                raise OutcomeUnknown("the bank answered with another account's statement")
            yield from _entries(page)
            link = page.transactions.links.get("next")
            if link is None:
                return
            answer = self._follow(link.href)
        raise OutcomeUnknown("the bank's statement does not end")

    def cancel(self, payment_id: str) -> CancelAnswer:
        answer = self._ask("DELETE", self._payment(payment_id), request_id=self._new_id())
        if answer.status in {_ACCEPTED, _NO_CONTENT}:
            return CancelAnswer(requested=True)
        judged = _judged(answer)
        if isinstance(judged, Refused):
            return CancelAnswer(requested=False, code=judged.code, text=judged.text)
        raise judged

    def _payment(self, payment_id: str) -> str:
        product = quote(self._connection.product, safe="")
        return f"/v1/bulk-payments/{product}/{quote(payment_id, safe='')}"

    def _resource(self, account: str) -> str:
        """The bank's own name for an account, by which its statement is found."""
        for known in _read(self._get("/v1/accounts"), _Accounts).accounts:
            if account in {known.iban, known.bban} and known.resource_id:
                return known.resource_id
        raise Refused("ACCOUNT_UNKNOWN", "the bank does not show this account to this connection")

    def _get(self, path: str, params: dict[str, str] | None = None) -> Answer:
        with _translated():
            headers = self._headers(self._new_id())
            return self._transport.get(path, params=params, headers=headers)

    def _follow(self, link: str) -> Answer:
        with _translated():
            return self._transport.follow(link, headers=self._headers(self._new_id()))

    def _ask(
        self, method: str, path: str, *, request_id: UUID, body: bytes | None = None
    ) -> Answer:
        headers = self._headers(request_id)
        if body is not None:
            headers["Content-Type"] = "application/json"
        with _translated():
            return self._transport.send(method, path, body=body, headers=headers)

    def _headers(self, request_id: UUID) -> dict[str, str]:
        return {
            "Accept": "application/json",
            "Authorization": f"Bearer {self._connection.token()}",
            "Consent-ID": self._connection.consent_id,
            "PSU-IP-Address": self._connection.psu_ip_address,
            "X-Request-ID": str(request_id),
        }


@contextmanager
def _translated() -> Iterator[None]:
    """The transport's errors in the port's words."""
    try:
        yield
    except Unreached as error:
        raise NotSent(str(error)) from error
    except (Unanswered, ForbiddenHostError) as error:
        raise OutcomeUnknown(str(error)) from error


def _read(answer: Answer, shape: type[T]) -> T:
    """The answer as what was expected, or what it must be taken for."""
    if answer.status not in {_OK, _CREATED}:
        raise _judged(answer)
    try:
        return msgspec.json.decode(answer.body, type=shape)
    except msgspec.DecodeError as error:
        raise OutcomeUnknown(f"the bank's answer cannot be read: {error}") from error


def _entries(page: wire.Transactions) -> list[StatementEntry]:
    try:
        return [wire.entry(booked) for booked in page.transactions.booked]
    except msgspec.DecodeError as error:
        raise OutcomeUnknown(f"the bank's statement cannot be read: {error}") from error


def _judged(answer: Answer) -> NotSent | Refused | OutcomeUnknown:
    """What an answer other than the hoped-for one means."""
    unknown = OutcomeUnknown(f"the bank answered with status {answer.status}")
    if not _FIRST_NO <= answer.status <= _LAST_NO or answer.status in _DOUBTFUL_NO:
        return unknown
    try:
        refusal = msgspec.json.decode(answer.body, type=_Refusal)
    except msgspec.DecodeError:
        return unknown
    no = next(iter(refusal.messages), _Message(refusal.code, refusal.detail))
    if not no.code:
        return unknown
    if answer.status in _NOT_LET_IN:
        return NotSent(f"the bank let nothing in: {no.code}")
    return Refused(no.code, no.text)
