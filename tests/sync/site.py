"""Sync's site in a house, and what a signed-in person's browser or program sees of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from shared.postgres import Server
from shared.testing.site import Site as Requests
from shared.testing.visiting import JWKS, app_of, assertion_of
from shared.web.csrf import form_token
from shared.web.doorkeeper import SESSION_COOKIE
from shared.web.identity import Grant, Identity
from tests.sync.house import METTE, SHOP, House, living

SESSION = "m" * 43
STRANGER = UUID("00000000-0000-4000-8000-0000000000ff")


def assertion(tenant: UUID = SHOP, role: str = "bookkeeper") -> str:
    grants = (Grant(tenant, frozenset({role, "operations"}), "Butik ApS"),)
    identity = Identity(METTE, "Mette Kjær", "en", grants)
    return assertion_of(identity, "sync")


class Sessions:
    """One session: Mette's, who keeps the shop's books and watches over its machinery."""

    def assertion(self, cookie: str) -> str | None:
        return assertion() if cookie == SESSION else None


@dataclass
class Site:
    house: House
    app: FastAPI

    def get(self, path: str, **headers: str) -> httpx.Response:
        sent = {"cookie": f"{SESSION_COOKIE}={SESSION}", "accept": "text/html", **headers}
        return Requests(self.app).get(path, headers=sent)

    def page(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, files: Any = None, **fields: str) -> httpx.Response:
        """Send a form of ours, and go where it leads."""
        headers = {
            "cookie": f"{SESSION_COOKIE}={SESSION}",
            "sec-fetch-site": "same-origin",
            "accept": "text/html",
        }
        data = {"form_token": form_token(SESSION), **fields}
        answer = Requests(self.app).post(path, headers=headers, data=data, files=files)
        assert answer.status_code == 303, answer.text
        return self.get(answer.headers["location"])

    def api(self, method: str, path: str, token: str | None = None, **options: Any) -> Any:
        headers = {"authorization": f"Bearer {token or assertion()}"} | options.pop("headers", {})
        return Requests(self.app).request(method, f"/sync/v1{path}", headers=headers, **options)


@contextmanager
def site_in(server: Server) -> Iterator[Site]:
    with living(server, assertion_keys=JWKS, economic_timeout="2") as house:
        house.attach()
        house.vendor.does("suppliers", number=80, name="Lindtoft A/S", vatNumber="31884209")
        app = app_of(house.world.runtimes["sync"], Sessions())
        yield Site(house, app)


def words_of(html: str) -> str:
    """What a reader reads of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
