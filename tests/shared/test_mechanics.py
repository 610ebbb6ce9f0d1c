"""One event's way: command, store, outbox, feed, inbox, projection; effects and due work beside."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from shared.decider import Rejected
from shared.effects.intents import Intent
from shared.effects.unsettled import Unsettled
from shared.effects.worker import Done, Later, Outcome, Refused, Task, Unknown
from shared.runtime import Runtime
from shared.testing.world import World
from shared.work import Work
from tests.shared.toy import (
    MORNING,
    PURSE,
    Errand,
    FillPurse,
    Mint,
    counted,
)

ANNA, BERTIL = uuid4(), uuid4()


def fill(world: World, coins: int, purse_id: UUID, tenant: UUID = ANNA) -> None:
    world.work("purse", tenant, lambda work: work.execute(PURSE, purse_id, FillPurse(coins)))


def notes(world: World, purse_id: UUID, tenant: UUID = ANNA) -> tuple[str, ...]:
    found: tuple[str, ...] = world.work(
        "purse", tenant, lambda work: work.load(PURSE, purse_id).state.notes
    )
    return found


def counted_coins(world: World, tenant: UUID) -> list[int]:
    with world.runtimes["teller"].app.transaction([tenant]) as transaction:
        rows = transaction.sql.execute(sa.select(counted.c.coins).order_by(counted.c.coins))
        return list(rows.scalars())


def test_an_event_reaches_the_read_table_of_another_service(world: World) -> None:
    purse = uuid4()
    fill(world, 3, purse)
    fill(world, 4, purse)
    world.settle()
    assert counted_coins(world, ANNA) == [7]


def test_nobody_sees_another_tenants_rows(world: World) -> None:
    fill(world, 3, uuid4(), ANNA)
    fill(world, 5, uuid4(), BERTIL)
    world.settle()
    assert counted_coins(world, ANNA) == [3]
    assert counted_coins(world, BERTIL) == [5]
    assert counted_coins(world, uuid4()) == []


def test_a_refused_command_records_nothing(world: World) -> None:
    with pytest.raises(Rejected, match="at least one coin"):
        fill(world, 0, uuid4())
    world.settle()
    assert counted_coins(world, ANNA) == []


def test_a_decision_over_several_tenants_is_recorded_in_all_of_them_or_in_none(
    world: World,
) -> None:
    purses = {ANNA: uuid4(), BERTIL: uuid4()}

    def fill_both(coins: dict[UUID, int]) -> None:
        world.runtimes["purse"].works(
            [ANNA, BERTIL],
            "user:test",
            lambda works: [
                works[tenant].execute(PURSE, purse, FillPurse(coins[tenant]))
                for tenant, purse in purses.items()
            ],
        )

    fill_both({ANNA: 3, BERTIL: 5})
    with pytest.raises(Rejected):
        fill_both({ANNA: 3, BERTIL: 0})
    world.settle()
    assert counted_coins(world, ANNA) == [3]
    assert counted_coins(world, BERTIL) == [5]


def test_two_decisions_that_wait_for_each_other_are_both_made(world: World) -> None:
    purses = [uuid4(), uuid4()]
    begun = threading.Barrier(2)

    def fill_both(first: UUID, second: UUID) -> None:
        meet = [begun.wait]

        def command(work: Work) -> None:
            work.execute(PURSE, first, FillPurse(1))
            if meet:
                meet.pop()()
            work.execute(PURSE, second, FillPurse(1))

        world.work("purse", ANNA, command)

    crosswise = threading.Thread(target=fill_both, args=purses[::-1])
    crosswise.start()
    fill_both(*purses)
    crosswise.join()
    world.settle()
    assert counted_coins(world, ANNA) == [2, 2]


def test_many_who_want_the_same_stream_at_once_all_have_their_turn(world: World) -> None:
    purse = uuid4()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: fill(world, 1, purse), range(160)))
    coins: int = world.work("purse", ANNA, lambda work: work.load(PURSE, purse).state.coins)
    assert coins == 160


def test_what_is_read_together_is_what_each_history_adds_up_to(world: World) -> None:
    full, empty, foreign = uuid4(), uuid4(), uuid4()
    fill(world, 3, full)
    fill(world, 4, full)
    fill(world, 5, foreign, BERTIL)

    def look(work: Work) -> list[tuple[int, int]]:
        work.gather(PURSE, [full, empty, foreign])
        work.execute(PURSE, full, FillPurse(1))
        work.gather(PURSE, [full, empty])
        found = [work.load(PURSE, purse) for purse in (full, empty, foreign)]
        return [(one.state.coins, one.version) for one in found]

    assert world.work("purse", ANNA, look) == [(8, 3), (0, 0), (0, 0)]
    world.settle()
    assert counted_coins(world, ANNA) == [8]


def test_what_was_read_together_and_overtaken_is_decided_anew(world: World) -> None:
    purse, overtakers = uuid4(), [lambda: fill(world, 5, purse)]
    fill(world, 1, purse)

    def look(work: Work) -> None:
        work.gather(PURSE, [purse])
        if overtakers:
            overtakers.pop()()
        work.execute(PURSE, purse, FillPurse(1))

    world.work("purse", ANNA, look)
    assert world.work("purse", ANNA, lambda work: work.load(PURSE, purse).state.coins) == 7


def test_a_poisonous_message_and_its_followers_wait_aside_while_other_keys_go_on(
    world: World,
) -> None:
    unlucky, lucky = uuid4(), uuid4()
    fill(world, 13, unlucky)
    fill(world, 1, unlucky)
    fill(world, 2, lucky)
    world.settle()
    assert counted_coins(world, ANNA) == [2]
    with world.runtimes["teller"].app.transaction([ANNA]) as transaction:
        rows = transaction.raw.execute("select error from parked order by seq").fetchall()
    assert rows == [
        ("Rejected: thirteen coins bring bad luck",),
        ("waits behind a parked message of its key",),
    ]


def test_an_effect_is_carried_out_once_and_its_outcome_is_an_event(
    world: World, mint: Mint
) -> None:
    purse = uuid4()
    fill(world, 3, purse)
    world.settle()
    world.settle()
    assert len(mint.struck) == 1
    assert sorted(notes(world, purse)) == ["Done", "polished"]


def test_an_effect_that_never_left_is_tried_again(world: World, mint: Mint) -> None:
    purse = uuid4()
    mint.answers = [Later("nobody answers", MORNING.replace(hour=8)), Done()]
    fill(world, 3, purse)
    world.settle()
    assert mint.struck == []
    world.clock.advance(hours=1)
    world.settle()
    assert len(mint.struck) == 1


def test_an_effect_with_an_unknown_outcome_is_asked_for_and_never_repeated(
    world: World, mint: Mint
) -> None:
    purse = uuid4()
    mint.answers = [Unknown("no answer", MORNING.replace(hour=8))]
    fill(world, 3, purse)
    world.settle()
    world.clock.advance(hours=1)
    world.settle()
    assert len(mint.struck) == 1
    assert len(mint.asked) == 1
    assert notes(world, purse)[-1] == "Done"


def test_a_fault_of_ours_is_told_without_its_text_which_may_be_personal(
    world: World, mint: Mint, capfd: pytest.CaptureFixture[str]
) -> None:
    mint.answers = [RuntimeError("cannot write to anne@fjordvig.example")]
    fill(world, 3, uuid4())
    world.settle()
    with world.runtimes["purse"].app.transaction([ANNA]) as transaction:
        rows = transaction.raw.execute("select state, outcome from effect").fetchall()
    assert rows == [("unknown", "RuntimeError")]
    told = "".join(capfd.readouterr())
    assert "performer failed" in told
    assert "anne@fjordvig.example" not in told


def test_an_outcome_that_cannot_be_recorded_is_asked_for_and_holds_up_no_other(
    world: World, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    purse, other = uuid4(), uuid4()
    record = mint.record

    def fail(work: Work, task: Task, outcome: Outcome) -> None:
        if task.aggregate_id == purse:
            raise RuntimeError("this outcome fits no rule")
        record(work, task, outcome)

    with monkeypatch.context() as patched:
        patched.setattr(mint, "record", fail)
        fill(world, 3, purse)
        fill(world, 3, other)
        world.settle()
        assert "Done" in notes(world, other)
        [waiting] = Unsettled(world.runtimes["purse"].app, world.clock).waiting([ANNA])
        assert (waiting.state, waiting.outcome) == ("unknown", "RuntimeError")
    world.clock.advance(hours=1)
    world.settle()
    assert "Done" in notes(world, purse)
    assert len(mint.struck) == 2
    assert len(mint.asked) == 1


def test_an_effect_that_somebody_else_has_put_off_is_not_carried_out_before_its_time(
    world: World, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that knew of two sees, when it comes to the second, how that one stands by then."""
    for _ in range(2):
        fill(world, 3, uuid4())
    other = Runtime(world.runtimes["purse"].service, world.runtimes["purse"].surroundings)
    mint.answers = [Later("closed", MORNING.replace(hour=20))] * 2
    perform = mint.perform
    performed: list[str] = []

    def perform_while_another_works(task: Task, now: datetime) -> Outcome:
        performed.append(task.key)
        if len(performed) == 1:
            other.step()
        return perform(task, now)

    monkeypatch.setattr(mint, "perform", perform_while_another_works)
    world.settle()
    other.close()
    assert len(performed) == 2
    assert mint.struck == []


def test_a_refusal_is_final(world: World, mint: Mint) -> None:
    purse = uuid4()
    mint.answers = [Refused("mint_closed", "closed on Mondays")]
    fill(world, 3, purse)
    world.settle()
    world.clock.advance(days=3)
    world.settle()
    assert mint.struck == []
    assert "Refused" in notes(world, purse)


def test_asking_outside_needs_no_event(world: World, mint: Mint) -> None:
    purse = uuid4()
    ask = Intent("mint.strike", key="asked", body=Errand(1))
    world.work("purse", ANNA, lambda work: work.intend(purse, ask))
    world.work("purse", ANNA, lambda work: work.intend(purse, ask))
    world.settle()
    assert len(mint.struck) == 1
    assert notes(world, purse) == ("Done",)
