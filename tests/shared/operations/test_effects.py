"""Effects of which nobody knows: asked after by a person, and never done again."""

from __future__ import annotations

from uuid import uuid4

from shared.effects.unsettled import Unsettled
from shared.effects.worker import Done, Later, Refused, Unknown
from shared.telemetry.standing import standing_of
from shared.testing.world import World
from tests.shared.operations.desk import (
    BECAUSE,
    EFFECTS,
    FOREIGN,
    OTTO,
    TENANT,
    Visitor,
    fill,
    rows,
    stick,
)
from tests.shared.toy import MORNING, Mint


def test_another_tenants_effect_looks_like_one_that_does_not_exist(
    world: World, purse: Visitor, mint: Mint
) -> None:
    path = stick(world, mint, FOREIGN)
    for path_ in (path, f"{EFFECTS}/{uuid4()}"):
        assert purse.get(path_).status_code == 404
        assert purse.post(f"{path_}/ask", **BECAUSE).status_code == 404
    assert "Every effect is settled" in purse.get(EFFECTS).text
    assert standing_of(world.runtimes["purse"], [TENANT]).effects == {}


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
    mint.answers = [Unknown("no answer", MORNING.replace(hour=20))]
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
    mint.answers = [Later("closed", MORNING)] * 12
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
