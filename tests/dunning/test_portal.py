"""A debtor's own account behind the link in its letter: what it shows and gives, and what it does not."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from fastapi import FastAPI, Response

from services.dunning.app import build
from services.dunning.commands.receivable import DisputeInvoice
from services.dunning.events.notice import LetterDownloaded
from services.dunning.events.receivable import InvoiceCopyDownloaded
from services.dunning.model.defaults import TIMELINES
from services.dunning.values import ChargePolicy
from shared.clock import SettableClock
from shared.contracts.notifications import DocumentRendered
from shared.contracts.sync import InvoiceCopyStored
from shared.contracts.values import Copy
from shared.postgres import Server
from shared.testing.servers import serve
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
    kept: Kept

    def look(self, path: str, language: str = "en") -> httpx.Response:
        headers = {"accept": "text/html", "accept-language": language}
        return Site(self.office.app).get(path, headers=headers)


@dataclass
class Kept:
    """The doors of sync and notifications, as far as they give out documents to services."""

    documents: dict[str, bytes] = field(default_factory=dict)
    broken: bool = False

    def keeps(self, content: bytes) -> Copy:
        copy_of = Copy(sha256(content).hexdigest(), "application/pdf", len(content))
        self.documents[copy_of.sha256] = content
        return copy_of

    def doors(self) -> FastAPI:
        app = FastAPI()

        @app.get("/sync/internal/tenants/{tenant_id}/copies/{sha}")
        @app.get("/notifications/internal/tenants/{tenant_id}/documents/{sha}")
        def document(tenant_id: UUID, sha: str) -> Response:
            if self.broken:
                return Response(b"half of it")
            found = self.documents.get(sha)
            return Response(status_code=404) if found is None else Response(found)

        return app


@pytest.fixture(scope="module")
def street(postgres_server: Server) -> Iterator[Street]:
    kept = Kept()
    with serve(kept.doors()) as url, built(postgres_server, kept, url) as street:
        yield street


@contextmanager
def built(server: Server, kept: Kept, url: str | None) -> Iterator[Street]:
    """Without `url` no service keeps documents."""
    wall = SettableClock(START)
    others = [stand_in(name) for name in OTHERS]
    services = [lambda surroundings: build(surroundings, wall), *others]
    doors = {"sync_url": url, "notifications_url": url} if url else {}
    with World(server, services, START, {"assertion_keys": JWKS, **doors}) as world:
        yield Street(Office(House(world)), wall, kept)


@pytest.fixture(scope="module")
def here(street: Street) -> House:
    return two_debtors(street)


def two_debtors(street: Street) -> House:
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
    here.seen()
    return here


def has_copy(here: House, street: Street, number: str, content: bytes) -> None:
    copy_of = street.kept.keeps(content)
    stored = InvoiceCopyStored(invoice_id=here.invoices[number].invoice_id, copy_of=copy_of)
    here.say(stored)
    here.settle()


def copy_at(here: House, name: str, number: str) -> str:
    """Where a debtor's link has the copy of an invoice."""
    return f"{link_of(here, name)}/invoices/{here.invoices[number].invoice_id}"


def downloads(here: House, number: str) -> list[InvoiceCopyDownloaded]:
    invoice_id = here.invoices[number].invoice_id
    history = here.work(lambda work: work.history(invoice_id))
    return [one.event for one in history if isinstance(one.event, InvoiceCopyDownloaded)]


def letter_to(here: House, name: str) -> Any:
    """The latest letter to a debtor."""
    debtor_id = next(one for one, known in here.names.items() if known == name)
    letters: list[Any] = [
        one
        for one in here.contracts
        if getattr(one, "portal", None) and getattr(one, "debtor_id", None) == debtor_id
    ]
    return letters[-1]


def link_of(here: House, name: str) -> str:
    """The path in it, as the one who writes the letter opens it."""
    letter = letter_to(here, name)
    assert letter.portal.subject == letter.debtor_id
    return here.world.vault.open(here.tenant, letter.portal)


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
        elsewhere = re.sub(rf'<link[^>]+>|href="{path}/', "", answer.text)
        assert "href=" not in elsewhere


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
        for wrong in (
            moved,
            turned,
            token[:-1],
            token + "A",
            "x",
            "0" * 76,
            "." * 76,
            "%F0%9F%98%80",
        )
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


