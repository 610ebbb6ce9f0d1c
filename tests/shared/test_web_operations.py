"""Operations of the toy services: what waits is shown to whom it concerns, and mended by them alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser
from psycopg import sql

from shared.clock import SettableClock
from shared.effects.unsettled import Unsettled
from shared.effects.worker import Done, Later, Refused, Unknown
from shared.postgres import Server, drop_database
from shared.runtime import Runtime
from shared.stream.parking import Parking
from shared.telemetry.standing import standing_of
from shared.testing.browser import CHROMIUM, DESKTOP, PHONE, chromium, page_at, served
from shared.testing.site import Site
from shared.testing.world import World
from shared.web.app import web_app
from shared.web.csrf import form_token
from shared.web.doorkeeper import SESSION_COOKIE, Doorkeeper
from shared.web.identity import Grant, Identity, sign
from shared.web.operations import operations_of
from shared.web.operations.parked import shown
from tests.shared.toy import PURSE, FillPurse, Mint, purse_service, teller_service
from tests.shared.web_kit import KEY, NOW, PUBLIC

START = datetime(2026, 3, 2, 7, tzinfo=UTC)
TENANT, FOREIGN = uuid4(), uuid4()
OTTO = Identity(uuid4(), "Otto", "en", (Grant(TENANT, frozenset({"operations"}), "Fjordvig Byg"),))
SESSION = "o" * 43
BECAUSE = {"reason": "the ledger was closed"}
PARKED, EFFECTS = "/teller/operations/parked", "/purse/operations/effects"


@dataclass
class Sessions:
    identity: Identity
    audience: str

    def assertion(self, cookie: str) -> str | None:
        known = cookie == SESSION
        return sign(self.identity, KEY, audience=self.audience, now=NOW) if known else None


@dataclass
class Visitor:
    """A person in front of one service, with a browser's headers."""

    runtime: Runtime
    identity: Identity = OTTO
    token: str = form_token(SESSION)

    @property
    def app(self) -> Any:
        name = self.runtime.service.name
        keeper = Doorkeeper(
            audience=name,
            keys=PUBLIC,
            sessions=Sessions(self.identity, name),
            clock=SettableClock(NOW),
        )
        pages = [operations_of(self.runtime, own=lambda _, who: f"<p>own part for {who.name}</p>")]
        return web_app(name, doorkeeper=keeper, business_clock=self.runtime.clock, pages=pages)

    def get(self, path: str) -> httpx.Response:
        return Site(self.app).get(path, headers=self._headers)

    def post(self, path: str, **fields: str) -> httpx.Response:
        data = {"form_token": self.token, **fields}
        return Site(self.app).post(path, data=data, headers=self._headers)

    @property
    def _headers(self) -> dict[str, str]:
        return {
            "Cookie": f"{SESSION_COOKIE}={SESSION}",
            "Accept": "text/html",
            "Sec-Fetch-Site": "same-origin",
        }


@pytest.fixture
def mint() -> Mint:
    return Mint()


@pytest.fixture
def world(postgres_server: Server, mint: Mint) -> Iterator[World]:
    with World(postgres_server, [purse_service(mint), teller_service], START) as world:
        yield world


@pytest.fixture
def teller(world: World) -> Visitor:
    return Visitor(world.runtimes["teller"])


@pytest.fixture
def purse(world: World) -> Visitor:
    return Visitor(world.runtimes["purse"])


def fill(world: World, coins: int, purse: UUID, tenant: UUID = TENANT) -> None:
    world.work("purse", tenant, lambda work: work.execute(PURSE, purse, FillPurse(coins)))


def park(world: World, behind: int = 0, tenant: UUID = TENANT) -> UUID:
    """A message that teller cannot handle, and some behind it."""
    purse = uuid4()
    fill(world, 13, purse, tenant)
    for _ in range(behind):
        fill(world, 1, purse, tenant)
    world.settle()
    return purse


