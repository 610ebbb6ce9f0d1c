"""Sessions: opened for a person, found by their cookie only, ended by time, sign-out or disabling."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest

from services.tenants.acts import demo
from services.tenants.acts.administering import Administration
from services.tenants.queries import Directory
from services.tenants.registers.sessions import LIFETIME, SessionBook
from shared.clock import SettableClock
from shared.runtime import Runtime
from shared.testing.world import World

OFFICE = demo.STRANDGADE.agency_id
FJORDVIG = demo.FJORDVIG.client_id
HENRIK, METTE = demo.HENRIK.user_id, demo.METTE.user_id


@pytest.fixture
def wall() -> SettableClock:
    return SettableClock(datetime(2026, 11, 21, 20, tzinfo=UTC))


@pytest.fixture
def sessions(runtime: Runtime, wall: SettableClock) -> SessionBook:
    return SessionBook(runtime.app, wall)


@pytest.fixture
def at_rest(world: World, runtime: Runtime) -> Iterator[psycopg.Connection]:
    """The database as its superuser sees it."""
    database = world.address.database("tenants")
    with psycopg.connect(world.server.dsn(database)) as connection:
        yield connection


def opened(sessions: SessionBook, user_id=METTE) -> str:
    cookie = sessions.open(OFFICE, user_id)
    assert cookie is not None
    return cookie


def test_a_session_is_found_by_its_cookie(sessions: SessionBook) -> None:
    holder = sessions.holder(opened(sessions))
    assert holder is not None
    assert (holder.agency_id, holder.user_id) == (OFFICE, METTE)


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "x" * 100_000, "ø" * 43, "' or true --"])
def test_no_session_is_found_by_anything_else(sessions: SessionBook, cookie: str) -> None:
    opened(sessions)
    assert sessions.holder(cookie) is None


def test_nobody_gets_a_session_who_is_not_there(sessions: SessionBook) -> None:
    assert sessions.open(OFFICE, uuid4()) is None
    assert sessions.open(uuid4(), METTE) is None


def test_a_session_ends_when_its_time_is_over(sessions: SessionBook, wall: SettableClock) -> None:
    cookie = opened(sessions)
    wall.move_to(wall.now() + LIFETIME * 0.99)
    assert sessions.holder(cookie) is not None
    wall.move_to(wall.now() + LIFETIME * 0.01)
    assert sessions.holder(cookie) is None


def test_moving_the_business_day_signs_nobody_out(world: World, sessions: SessionBook) -> None:
    cookie = opened(sessions)
    world.clock.advance(days=365)
    assert sessions.holder(cookie) is not None


def test_signing_out_ends_this_session_and_no_other(sessions: SessionBook) -> None:
    desk_computer, phone = opened(sessions), opened(sessions)
    sessions.close(phone)
    sessions.close(phone)
    assert sessions.holder(phone) is None
    assert sessions.holder(desk_computer) is not None


@pytest.mark.property_("P11")
def test_a_cookie_is_kept_as_its_hash_only(
    sessions: SessionBook, at_rest: psycopg.Connection
) -> None:
    cookie = opened(sessions)
    rows = at_rest.execute("select digest, session::text from session").fetchall()
    assert sha256(cookie.encode()).digest() in {bytes(digest) for digest, _ in rows}
    assert not [row for _, row in rows if cookie in row]


def test_names_and_addresses_of_people_are_sealed_at_rest(at_rest: psycopg.Connection) -> None:
    written = at_rest.execute(
        "select p::text from person p union all select m::text from read.member m"
    ).fetchall()
    assert len(written) > len(demo.PEOPLE)
    text = " ".join(row[0] for row in written)
    assert not [word for word in ("Mette", "mette@", "Henrik", "fjordvig.example") if word in text]


@pytest.mark.property_("P12")
def test_disabling_a_person_ends_all_their_sessions_at_once(
    own_world: World, wall: SettableClock
) -> None:
    runtime = own_world.runtimes["tenants"]
    sessions = SessionBook(runtime.app, wall)
    cookies = [opened(sessions, HENRIK), opened(sessions, HENRIK)]
    directory = Directory(runtime.app, own_world.vault)
    soren = directory.person(OFFICE, demo.SOREN.user_id)
    assert soren is not None
    Administration(runtime, own_world.vault, directory, sessions).disable(
        OFFICE, FJORDVIG, soren, HENRIK
    )
    assert [sessions.holder(cookie) for cookie in cookies] == [None, None]
    assert sessions.open(OFFICE, HENRIK) is None


def test_without_a_cookie_or_a_tenant_no_session_and_no_person_is_seen(
    runtime: Runtime, sessions: SessionBook
) -> None:
    opened(sessions)
    with runtime.app.transaction([]) as transaction:
        for table in ("session", "person"):
            rows = transaction.raw.execute(f"select from {table}")
            assert rows.fetchall() == []


def test_the_database_would_let_no_tenant_see_another(runtime: Runtime) -> None:
    runtime.refuse_to_leak()