@pytest.mark.capability("E51")
def test_the_debtor_fetches_a_copy_of_an_invoice_and_it_is_recorded_that_it_did(
    street: Street, here: House
) -> None:
    has_copy(here, street, "1001", b"%PDF-1.7 invoice 1001")
    path = copy_at(here, "Alfa ApS", "1001")
    assert f'href="{path}"' in street.look(link_of(here, "Alfa ApS")).text
    assert downloads(here, "1001") == []
    answer = street.look(path)
    assert (answer.status_code, answer.content) == (200, b"%PDF-1.7 invoice 1001")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="invoice-1001.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    # By which letter's link, which document; nothing about a person.
    sha = sha256(answer.content).hexdigest()
    link = letter_to(here, "Alfa ApS").notice_id
    assert downloads(here, "1001") == [InvoiceCopyDownloaded(sha, link)]
    street.office.tenants.append(here.tenant)
    receivable = f"/dunning/{here.tenant}/receivables/{here.invoices['1001'].invoice_id}"
    told = text_of(street.office.browser().get(receivable))
    assert "The debtor fetched a copy of the invoice" in told


@pytest.mark.capability("E51")
def test_a_copy_that_is_not_kept_yet_is_sought_in_the_ledger_once_and_then_there(
    street: Street, here: House
) -> None:
    here.seen()
    path = copy_at(here, "Alfa ApS", "1002")
    for _ in range(2):
        answer = street.look(path)
        assert answer.status_code == 202
        assert "It is being fetched from the books of Fjordvig Byg ApS." in text_of(answer)
    here.seen().sees("InvoiceCopySought 1002")
    has_copy(here, street, "1002", b"%PDF-1.7 invoice 1002")
    assert street.look(path).content == b"%PDF-1.7 invoice 1002"


@pytest.mark.capability("E51")
def test_a_copy_that_cannot_be_had_says_why_and_is_not_recorded(
    street: Street, here: House
) -> None:
    has_copy(here, street, "1009", b"%PDF-1.7 invoice 1009")
    path = copy_at(here, "Alfa ApS", "1009")
    street.kept.broken = True
    answer = street.look(path)
    street.kept.broken = False
    assert answer.status_code == 503
    assert "does not answer just now" in text_of(answer)
    assert "<form" not in answer.text
    del street.kept.documents[sha256(b"%PDF-1.7 invoice 1009").hexdigest()]
    answer = street.look(path)
    assert answer.status_code == 410
    assert "Fjordvig Byg ApS can send it to you." in text_of(answer)
    assert downloads(here, "1009") == []


@pytest.mark.capability("E51")
@pytest.mark.property_("P9")
def test_a_link_gives_out_the_documents_of_its_own_debtor_and_tells_of_no_other(
    street: Street, here: House
) -> None:
    has_copy(here, street, "2001", b"%PDF-1.7 invoice 2001")
    link = link_of(here, "Alfa ApS")
    betas = here.letter_of("2001")
    nowhere = street.look("/dunning/portal/none")
    for path in (
        copy_at(here, "Alfa ApS", "2001"),
        f"{link}/invoices/{UUID(int=1)}",
        f"{link}/invoices/none",
        f"{link}/letters/{betas.notice_id}",
        f"{link}/letters/{here.invoices['1001'].invoice_id}",
        copy_at(here, "Beta", "2001").replace("/invoices/", "A/invoices/"),
    ):
        answer = street.look(path)
        assert (answer.status_code, answer.text) == (404, nowhere.text), path
    assert downloads(here, "2001") == []


@pytest.mark.capability("E51")
def test_the_debtor_fetches_a_letter_exactly_as_it_was_sent(street: Street, here: House) -> None:
    here.seen()
    letter = here.letter_of("1001")
    copy_of = street.kept.keeps(b"%PDF-1.7 reminder")
    rendered = DocumentRendered(
        document_id=letter.notice_id,
        debtor_id=letter.debtor_id,
        notice_id=letter.notice_id,
        copy_of=copy_of,
        pages=1,
        language="en",
        template_version="1",
    )
    here.say(rendered)
    here.settle()
    path = f"{link_of(here, 'Alfa ApS')}/letters/{letter.notice_id}"
    assert f'href="{path}"' in street.look(link_of(here, "Alfa ApS")).text
    answer = street.look(path)
    assert (answer.status_code, answer.content) == (200, b"%PDF-1.7 reminder")
    name = f"reminder-{letter.issued_on.isoformat()}.pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    history = here.work(lambda work: work.history(letter.notice_id))
    fetched = [one.event for one in history if isinstance(one.event, LetterDownloaded)]
    assert [one.sha256 for one in fetched] == [copy_of.sha256]


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


def test_where_no_service_keeps_documents_none_is_offered(postgres_server: Server) -> None:
    with built(postgres_server, Kept(), url=None) as street:
        here = two_debtors(street)
        has_copy(here, street, "1009", b"%PDF-1.7 invoice 1009")
        shown = street.look(link_of(here, "Alfa ApS"))
        assert shown.status_code == 200
        assert "1009" in shown.text
        assert "/invoices/" not in shown.text
        assert street.look(copy_at(here, "Alfa ApS", "1009")).status_code == 503
