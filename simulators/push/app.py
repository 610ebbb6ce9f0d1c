"""The push service as one web application.

POST /push/{device}                    a message for a device (RFC 8030 §5): 201 and where it stands
GET, DELETE       /control/messages    what came, for machines; DELETE also forgets the faults
POST              /control/faults      what goes wrong next
"""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Path, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from shared.clock import Clock
from simulators.push.faults import Fault, FaultKind
from simulators.push.messages import Message, Office

STATUS = {
    FaultKind.GONE: 410,
    FaultKind.BUSY: 429,
    FaultKind.BROKEN: 500,
    FaultKind.FORBIDDEN: 403,
}
Device = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{1,200}$")]


class BrokenOff(Response):
    """Promises more than it sends: the server ends the connection."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        promise = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 201, "headers": promise})


def create(clock: Clock) -> FastAPI:
    app = FastAPI(title="Push service", docs_url=None, redoc_url=None)
    office = Office(clock)

    @app.post("/push/{device}")
    async def push(request: Request, device: Device) -> Response:
        body, headers = await request.body(), request.headers
        wrong = office.wrong_with(headers, body)
        if wrong:
            return PlainTextResponse(wrong[1], wrong[0])
        origin = f"{request.url.scheme}://{headers['host']}"
        sender = office.sender_of(headers.get("authorization", ""), origin)
        if sender is None:
            return PlainTextResponse("not signed by whoever may use this device", 401)
        fault = office.meet_fault(device)
        if fault and fault.kind is not FaultKind.LOST_KEPT:
            wait = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            return Response(status_code=STATUS[fault.kind], headers=wait)
        message = office.take(device, headers, body, sender)
        location = f"{origin}/messages/{message.number}"
        answer = BrokenOff if fault else Response
        return answer(status_code=201, headers={"Location": location, "TTL": str(message.ttl)})

    @app.get("/control/messages")
    def messages() -> list[Message]:
        return office.messages()

    @app.delete("/control/messages", status_code=204)
    def clear() -> None:
        office.clear()

    @app.post("/control/faults", status_code=201)
    def set_fault(fault: Fault) -> Fault:
        office.set_fault(fault)
        return fault

    return app
