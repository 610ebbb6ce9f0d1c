"""The print partner as one web application, in the manner of Pingen's second interface.

POST  /auth/access-tokens                        client credentials (RFC 6749 §4.4)
GET   /file-upload                               where the next file goes
PUT   /files/{place}                             the file
POST  /organisations/{org}/letters               a letter of it, not sent yet
PATCH /organisations/{org}/letters/{id}/send     taken for printing: from here it is on its way
GET   /organisations/{org}/letters               by `filter[file_original_name]`
GET, DELETE /control/letters   POST /control/faults   for machines
GET   /   /letters/{id}.pdf                      for people

From memory of the vendor's pages; the shapes are JSON:API, and nothing is refused for being there twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Annotated, Any

from fastapi import Body, Depends, FastAPI, Header, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from shared.clock import Clock
from simulators.print.faults import Fault, FaultKind
from simulators.print.works import PrintedLetter, Works, digest

FILE_BYTES_MAX = 20 * 1024 * 1024
STATUS = {FaultKind.BROKEN: 500, FaultKind.REJECTED: 422}
JSON_API = "application/vnd.api+json"


class BrokenOff(Response):
    """Promises more than it sends: the server ends the connection."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        promise = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 201, "headers": promise})


class LetterView(BaseModel):
    """A letter for machines."""

    id: str
    name: str
    status: str
    address_position: str
    sha256: str
    created_at: datetime
    sent_at: datetime | None


def create(clock: Clock, *, state_file: Path | None = None) -> FastAPI:
    app = FastAPI(title="Print partner", docs_url=None, redoc_url=None)
    works, tokens = Works(clock, state_file), set[str]()
    app.state.works = works

    def signed_in(authorization: Annotated[str, Header()] = "") -> None:
        if authorization.removeprefix("Bearer ") not in tokens:
            raise HTTPException(401)

    @app.post("/auth/access-tokens")
    async def token(request: Request) -> dict[str, Any]:
        form = await request.form()
        if form.get("grant_type") != "client_credentials" or not form.get("client_secret"):
            raise HTTPException(400)
        made = secrets.token_urlsafe(24)
        tokens.add(made)
        return {"token_type": "Bearer", "access_token": made, "expires_in": 43_200}

    add_uploads(app, works, signed_in)
    add_letters(app, works, signed_in)
    add_list(app, works, signed_in)
    add_control(app, works)
    return app


def add_uploads(app: FastAPI, works: Works, signed_in: Callable[..., None]) -> None:
    @app.get("/file-upload", dependencies=[Depends(signed_in)])
    def file_upload(request: Request) -> JSONResponse:
        url = f"{str(request.base_url).rstrip('/')}/files/{works.place()}"
        attributes = {"url": url, "url_signature": secrets.token_urlsafe(16)}
        return api_answer({"type": "file_uploads", "id": "1", "attributes": attributes})

    @app.put("/files/{place}")
    async def upload(place: str, request: Request) -> Response:
        content = await request.body()
        if len(content) > FILE_BYTES_MAX:
            return Response(status_code=413)
        return Response(status_code=200 if works.upload(place, content) else 404)


def add_list(app: FastAPI, works: Works, signed_in: Callable[..., None]) -> None:
    @app.get("/organisations/{org}/letters", dependencies=[Depends(signed_in)])
    def letters(
        org: str,
        name: Annotated[str | None, Query(alias="filter[file_original_name]")] = None,
    ) -> JSONResponse:
        return api_answer([shown(one, works) for one in works.letters(name)])


def add_letters(app: FastAPI, works: Works, signed_in: Callable[..., None]) -> None:
    guarded = [Depends(signed_in)]

    @app.post("/organisations/{org}/letters", dependencies=guarded)
    def make(org: str, body: Annotated[dict[str, Any], Body()]) -> Response:
        asked = body["data"]["attributes"]
        name = str(asked["file_original_name"])
        fault = works.meet_fault(name, FaultKind.BROKEN, FaultKind.REJECTED)
        if fault:
            return Response(status_code=STATUS[fault.kind])
        place = str(asked["file_url"]).rpartition("/")[2]
        letter = works.make(name, place, str(asked.get("address_position", "left")))
        if letter is None:
            return Response(status_code=422)
        if works.meet_fault(name, FaultKind.LOST_CREATED):
            return BrokenOff()
        return api_answer(shown(letter, works), 201)

    @app.patch("/organisations/{org}/letters/{letter_id}/send", dependencies=guarded)
    def send(org: str, letter_id: str) -> Response:
        letter = works.letter(letter_id)
        if letter is None:
            return Response(status_code=404)
        if works.meet_fault(letter.name, FaultKind.BROKEN):
            return Response(status_code=500)
        if not works.send(letter_id):
            return Response(status_code=409)
        if works.meet_fault(letter.name, FaultKind.LOST_SENT):
            return BrokenOff()
        after = works.letter(letter_id)
        assert after is not None
        return api_answer(shown(after, works))


def api_answer(data: Any, status: int = 200) -> JSONResponse:
    return JSONResponse({"data": data}, status, media_type=JSON_API)


def shown(letter: PrintedLetter, works: Works) -> dict[str, Any]:
    attributes = {
        "file_original_name": letter.name,
        "status": letter.status(works.clock.now()),
        "submitted_at": letter.sent_at.isoformat() if letter.sent_at else None,
        "created_at": letter.created_at.isoformat(),
    }
    return {"type": "letters", "id": letter.id, "attributes": attributes}


def add_control(app: FastAPI, works: Works) -> None:
    @app.get("/control/letters")
    def control_letters() -> list[LetterView]:
        now = works.clock.now()
        return [
            LetterView(
                id=one.id,
                name=one.name,
                status=one.status(now),
                address_position=one.address_position,
                sha256=digest(one),
                created_at=one.created_at,
                sent_at=one.sent_at,
            )
            for one in works.letters()
        ]

    @app.delete("/control/letters", status_code=204)
    def clear() -> None:
        works.clear()

    @app.post("/control/faults", status_code=201)
    def set_fault(fault: Fault) -> Fault:
        works.set_fault(fault)
        return fault

    @app.get("/letters/{letter_id}.pdf")
    def pdf(letter_id: str) -> Response:
        letter = works.letter(letter_id)
        if letter is None:
            raise HTTPException(404)
        return Response(letter.content, media_type="application/pdf")

    @app.get("/", response_class=HTMLResponse)
    def page() -> str:
        now = works.clock.now()
        lines = "".join(
            f'<tr><td><a href="letters/{one.id}.pdf">{escape(one.name)}</a></td>'
            f"<td>{one.status(now)}</td><td>{one.created_at:%Y-%m-%d %H:%M}</td></tr>"
            for one in reversed(works.letters())
        )
        return (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Print partner</title>'
            f"<h1>Print partner</h1><table><tr><th>Letter<th>State<th>Made</tr>{lines}</table></html>"
        )
