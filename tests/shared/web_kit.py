"""A small service, a person and their token, for the tests of the web kit and of the gallery."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from eventsourcing.persistence import IntegrityError
from fastapi import APIRouter, Depends, FastAPI, Form, Request
from joserfc.jwk import OKPKey
from pydantic import BaseModel, Field

from shared.clock import SettableClock
from shared.decider import Rejected
from shared.ui.environment import draw
from shared.web.app import web_app
from shared.web.csrf import page_token
from shared.web.doorkeeper import Doorkeeper
from shared.web.identity import Grant, Identity, SigningKey, sign
from shared.web.reading import reader_of
from shared.web.routers import api_router, page_router
from shared.web.scope import SignedIn, TenantScope, tenant_scope
from tests.shared.gallery import content

NOW = datetime(2026, 3, 2, 7, 40, tzinfo=UTC)
TENANT = UUID("00000000-0000-4000-8000-000000000001")
FOREIGN = UUID("00000000-0000-4000-8000-000000000002")
METTE = Identity(
    user_id=UUID("00000000-0000-4000-8000-00000000000a"),
    name="Mette Kjær",
    language="en",
    grants=(Grant(TENANT, frozenset({"bookkeeper"})),),
    agency_id=UUID("00000000-0000-4000-8000-00000000000b"),
)
KEY = SigningKey("2026-03", OKPKey.generate_key("Ed25519"))
PUBLIC = {KEY.key_id: OKPKey.import_key(KEY.key.as_dict(private=False))}
SESSION = "s" * 43
AUDIENCE = "payments"


class Payment(BaseModel):
    payee: str = Field(max_length=20)
    amount_minor: int = Field(gt=0)


class OneSession:
    """Knows one session, and counts how often it is asked."""

    def __init__(self, clock: SettableClock) -> None:
        self.asked = 0
        self._clock = clock

    def assertion(self, cookie: str) -> str | None:
        self.asked += 1
        if cookie != SESSION:
            return None
        return sign(METTE, KEY, audience=AUDIENCE, now=self._clock.now())


def bearer(identity: Identity = METTE, now: datetime = NOW) -> dict[str, str]:
    return {"Authorization": "Bearer " + sign(identity, KEY, audience=AUDIENCE, now=now)}


def service(clock: SettableClock, sessions: OneSession | None = None, **options: Any) -> FastAPI:
    keeper = Doorkeeper(
        audience=AUDIENCE, keys=PUBLIC, sessions=sessions or OneSession(clock), clock=clock
    )
    return web_app(
        "payments",
        doorkeeper=keeper,
        business_clock=clock,
        api=[_api()],
        pages=[_pages()],
        templates=[Path(__file__).parent / "gallery" / "templates"],
        **options,
    )


def _api() -> APIRouter:
    api = api_router("payments")

    @api.get("/me")
    def me(identity: SignedIn) -> dict[str, str]:
        return {"name": identity.name}

    @api.get("/tenants/{tenant_id}/payments")
    def payments(
        scope: Annotated[TenantScope, Depends(tenant_scope("bookkeeper"))],
    ) -> dict[str, str]:
        return {"tenant": str(scope.tenant_id)}

    @api.get("/tenants/{tenant_id}/roles")
    def administer(scope: Annotated[TenantScope, Depends(tenant_scope("owner"))]) -> None:
        """Nobody in these tests is an owner."""

    @api.post("/payments")
    def draft(payment: Payment, identity: SignedIn) -> dict[str, str]:
        return {"payee": payment.payee}

    @api.post("/refused")
    def refused(field: str | None = None) -> None:
        raise Rejected("the payee has no verified account", code="account_unverified", field=field)

    @api.post("/overtaken")
    def overtaken() -> None:
        raise IntegrityError("another writer recorded this version first")

    @api.get("/broken")
    def broken() -> None:
        raise RuntimeError("secret of the inside")

    return api


def _pages() -> APIRouter:
    pages = page_router()

    @pages.get("/gallery")
    def gallery(request: Request) -> str:
        return _drawn(request, "gallery.html", "86,240.00 DKK to Lindtoft", content.gallery())

    @pages.get("/approvals")
    def approvals(request: Request) -> str:
        return _drawn(request, "approvals.html", "4 payments ask for your yes", content.approvals())

    @pages.get("/desk")
    def desk(identity: SignedIn) -> str:
        return identity.name

    @pages.post("/desk")
    def change(note: Annotated[str, Form()], identity: SignedIn) -> str:
        return f"{identity.name} noted {note}"

    @pages.post("/sign-in")
    def sign_in(name: Annotated[str, Form()]) -> str:
        return name

    return pages


def _drawn(request: Request, template: str, title: str, matter: dict[str, Any]) -> str:
    page = content.page(title, page_token(request))
    return draw(request.app.state.pages, template, reader_of(request), page=page, **matter)