def stick(world: World, mint: Mint, tenant: UUID = TENANT) -> str:
    """An effect of which nobody knows and after which nobody asks; the path of its page."""
    mint.answers.append(Unknown("the line closed"))
    fill(world, 1, uuid4(), tenant)
    world.settle()
    [effect] = Unsettled(world.runtimes["purse"].app, world.clock).waiting([tenant])
    return f"{EFFECTS}/{effect.effect_id}"


def place(world: World, tenant: UUID = TENANT) -> str:
    """The path of the first message that waits."""
    teller = world.runtimes["teller"]
    parking = Parking(teller.service.subscriptions, teller.service.rules, teller.app, teller.clock)
    first = parking.keys([tenant])[0].first
    return f"{PARKED}/{first.key.topic}/{first.key.partition}/{first.seq}"


def rows(world: World, service: str, query: str) -> list[tuple[Any, ...]]:
    with world.runtimes[service].reader.connection() as transaction:
        return transaction.raw.execute(query).fetchall()


def someone(*roles: str, tenant: UUID = TENANT) -> Identity:
    return Identity(uuid4(), "Berit", "en", (Grant(tenant, frozenset(roles), "Another A/S"),))


def test_a_service_that_is_well_says_so_in_one_line_with_its_own_part_below(
    world: World, teller: Visitor, purse: Visitor
) -> None:
    fill(world, 1, uuid4())
    world.settle()
    for visitor in (teller, purse):
        name = visitor.runtime.service.name
        page = visitor.get(f"/{name}/fragments/operations").text
        assert "Runs; nothing waits." in page
        assert 'class="todo"' not in page
        assert page.index("nothing waits") < page.index("<p>own part for Otto</p>")
    assert (
        "<dt>Messages from purse</dt><dd>none waits</dd>"
        in teller.get("/teller/fragments/operations").text
    )
    page = purse.get("/purse/fragments/operations").text
    assert "<dt>polish</dt>" in page
    assert "<dt>Effects: Done</dt><dd>1</dd>" in page


def test_what_wants_a_person_stands_first_with_how_many_since_when_and_where_it_is_mended(
    world: World, teller: Visitor, purse: Visitor, mint: Mint
) -> None:
    park(world, behind=2)
    path = stick(world, mint)
    world.clock.advance(days=1)
    page = teller.get("/teller/fragments/operations").text
    assert "nothing waits" not in page
    assert f'<a href="{PARKED}">' in page
    assert '<span class="n">3</span>' in page
    assert "the oldest since Mon 2 Mar 08:00" in page
    assert "Rejected: thirteen coins bring bad luck" in page
    page = purse.get("/purse/fragments/operations").text
    assert f'<a href="{EFFECTS}">' in page
    assert "the line closed" in page
    assert purse.get(path).status_code == 200


def test_messages_that_wait_too_long_are_counted_with_their_age(
    world: World, teller: Visitor
) -> None:
    purse = uuid4()
    fill(world, 1, purse)
    fill(world, 1, purse)
    for part in world.runtimes["purse"].parts:
        part.step()
    page = teller.get("/teller/fragments/operations").text
    assert "Runs; nothing waits." in page, "what is on its way is no trouble yet"
    world.clock.advance(hours=2)
    page = teller.get("/teller/fragments/operations").text
    assert "from purse: 2 messages, the oldest 2 hours old" in page
    world.settle()
    assert "Runs; nothing waits." in teller.get("/teller/fragments/operations").text


