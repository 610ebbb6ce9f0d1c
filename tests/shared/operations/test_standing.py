"""How a service stands: in one line when it is well, and what wants a person first."""

from __future__ import annotations

from uuid import uuid4

import psycopg
from psycopg import sql

from shared.postgres import Server, drop_database
from shared.testing.world import World
from tests.shared.operations.desk import EFFECTS, PARKED, Visitor, fill, park, stick
from tests.shared.toy import MORNING, Mint, purse_service


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
    with World(postgres_server, [purse_service(mint)], MORNING, broker) as world:
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
