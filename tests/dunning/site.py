"""The pages and the HTTP interface of dunning, and the people who sign in to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from services.dunning.values import ChargePolicy
from shared.contracts.tenants import UserInvited
from shared.postgres import Server
from shared.testing.visiting import Visitor, app_of, assertion_of, browser, hidden, program
from shared.web.identity import Grant, Identity
from tests.dunning.house import ANNA, House, house, moves_in

BO = UUID(int=8)
STRANGER = UUID(int=9)
"""Somebody who has no role here."""
FRIDAY = 4
NAMES = {ANNA: "Anna Holm", BO: "Bo Fjordvig"}
ROLES = {ANNA: "bookkeeper", BO: "operations"}


class Sessions:
    """A session says of which client somebody looks, and who it is."""

    def assertion(self, cookie: str) -> str | None:
        return self.of(*cookie.split("."))

    def of(self, tenant: str, user_id: str, language: str = "en") -> str:
        role = ROLES.get(UUID(user_id))
        grants = (Grant(UUID(tenant), frozenset({role}), "Fjordvig Byg ApS"),) if role else ()
        name = NAMES.get(UUID(user_id), "Somebody")
        return assertion_of(Identity(UUID(user_id), name, language, grants), "dunning")


@dataclass
class Site:
    """The pages of one creditor. Several live in one world, whose calendar only goes on."""

    house: House
    app: FastAPI
    browsers: dict[UUID, Visitor] = field(default_factory=dict)

    def moves_in(self) -> Site:
        """Another creditor on the same site."""
        return _settled(Site(moves_in(self.house), self.app))

    def session(self, user_id: UUID = ANNA) -> str:
        return f"{self.house.tenant}.{user_id}"

    def day(self, days: int) -> str:
        """So many days from today."""
        return (self.house.today_on + timedelta(days=days)).isoformat()

    def morning(self) -> None:
        """The next weekday at ten, when its list stands."""
        day = self.house.today_on + timedelta(days=1)
        while day.weekday() > FRIDAY:
            day += timedelta(days=1)
        self.house.until(day.isoformat())

    @property
    def home(self) -> str:
        return f"/dunning/{self.house.tenant}"

    @property
    def api(self) -> str:
        return f"/dunning/v1/tenants/{self.house.tenant}"

    def browser(self, user_id: UUID = ANNA) -> Visitor:
        if user_id not in self.browsers:
            self.browsers[user_id] = browser(self.app, self.session(user_id))
        return self.browsers[user_id]

    def program(self, user_id: UUID = ANNA) -> Visitor:
        return program(self.app, Sessions().of(str(self.house.tenant), str(user_id)))

    def read(self, path: str, user_id: UUID = ANNA) -> str:
        """A page as text: spaces that do not break are spaces."""
        answer = self.browser(user_id).get(f"{self.home}{path}")
        assert answer.status_code == 200, answer.text
        return answer.text.replace("\N{NO-BREAK SPACE}", " ")

    def text(self, path: str, user_id: UUID = ANNA) -> str:
        """What a page says, without its marks."""
        return words_of(self.read(path, user_id))

    def send(self, path: str, page: str = "/reminders", **form: Any) -> httpx.Response:
        """A form, sent from a page that Anna has open; then whatever follows by itself."""
        token = hidden(self.browser().get(f"{self.home}{page}").text, "form_token")
        data = {"form_token": token, **form}
        answer = self.browser().post(f"{self.home}{path}", data=data)
        self.house.settle()
        return answer

    def path(self, number: str) -> str:
        """The page of an invoice."""
        return f"/receivables/{self.house.invoices[number].invoice_id}"


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split()).replace("\N{NO-BREAK SPACE}", " ")


def row_of(page: str, name: str) -> str:
    """The text of the one line of a list that names this."""
    rows = re.findall(r"<tr role=.row.>(.*?)</tr>", page, re.DOTALL)
    (row,) = [row for row in rows if name in row]
    return words_of(row)


def letters_of(page: str) -> list[str]:
    return re.findall(r'type="checkbox" name="letter" value="([^"]+)"', page)


def _settled(site: Site) -> Site:
    """A creditor that takes rules as they are, and the people of its office."""
    here = site.house
    here.sets(ChargePolicy(accept_unverified=True))
    for user_id, name in NAMES.items():
        sealed = here.world.vault.seal(here.tenant, user_id, name)
        here.say(
            UserInvited(
                user_id=user_id, client_id=here.tenant, name=sealed, email=sealed, language="en"
            )
        )
    here.settle()
    return site


@contextmanager
def site_in(server: Server) -> Iterator[Site]:
    with house(server) as empty:
        app = app_of(empty.world.runtimes["dunning"], Sessions())
        yield _settled(Site(moves_in(empty), app))
