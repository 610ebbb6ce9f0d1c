"""The back door: to look into the office, to open accounts, to let debtors pay and things go wrong.

GET          /control/office               everything, for an independent checker
POST         /control/creditors            a creditor becomes a client, or signs
POST         /control/payments             a debtor pays to the agency
POST         /control/phases               a case is paused, goes to court, or is closed with a code
POST, DELETE /control/faults               what goes wrong next
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.clock import Clock
from simulators.agency.office import NotAllowed, Office
from simulators.agency.state import Case, Creditor, Fault

T = TypeVar("T")


class Paid(msgspec.Struct):
    """The debtor of a case pays to the agency: minor units of the case's currency."""

    case_id: str
    minor: int


class Moved(msgspec.Struct):
    """Where a case goes: a phase, `Paused`, `Active`, or a close code."""

    case_id: str
    to: str


def control(
    clock: Clock, office: Office, delivering: Callable[[Response], Response]
) -> list[Route]:
    """`delivering` has what happens told to whoever subscribed to it."""
    door = _Door(clock, office, delivering)
    return [
        Route("/control/office", door.inspect, methods=["GET"]),
        Route("/control/creditors", door.creditors, methods=["POST"]),
        Route("/control/payments", door.payments, methods=["POST"]),
        Route("/control/phases", door.phases, methods=["POST"]),
        Route("/control/faults", door.faults, methods=["POST", "DELETE"]),
    ]


class _Door:
    def __init__(
        self, clock: Clock, office: Office, delivering: Callable[[Response], Response]
    ) -> None:
        self._clock = clock
        self._office = office
        self._delivering = delivering

    async def inspect(self, _: HttpRequest) -> Response:
        self._office.live(self._clock.now())
        return self._delivering(JSONResponse(self._office.inspect()))

    async def creditors(self, http: HttpRequest) -> Response:
        return await _with(http, Creditor, self._office.open_account)

    async def payments(self, http: HttpRequest) -> Response:
        def pay(paid: Paid) -> None:
            self._office.pay(self._case(paid.case_id), paid.minor, self._clock.now())

        return self._delivering(await _with(http, Paid, pay))

    async def phases(self, http: HttpRequest) -> Response:
        return self._delivering(await _with(http, Moved, self._move))

    def _move(self, moved: Moved) -> None:
        case, now = self._case(moved.case_id), self._clock.now()
        match moved.to:
            case "Paused":
                self._office.pause(case, now)
            case "Active":
                self._office.activate(case, now)
            case "Pre-legal" | "Legal" | "Enforcement":
                self._office.enter_phase(case, moved.to, now)
            case _:
                self._office.close(case, moved.to, now)

    async def faults(self, http: HttpRequest) -> Response:
        if http.method == "DELETE":
            self._office.clear_faults()
            return Response(status_code=204)
        return await _with(http, Fault, self._office.add_fault)

    def _case(self, case_id: str) -> Case:
        case = self._office.case(case_id)
        if case is None:
            raise NotAllowed("case_id: there is no such case")
        return case


async def _with(http: HttpRequest, shape: type[T], do: Callable[[T], None]) -> Response:
    try:
        do(msgspec.json.decode(await http.body(), type=shape))
    except (msgspec.DecodeError, NotAllowed) as error:
        return JSONResponse({"error": str(error)}, 400)
    return Response(status_code=204)
