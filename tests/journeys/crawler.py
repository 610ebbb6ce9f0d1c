"""Somebody who follows every link of the house, and who knows which addresses there are."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
from fastapi.routing import iter_route_contexts

from forfald.house import SERVICES
from services.tenants.acts.demo import Persona
from shared.ui.language import LANGUAGES
from shared.web.doorkeeper import SESSION_COOKIE
from shared.web.identity import LIFETIME_SECONDS
from tests.asking import program
from tests.journeys.house import House

_LINK = re.compile(r"""(?:href|src|hx-get)=["']([^"']+)["']""")
_PARAMETER = re.compile(r"\{(\w+)\}")
_LANGUAGE = "|".join(f"(?<=/){one}(?=/|$)" for one in LANGUAGES)
_NAMES_ONE = re.compile(rf"[0-9a-f]{{8}}-[0-9a-f-]{{27}}|[0-9a-f]{{64}}|\d+|{_LANGUAGE}")
_ALIKE = 2
_FORM_TOKEN = re.compile(r'name="form_token" value="([^"]*)"')


@dataclass(frozen=True, order=True)
class Address:
    """What a service answers to a GET: `/payments/{tenant_id}/payables/{payment_id}`."""

    service: str
    template: str

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(_PARAMETER.findall(self.template))

    @property
    def is_api(self) -> bool:
        return self.template.startswith(f"/{self.service}/v1/")

    def path(self, ids: Mapping[str, str]) -> str:
        return self.template.format(**{name: ids[name] for name in self.parameters})

    def read(self, path: str) -> dict[str, str] | None:
        """The parameters of a path that leads here."""
        pattern = _PARAMETER.sub(r"(?P<\1>[^/]+)", self.template)
        found = re.fullmatch(pattern, path)
        return found.groupdict() if found else None


def shape_of(url: str) -> str:
    """The same for all pages of one kind at one client."""
    service, _, rest = urlsplit(url).path[1:].partition("/")
    client, _, rest = rest.partition("/")
    return "/".join((service, client, _NAMES_ONE.sub("", rest)))


def addresses(house: House) -> list[Address]:
    """All of them, of all services."""
    found = set()
    for name in SERVICES:
        runtime = house.runtimes[name]
        assert runtime.service.web is not None
        for route in iter_route_contexts(runtime.service.web(runtime).routes):
            if "GET" in (getattr(route, "methods", None) or ()):
                found.add(Address(name, str(route.path)))
    return sorted(found)


@dataclass
class Visitor:
    """A browser, signed in or not, and a program with the same person's bearers."""

    site: str
    urls: dict[str, str]
    browser: httpx.Client
    dead_ends: set[tuple[str, str]] = field(default_factory=set)
    """Links that led nowhere, each after the page that has it."""
    bearers: dict[str, tuple[float, str]] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def to(cls, site: str, house: House, who: Persona | None = None) -> Iterator[Self]:
        settings = house.runtimes["tenants"].surroundings.settings
        urls = {name: settings.get(f"{name}_url") for name in SERVICES}
        with program(headers={"accept": "text/html"}) as browser:
            visitor = cls(site, urls, browser)
            if who is not None:
                visitor.sign_in(who)
            yield visitor

    def sign_in(self, who: Persona) -> None:
        page = self.browser.get(f"{self.site}/sign-in").text
        token = _FORM_TOKEN.search(page)
        form = {"user_id": str(who.user_id), "next": "/", "form_token": token[1] if token else ""}
        headers = {"sec-fetch-site": "same-origin"}
        answer = self.browser.post(f"{self.site}/sign-in", data=form, headers=headers)
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text

    def ask(self, address: Address, path: str, method: str = "GET") -> httpx.Response:
        """At the service's own door."""
        headers = self._bearer(address.service) if address.is_api else {}
        return self.browser.request(method, self.urls[address.service] + path, headers=headers)

    def _bearer(self, service: str) -> dict[str, str]:
        """What services get for a session, kept for half of its time; nothing for who has none."""
        session = self.browser.cookies.get(SESSION_COOKIE)
        if session is None:
            return {}
        until, assertion = self.bearers.get(service, (0.0, ""))
        if time.monotonic() > until:
            door = f"{self.urls['tenants']}/tenants/internal/assertions"
            answer = self.browser.post(door, json={"session": session, "audience": service})
            assert answer.status_code == httpx.codes.OK, answer.text
            assertion = answer.json()["assertion"]
            self.bearers[service] = time.monotonic() + LIFETIME_SECONDS / 2, assertion
        return {"authorization": f"Bearer {assertion}"}

    def crawl(self, *begins: str) -> Iterator[str]:
        """The paths that links lead to and where there is something; of those that differ by what
        they name, the first two. HEAD before GET, as scanners do.
        """
        left, seen = [(self.site, urljoin(self.site, begin)) for begin in begins], set[str]()
        alike = Counter[str]()
        while left:
            page, url = left.pop()
            shape = shape_of(url)
            if url in seen or alike[shape] == _ALIKE:
                continue
            seen.add(url)
            if not alike[shape]:
                self.browser.head(url)
            alike[shape] += 1
            answer = self.browser.get(url)
            if answer.is_error:
                self.dead_ends.add((urlsplit(page).path, urlsplit(url).path))
            else:
                yield urlsplit(url).path
            further = [answer.headers.get("location", ""), *self._links(answer)]
            for link in further:
                to = urldefrag(urljoin(url, link.replace("&amp;", "&"))).url
                if link and to.startswith(f"{self.site}/"):
                    left.append((url, to))

    @staticmethod
    def _links(answer: httpx.Response) -> list[str]:
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        return _LINK.findall(answer.text) if is_page else []
