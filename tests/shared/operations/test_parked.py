"""Parked messages: shown to whom they concern, replayed or skipped by them alone, with a reason."""

from __future__ import annotations

import psycopg
import pytest

from shared.telemetry.standing import standing_of
from shared.testing.world import World
from shared.web.operations.parked import shown
from tests.shared.operations.desk import (
    BECAUSE,
    FOREIGN,
    OTTO,
    PARKED,
    TENANT,
    Visitor,
    park,
    place,
    rows,
    someone,
)


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
