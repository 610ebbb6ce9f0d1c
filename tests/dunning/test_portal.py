"""A debtor's own account behind the link in its letter: what it shows, and to whom it shows nothing."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from services.dunning.app import build
from services.dunning.commands import DisputeInvoice
from services.dunning.model.defaults import TIMELINES
from services.dunning.values import ChargePolicy
from shared.clock import SettableClock
from shared.postgres import Server
from shared.testing.site import Site
from shared.testing.stand_in import stand_in
from shared.testing.visiting import JWKS
from shared.testing.world import World
from tests.dunning.house import ANNA, START, House, moves_in
from tests.dunning.office import OTHERS, Office


@dataclass
class Street:
    """Debtors who hold letters. Links live by a wall clock that the test moves."""

    office: Office
    wall: SettableClock

    def look(self, path: str, language: str = "en") -> httpx.Response:
        headers = {"accept": "text/html", "accept-language": language}
        return Site(self.office.app).get(path, headers=headers)


@pytest.fixture(scope="module")
def street(postgres_server: Server) -> Iterator[Street]:
    wall = SettableClock(START)
    others = [stand_in(name) for name in OTHERS]
    services = [lambda surroundings: build(surroundings, wall), *others]
    with World(postgres_server, services, START, {"assertion_keys": JWKS}) as world:
        yield Street(Office(House(world)), wall)


@pytest.fixture(scope="module")
def here(street: Street) -> House:
    """Alfa has been reminded with charges and has paid a part; Beta owes something too."""
    here = moves_in(street.office.house)
    here.sets(msgspec.structs.replace(TIMELINES["DK"], mode="automatic"))
    here.sets(ChargePolicy(accept_unverified=True))
    alfa = here.debtor("Alfa ApS", language="en")
    here.invoice("1001", "10000.00", due="2026-03-02", debtor=alfa)
    here.invoice("1002", "500.00", due="2026-05-02", debtor=alfa)
    here.invoice("1003", "700.00", due="2026-05-12", debtor=alfa, currency="EUR")
    here.invoice("1009", "80.00", due="2026-03-20", debtor=alfa)
    here.invoice("2001", "4444.00", due="2026-03-02", debtor=here.debtor("Beta", "person", "sv"))
    here.paid("1009", on="2026-03-04")
    here.until("2026-03-23")
    here.paid("1001", on="2026-03-24", amount="4000.00")
    here.until("2026-03-26")
    return here


def link_of(here: House, name: str) -> str:
    """The path in the latest letter to a debtor, as the one who writes the letter opens it."""
    debtor_id = next(one for one, known in here.names.items() if known == name)
    letters: list[Any] = [
        one
        for one in here.contracts
        if getattr(one, "portal", None) and getattr(one, "debtor_id", None) == debtor_id
    ]
    sealed = letters[-1].portal
    assert sealed.subject == debtor_id
    return here.world.vault.open(here.tenant, sealed)


def text_of(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)).replace(
        "\N{NO-BREAK SPACE}", " "
    )


@pytest.mark.capability("E46")
def test_the_link_in_a_letter_shows_the_debtor_all_that_is_owed_and_why(
    street: Street, here: House
) -> None:
    here.seen()
    answer = street.look(link_of(here, "Alfa ApS"))
    assert answer.status_code == 200
    page = text_of(answer)
    # One sum per currency, with the charges in it; the payment and the law stand below.
    assert "You owe 6,656.10 DKK" in page
    assert "You owe 700.00 EUR" in page
    assert "Alfa ApS" in page
    assert "Fjordvig Byg ApS" in page
    assert "Reminder fee Mon 23 Mar" in page
    assert "renteloven" in page
    assert "21 days of 10,000.00 DKK at 9.75 %" in page
    assert "\N{MINUS SIGN}4,000.00" in page
    assert "A warning of collection is sent, with charges, unless it is paid before." in page
    assert "Invoice 1009" in page
    assert "2001" not in page


@pytest.mark.capability("E46")
def test_each_debtor_reads_its_own_account_in_its_own_language(street: Street, here: House) -> None:
    here.seen()
    answer = street.look(link_of(here, "Beta"), language="en")
    assert '<html lang="sv">' in answer.text
    assert "4444" in text_of(answer).replace(" ", "").replace(".", "")
    assert "1001" not in text_of(answer)


@pytest.mark.capability("E46")
def test_the_page_runs_no_script_and_tells_its_address_to_nobody(
    street: Street, here: House
) -> None:
    here.seen()
    for path in (link_of(here, "Alfa ApS"), "/dunning/portal/none"):
        answer = street.look(path)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "<script" not in answer.text
        assert "<form" not in answer.text
        assert 'href="/' not in re.sub(r"<link[^>]+>", "", answer.text)


@pytest.mark.capability("E46")
def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(street: Street, here: House) -> None:
    here.seen()
    link = link_of(here, "Alfa ApS")
    token = link.removeprefix("/dunning/portal/")
    raw = base64.urlsafe_b64decode(token)
    other = moves_in(street.office.house)
    moved = base64.urlsafe_b64encode(other.tenant.bytes + raw[16:]).decode()
    turned = base64.urlsafe_b64encode(raw[:20] + bytes([raw[20] ^ 1]) + raw[21:]).decode()
    answers = {
        street.look(f"/dunning/portal/{wrong}").text
        for wrong in (moved, turned, token[:-1], token + "A", "x", "0" * 76, "%F0%9F%98%80")
    }
    assert len(answers) == 1
    assert street.look(f"/dunning/portal/{moved}").status_code == 404
    assert "Alfa" not in answers.pop()


def test_only_a_digest_of_the_token_is_kept(street: Street, here: House) -> None:
    here.seen()
    token = link_of(here, "Alfa ApS").removeprefix("/dunning/portal/")

    def rows(work: Any) -> list[Any]:
        found = work.raw.execute("select * from portal_link").fetchall()
        return [value for row in found for value in row]

    kept = here.work(rows)
    assert kept
    assert all(token not in str(value) for value in kept)
    # Row security: another creditor's transaction sees none of them.
    assert moves_in(street.office.house).work(rows) == []


def test_one_link_is_drawn_so_many_times_a_minute(street: Street, here: House) -> None:
    here.seen()
    link = link_of(here, "Beta")
    statuses = [street.look(link).status_code for _ in range(31)]
    assert (statuses[0], statuses[-1]) == (200, 404)
    street.wall.advance(minutes=1)
    assert street.look(link).status_code == 200


def test_a_contested_invoice_is_said_to_be_contested(street: Street, here: House) -> None:
    here.seen()
    here.asks("1002", lambda terms: DisputeInvoice("faulty", ANNA, terms))
    assert "you contest it" in text_of(street.look(link_of(here, "Alfa ApS")))


def test_a_link_ends_after_half_a_year_and_with_the_debtor(street: Street, here: House) -> None:
    here.seen()
    link = link_of(here, "Alfa ApS")
    street.wall.advance(days=179)
    assert street.look(link).status_code == 200
    street.wall.advance(days=2)
    assert street.look(link).status_code == 404
    debtor_id: UUID = next(iter(here.names))
    here.world.vault.forget(here.tenant, debtor_id)
    letter = next(one for one in here.contracts if getattr(one, "portal", None))
    assert "/dunning/" not in here.world.vault.open(here.tenant, letter.portal)  # type: ignore[attr-defined]  # a letter has one
