"""Messages that were set aside: each key that waits, one message with its bytes, replay and skip."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from shared.runtime import Runtime
from shared.stream.inbox import Unavailable
from shared.stream.parking import Parked, Parking
from shared.ui.parts import Column, Fact
from shared.web.operations.names import service_name
from shared.web.operations.operator import Operates, Operator, Reason, drawn, reason_field, words
from shared.web.problem import CONFLICT, NOT_READY, Problem, not_found
from shared.web.reading import reader_of
from shared.web.routers import page_router

_SEE_OTHER: Final = HTTPStatus.SEE_OTHER
_SHOWN: Final = 16_384  # bytes of a body
_LINE: Final = 8  # bytes on a line of the dump, which a phone shows unbroken
_NOBODY: Final = UUID(int=0)
_TYPE: Final = "ce_type"
_PLACE: Final = "/{topic}/{partition}/{seq}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A body as far as it is shown; `text` is None where it is none."""

    size: int
    text: str | None
    dump: str
    cut: bool


def parked_of(runtime: Runtime) -> APIRouter:
    service = runtime.service
    parking = Parking(service.subscriptions, service.rules, runtime.app, runtime.clock)
    home = f"/{service.name}/operations/parked"
    pages = page_router(home)

    @pages.get("")
    def parked(
        request: Request,
        who: Operates,
        replayed: Annotated[int, Query(ge=0)] = 0,
        skipped: Annotated[int, Query(ge=0, le=1)] = 0,
    ) -> str:
        """Each key that waits, by its first message."""
        gettext = words(request)
        return drawn(
            request,
            who,
            "operations/parked.html",
            gettext("Parked messages"),
            service=service_name(service.name, reader_of(request)),
            columns=_columns(request),
            waiting=parking.keys(who.tenants),
            home=home,
            type_of=type_of,
            company=who.company,
            replayed=replayed,
            skipped=skipped,
        )

    @pages.get(_PLACE)
    def message(
        request: Request,
        who: Operates,
        topic: str,
        partition: int,
        seq: int,
        failed: Annotated[int, Query(ge=0, le=1)] = 0,
    ) -> str:
        """One message with its bytes, its headers, and why it waits."""
        gettext = words(request)
        found = _found(parking, who, topic, partition, seq)
        return drawn(
            request,
            who,
            "operations/message.html",
            gettext("Parked message"),
            service=service_name(service.name, reader_of(request)),
            message=found,
            facts_=_facts(request, who, found),
            headers=[Fact(name, value) for name, value in sorted(found.headers.items())],
            body=shown(found.body),
            reason=reason_field(request),
            home=home,
            here=_here(home, found),
            failed=failed,
        )

    @pages.post(f"{_PLACE}/replay")
    def replay(who: Operates, reason: Reason, topic: str, partition: int, seq: int) -> Response:
        """Handle the key again from its first message on, until it is done or one fails again."""
        found = _found(parking, who, topic, partition, seq)
        try:
            done = parking.replay(found.tenant_id or _NOBODY, found.key, who.actor, reason)
        except Unavailable as unavailable:
            raise Problem(NOT_READY) from unavailable
        if done.stopped_at is not None:
            return RedirectResponse(f"{_here(home, done.stopped_at)}?failed=1", _SEE_OTHER)
        return RedirectResponse(f"{home}?replayed={done.count}", _SEE_OTHER)

    @pages.post(f"{_PLACE}/skip")
    def skip(who: Operates, reason: Reason, topic: str, partition: int, seq: int) -> Response:
        """Let one message go without its effect; those behind it wait on."""
        found = _found(parking, who, topic, partition, seq)
        if not parking.skip(found.tenant_id or _NOBODY, found, who.actor, reason):
            raise Problem(CONFLICT, "Somebody has settled the message meanwhile.", "settled")
        return RedirectResponse(f"{home}?skipped=1", _SEE_OTHER)

    return pages


def type_of(message: Parked) -> str:
    """What the message says that it is; empty where it does not."""
    return message.headers.get(_TYPE, "")


def shown(body: bytes) -> Shown:
    """The bytes for reading: as text where they are text, and as a dump in hexadecimal."""
    part = body[:_SHOWN]
    try:
        text = part.decode("utf-8") if len(part) == len(body) else part.decode("utf-8", "ignore")
    except UnicodeDecodeError:
        text = None
    if text is not None and not all(one.isprintable() or one in "\n\r\t" for one in text):
        text = None
    lines = [
        f"{place:06x}  {part[place : place + _LINE].hex(' ')}"
        for place in range(0, len(part), _LINE)
    ]
    return Shown(len(body), text, "\n".join(lines), len(part) < len(body))


def _found(parking: Parking, who: Operator, topic: str, partition: int, seq: int) -> Parked:
    """A message of another tenant is as little there as one that never was."""
    if not (_in_range(partition, 31) and _in_range(seq, 63)) or "\0" in topic:
        raise not_found()
    found = parking.find(who.tenants, topic, partition, seq)
    if found is None:
        raise not_found()
    return found


def _in_range(number: int, bits: int) -> bool:
    return 0 <= number < 1 << bits


def _here(home: str, message: Parked) -> str:
    return f"{home}/{message.key.topic}/{message.key.partition}/{message.seq}"


def _columns(request: Request) -> list[Column]:
    gettext = words(request)
    return [
        Column(gettext("Message")),
        Column(gettext("Company")),
        Column(gettext("Since")),
        Column(gettext("Behind it"), "num"),
        Column(gettext("Error")),
    ]


def _facts(request: Request, who: Operator, message: Parked) -> list[Fact]:
    gettext = words(request)
    return [
        Fact(gettext("Type"), type_of(message) or gettext("not said")),
        Fact(gettext("Topic"), message.key.topic),
        Fact(gettext("Place"), f"{message.key.partition} / {message.seq}"),
        Fact(gettext("Company"), who.company(message.tenant_id) or gettext("not said")),
        Fact(gettext("Tries"), str(message.tries)),
    ]