def test_a_publisher_that_does_not_answer_is_named(
    world: World, teller: Visitor, postgres_server: Server
) -> None:
    name = world.address.database("purse")
    drop_database(postgres_server, name)
    page = teller.get("/teller/fragments/operations").text
    with psycopg.connect(postgres_server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    assert "purse cannot be asked what it has told" in page


def test_a_schedule_that_is_late_is_named_until_it_has_run(world: World, purse: Visitor) -> None:
    fill(world, 1, uuid4())
    world.clock.advance(minutes=5)
    page = purse.get("/purse/fragments/operations").text
    assert "polish was due today 08:00" in page
    world.settle()
    assert "was due" not in purse.get("/purse/fragments/operations").text


def test_what_the_relay_has_not_published_is_counted_with_its_age(
    postgres_server: Server, mint: Mint
) -> None:
    """Nobody listens at this address: the relay is never stepped here."""
    broker = {"broker": "kafka://127.0.0.1:1"}
    with World(postgres_server, [purse_service(mint)], START, broker) as world:
        purse = Visitor(world.runtimes["purse"])
        assert (
            "<dt>Messages to tell</dt><dd>none waits</dd>"
            in purse.get("/purse/fragments/operations").text
        )
        fill(world, 1, uuid4())
        for part in purse.runtime.parts:
            if part.name == "watermark":
                part.step()
        world.clock.advance(minutes=3)
        page = purse.get("/purse/fragments/operations").text
        assert "not told yet: 1 message, 3 minutes old" in page


def test_who_looks_after_no_client_gets_no_fragment_and_no_page(
    world: World, teller: Visitor, purse: Visitor
) -> None:
    park(world)
    for visitor in (teller, purse):
        visitor.identity = someone("bookkeeper", "administrator", "approver")
        name = visitor.runtime.service.name
        assert visitor.get(f"/{name}/fragments/operations").status_code == 204
    assert teller.get(PARKED).status_code == 403
    assert teller.get(place(world)).status_code == 403
    assert teller.post(f"{place(world)}/replay", **BECAUSE).status_code == 403
    assert teller.post(f"{place(world)}/skip", **BECAUSE).status_code == 403
    assert purse.get(EFFECTS).status_code == 403
    assert purse.get(f"{EFFECTS}/{uuid4()}").status_code == 403
    assert purse.post(f"{EFFECTS}/{uuid4()}/ask", **BECAUSE).status_code == 403


def test_another_tenants_message_looks_like_one_that_does_not_exist(
    world: World, teller: Visitor
) -> None:
    park(world, tenant=FOREIGN)
    theirs = place(world, FOREIGN)
    nowhere = f"{theirs}999"
    unreadable = [f"{theirs}{'9' * 30}", f"{PARKED}/%00/0/1"]
    for path in (theirs, nowhere, *unreadable):
        assert teller.get(path).status_code == 404
        for act in ("replay", "skip"):
            assert teller.post(f"{path}/{act}", **BECAUSE).status_code == 404
    assert "No message waits" in teller.get(PARKED).text
    standing = standing_of(world.runtimes["teller"], [TENANT])
    assert (standing.parked.count, standing.failures) == (0, [])
    teller.identity = someone("operations", tenant=FOREIGN)
    assert teller.get(theirs).status_code == 200


def test_another_tenants_effect_looks_like_one_that_does_not_exist(
    world: World, purse: Visitor, mint: Mint
) -> None:
    path = stick(world, mint, FOREIGN)
    for path_ in (path, f"{EFFECTS}/{uuid4()}"):
        assert purse.get(path_).status_code == 404
        assert purse.post(f"{path_}/ask", **BECAUSE).status_code == 404
    assert "Every effect is settled" in purse.get(EFFECTS).text
    assert standing_of(world.runtimes["purse"], [TENANT]).effects == {}


def test_the_list_shows_each_key_once_and_never_the_key(world: World, teller: Visitor) -> None:
    key = park(world, behind=2)
    page = teller.get(PARKED).text
    assert page.count('<tr role="row">') == 2, "the head, and one key"
    assert "forfald.purse.CoinsAdded.v1" in page
    assert "Rejected: thirteen coins bring bad luck" in page
    assert '<td role="cell" class="num c-sum" data-label="Behind it"><span>2</span>' in page
    assert "Fjordvig Byg" in page
    assert str(key) not in page


def test_a_message_is_shown_with_its_bytes_headers_and_error(world: World, teller: Visitor) -> None:
    park(world)
    page = teller.get(place(world)).text
    assert "&#34;coins&#34;:13" in page
    assert "7b 22" in page
    assert "<dt>ce_tenantid</dt>" in page
    assert "Rejected: thirteen coins bring bad luck" in page


def test_bytes_that_are_no_text_are_shown_as_they_are_and_large_ones_from_the_beginning() -> None:
    assert shown(b"\xff\x00").text is None
    assert shown(b"\xff\x00").dump == "000000  ff 00"
    assert shown(b"\x1b[2J").text is None, "what would move a terminal is not shown as text"
    large = shown("å".encode() * 10_000)
    assert (large.size, large.cut) == (20_000, True)
    assert large.text is not None
    assert set(large.text) == {"å"}
    assert not shown(b"").cut


def test_a_replay_of_what_is_not_mended_leads_back_to_the_message_that_fails(
    world: World, teller: Visitor
) -> None:
    park(world, behind=1)
    before = place(world)
    answer = teller.post(f"{before}/replay", **BECAUSE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{before}?failed=1")
    assert "It failed again" in teller.get(answer.headers["location"]).text
    assert place(world) == before


def test_a_message_is_skipped_and_the_rest_replayed_by_whom_and_why(
    world: World, teller: Visitor
) -> None:
    park(world, behind=2)
    answer = teller.post(f"{place(world)}/skip", reason="counted by hand")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PARKED}?skipped=1")
    assert "The message was skipped." in teller.get(answer.headers["location"]).text
    answer = teller.post(f"{place(world)}/replay", **BECAUSE)
    assert answer.headers["location"] == f"{PARKED}?replayed=2"
    page = teller.get(answer.headers["location"]).text
    assert "2 messages were handled." in page
    assert "No message waits" in page
    world.settle()
    assert rows(world, "teller", "select coins from read.counted") == [(2,)]
    by = f"user:{OTTO.user_id}"
    query = "select settled_as, settled_by, reason from parked order by seq"
    assert rows(world, "teller", query) == [
        ("skipped", by, "counted by hand"),
        ("replayed", by, BECAUSE["reason"]),
        ("replayed", by, BECAUSE["reason"]),
    ]


@pytest.mark.parametrize("act", ["replay", "skip"])
@pytest.mark.parametrize("fields", [{}, {"reason": " \n"}, {"reason": "x" * 501}])
def test_no_message_is_settled_without_a_reason(
    world: World, teller: Visitor, act: str, fields: dict[str, str]
) -> None:
    park(world)
    assert teller.post(f"{place(world)}/{act}", **fields).status_code == 422
    assert rows(world, "teller", "select settled_as from parked") == [(None,)]


def test_nothing_is_mended_by_a_form_that_is_not_ours(
    world: World, teller: Visitor, purse: Visitor, mint: Mint
) -> None:
    park(world)
    path = stick(world, mint)
    teller.token = purse.token = form_token("another session")
    assert teller.post(f"{place(world)}/replay", **BECAUSE).status_code == 403
    assert teller.post(f"{place(world)}/skip", **BECAUSE).status_code == 403
    assert purse.post(f"{path}/ask", **BECAUSE).status_code == 403
    assert rows(world, "teller", "select settled_as from parked") == [(None,)]
    assert rows(world, "purse", "select count(*) from effect_question") == [(0,)]


def test_a_message_that_says_nothing_of_itself_can_be_looked_at_and_skipped(
    world: World, teller: Visitor
) -> None:
    key = park(world)
    with psycopg.connect(world.server.dsn(world.address.database("teller"))) as connection:
        connection.execute(
            "update parked set tenant_id = null, headers = '{}', body = '\\xff' where key = %s",
            (str(key).encode(),),
        )
    assert "not said" in teller.get(PARKED).text
    assert "These bytes are not text." in teller.get(place(world)).text
    assert teller.post(f"{place(world)}/replay", **BECAUSE).headers["location"].endswith("failed=1")
    assert teller.post(f"{place(world)}/skip", **BECAUSE).status_code == 303
    assert "No message waits" in teller.get(PARKED).text


def test_a_stuck_effect_is_asked_after_now_and_never_done_again(
    world: World, purse: Visitor, mint: Mint
) -> None:
    path = stick(world, mint)
    assert "the line closed" in purse.get(path).text
    world.clock.advance(hours=1)
    answer = purse.post(f"{path}/ask", **BECAUSE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{EFFECTS}?asked=1")
    assert mint.asked == [], "the page itself asks nobody"
    assert rows(world, "purse", "select state, due_at from effect") == [
        ("unknown", world.clock.now())
    ]
    world.settle()
    assert len(mint.asked) == len(mint.struck) == 1
    assert rows(world, "purse", "select state, outcome from effect") == [("done", "done")]
    query = "select asked_by, reason, state, outcome from effect_question"
    assert rows(world, "purse", query) == [
        (f"user:{OTTO.user_id}", BECAUSE["reason"], "stuck", "the line closed")
    ]
    page = purse.get(path).text
    assert f'{BECAUSE["reason"]}<span class="sub">Otto</span>' in page
    assert "Ask again now" not in page


def test_an_unknown_effect_is_asked_after_sooner(world: World, purse: Visitor, mint: Mint) -> None:
    mint.answers = [Unknown("no answer", START.replace(hour=20))]
    fill(world, 1, uuid4())
    world.settle()
    page = purse.get(EFFECTS).text
    assert "next question: today 21:00" in page
    path = page.split(f'href="{EFFECTS}/')[1].split('"')[0]
    assert purse.post(f"{EFFECTS}/{path}/ask", **BECAUSE).status_code == 303
    world.settle()
    assert mint.asked == mint.struck
    assert "Every effect is settled" in purse.get(EFFECTS).text


def test_what_gave_up_after_many_tries_is_tried_anew_when_asking_finds_nothing(
    world: World, purse: Visitor, mint: Mint
) -> None:
    mint.answers = [Later("closed", START)] * 12
    fill(world, 1, uuid4())
    world.settle()
    [(state, attempts)] = rows(world, "purse", "select state, attempts from effect")
    assert (state, attempts) == ("stuck", 12)
    [effect] = Unsettled(world.runtimes["purse"].app, world.clock).waiting([TENANT])
    assert purse.post(f"{EFFECTS}/{effect.effect_id}/ask", **BECAUSE).status_code == 303
    world.settle()
    assert len(mint.asked) == len(mint.struck) == 1
    assert rows(world, "purse", "select state, outcome from effect") == [("done", "done")]


def test_what_was_refused_is_shown_with_its_reason_and_cannot_be_asked_after(
    world: World, purse: Visitor, mint: Mint
) -> None:
    mint.answers = [Refused("no_metal", "come again"), Done()]
    fill(world, 1, uuid4())
    fill(world, 1, uuid4())
    world.settle()
    page = purse.get(EFFECTS).text
    assert "refused: no_metal come again" in page
    path = EFFECTS + "/" + page.split(f'href="{EFFECTS}/')[1].split('"')[0]
    assert "Ask again now" not in purse.get(path).text
    assert purse.post(f"{path}/ask", **BECAUSE).status_code == 409
    assert "Runs; nothing waits." in purse.get("/purse/fragments/operations").text
    assert rows(world, "purse", "select count(*) from effect_question") == [(0,)]


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}")
def test_the_pages_of_operations_are_sound_on_a_phone_and_at_a_desk(
    world: World, teller: Visitor, purse: Visitor, mint: Mint
) -> None:
    park(world, behind=2)
    park(world)
    asked = stick(world, mint)
    mint.answers = [Refused("no_metal", "come again")]
    fill(world, 1, uuid4())
    world.settle()
    purse.post(f"{asked}/ask", reason="the bank says that it knows of it")
    with served(teller.app) as telling, served(purse.app) as purses, chromium() as browser:
        paths = [telling + PARKED, telling + place(world), f"{telling}{place(world)}?failed=1",
                 f"{telling}{PARKED}?replayed=1", purses + EFFECTS, purses + asked]  # fmt: skip
        for width, dark in ((PHONE, True), (DESKTOP, False)):
            _look(browser, width, dark, paths)


def _look(browser: Browser, width: int, dark: bool, paths: list[str]) -> None:
    cookies = [(path, SESSION_COOKIE, SESSION) for path in paths]
    with page_at(browser, width, dark=dark, cookies=cookies) as view:
        for path in paths:
            view.open(path)
            assert view.page.locator("h1").inner_text()
            for details in view.page.locator("details > summary").all():
                details.click()
            view.must_be_sound()
