"""The mailbox as one web application that listens for SMTP while it runs.

    GET /                       what was mailed, newest first; ?to=… one reader's mails
    GET /mails/{number}         one mail: as HTML and as text, and where it leads
    GET /mails/{number}/html    its HTML part alone, locked in
    GET /mails/{number}/raw     its bytes
    GET, DELETE       /control/mails     the same for machines
    GET, POST, DELETE /control/faults    what goes wrong next

Mails come from outside and may hold anything: the HTML part is a document of its own that can run,
load and send nothing, and the pages around it allow no script at all.
"""

from __future__ import annotations

import re
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from pydantic import BaseModel
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.clock import Clock
from simulators.mailbox import smtp
from simulators.mailbox.faults import Fault
from simulators.mailbox.mails import ReceivedMail
from simulators.mailbox.post_office import PostOffice

HERE = Path(__file__).parent
SMTP_PORT = 1025
READERS_ZONE = ZoneInfo("Europe/Copenhagen")
"""A mail program shows its reader's own time."""
LOOPBACK_NAMES = ("127.0.0.1", "localhost")

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# Without allow-scripts and allow-same-origin. Popups, so that a reader's click opens the link.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
MAIL_POLICY = (
    f"sandbox {SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


class MailView(BaseModel):
    """A mail for machines."""

    number: int
    recipient: str
    sender: str
    received_at: datetime
    subject: str
    message_id: str
    reply_to: str
    text: str
    html: str
    links: list[str]


def create(
    clock: Clock,
    *,
    smtp_port: int = SMTP_PORT,
    state_file: Path | None = None,
    hosts: tuple[str, ...] = LOOPBACK_NAMES,
    under: str = "",
    tls: ssl.SSLContext | None = None,
) -> FastAPI:
    """The mailbox; the SMTP port it got stands in `app.state.smtp_port` while it runs.

    `hosts` are the names under which the pages may be asked for: a page elsewhere that has its name
    point to this machine gets nothing. `under` is a path under which a server in front passes pages
    on (`/mailbox`): then they are answered and lead there. With `tls` the SMTP server insists on STARTTLS.
    """
    post_office = PostOffice(clock, state_file)

    @asynccontextmanager
    async def listening(app: FastAPI) -> AsyncIterator[None]:
        server = await smtp.serve(post_office, smtp_port, tls)
        app.state.smtp_port = smtp.port_of(server)
        try:
            yield
        finally:
            server.close()

    app = FastAPI(title="Mailbox", lifespan=listening, docs_url=None, redoc_url=None)
    app.state.post_office = post_office
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    if under:
        app.add_middleware(Under, path=under)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.middleware("http")(with_policy)
    add_pages(app)
    add_control(app)
    return app


@dataclass(frozen=True, slots=True)
class Under:
    """What is asked for under a path is answered as if it stood at the root, and leads back there."""

    app: ASGIApp
    path: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(f"{self.path}/"):
            scope = {**scope, "root_path": self.path}
        await self.app(scope, receive, send)


async def with_policy(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    response = await call_next(request)
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    # The links in mails hold tokens.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def post_office_of(request: Request) -> PostOffice:
    post_office = request.app.state.post_office
    assert isinstance(post_office, PostOffice)
    return post_office


Office = Annotated[PostOffice, Depends(post_office_of)]


def one_of(post_office: PostOffice, number: int) -> ReceivedMail:
    mail = post_office.mail(number)
    if mail is None:
        raise HTTPException(404, f"there is no mail {number}")
    return mail


To = Annotated[str | None, Query(max_length=254)]


def add_pages(app: FastAPI) -> None:
    templates = Jinja2Templates(directory=HERE / "templates")
    templates.env.globals["local"] = lambda instant: instant.astimezone(READERS_ZONE)

    @app.get("/", response_class=HTMLResponse)
    def mailbox(request: Request, post_office: Office, to: To = None) -> Response:
        everything = post_office.mails()
        shown = [mail for mail in everything if to in {None, "", mail.recipient}]
        readers = sorted(Counter(mail.recipient for mail in everything).items())
        facts = {"mails": shown, "readers": readers, "to": to, "all": len(everything)}
        return templates.TemplateResponse(request, "mailbox.html", facts)

    @app.get("/mails/{number}", response_class=HTMLResponse)
    def one_mail(request: Request, number: int, post_office: Office) -> Response:
        facts = {"mail": one_of(post_office, number), "sandbox": SANDBOX}
        return templates.TemplateResponse(request, "mail.html", facts)

    @app.get("/mails/{number}/html", response_class=HTMLResponse)
    def html_part(number: int, post_office: Office) -> Response:
        mail = one_of(post_office, number)
        headers = {"Content-Security-Policy": MAIL_POLICY}
        return HTMLResponse(opening_links_elsewhere(mail.html), headers=headers)

    @app.get("/mails/{number}/raw")
    def raw(number: int, post_office: Office) -> Response:
        mail = one_of(post_office, number)
        headers = {"Content-Disposition": f'attachment; filename="mail-{mail.number}.eml"'}
        return Response(mail.raw, media_type="message/rfc822", headers=headers)


def add_control(app: FastAPI) -> None:
    @app.get("/control/mails")
    def mails(post_office: Office, to: To = None) -> list[MailView]:
        return [view_of(mail) for mail in post_office.mails(to)]

    @app.delete("/control/mails", status_code=204)
    def clear_mails(post_office: Office) -> None:
        post_office.clear_mails()

    @app.get("/control/faults")
    def faults(post_office: Office) -> list[Fault]:
        return post_office.faults()

    @app.post("/control/faults", status_code=201)
    def set_fault(fault: Fault, post_office: Office) -> Fault:
        post_office.set_fault(fault)
        return fault

    @app.delete("/control/faults", status_code=204)
    def clear_faults(post_office: Office) -> None:
        post_office.clear_faults()


def view_of(mail: ReceivedMail) -> MailView:
    return MailView(
        number=mail.number,
        recipient=mail.recipient,
        sender=mail.sender,
        received_at=mail.received_at,
        subject=mail.subject,
        message_id=mail.header("Message-ID"),
        reply_to=mail.header("Reply-To"),
        text=mail.text,
        html=mail.html,
        links=mail.links,
    )


def opening_links_elsewhere(html: str) -> str:
    """As mail programs do: a link opens beside the mail, not inside its frame."""
    doctype = re.match(r"\s*<!doctype[^>]*>", html, re.IGNORECASE)
    end = doctype.end() if doctype else 0
    return f'{html[:end]}<base target="_blank">{html[end:]}'
