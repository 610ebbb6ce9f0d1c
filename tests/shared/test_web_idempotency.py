"""The same request twice has one effect and one answer; another body under its key is a conflict."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from shared.postgres import Server
from shared.testing.site import Site
from shared.testing.world import World
from shared.web.idempotency import OnceKey, RequestKey, once
from shared.web.problem import Problem
from shared.work import Work
from tests.shared.toy import PURSE, FillPurse, Mint, purse_service

TENANT, OTHER = uuid4(), uuid4()
KEY = RequestKey("/purse/v1/fillings 1", b"d" * 32)


@pytest.fixture
def world(postgres_server: Server) -> Iterator[World]:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    with World(postgres_server, [purse_service(Mint())], start) as world:
        yield world


def ask(world: World, purse: UUID, key: RequestKey = KEY, tenant: UUID = TENANT):
    def command(work: Work):
        def fill() -> tuple[int, dict[str, int]]:
            work.execute(PURSE, purse, FillPurse(1))
            return 201, {"coins": work.load(PURSE, purse).state.coins}

        return once(work, key, fill)

    return world.work("purse", tenant, command)


def coins(world: World, purse: UUID) -> int:
    found: int = world.work("purse", TENANT, lambda work: work.load(PURSE, purse).state.coins)
    return found


def test_a_repeated_request_gets_the_first_answer_and_has_no_second_effect(world: World) -> None:
    purse = uuid4()
    assert ask(world, purse) == (201, {"coins": 1})
    assert ask(world, purse) == (201, {"coins": 1})
    assert coins(world, purse) == 1


def test_the_same_key_with_another_body_is_a_conflict(world: World) -> None:
    purse = uuid4()
    ask(world, purse)
    with pytest.raises(Problem) as refused:
        ask(world, purse, RequestKey(KEY.key, b"e" * 32))
    assert refused.value.details().code == "idempotency_key_reused"
    assert refused.value.kind.status == 409


def test_a_request_is_the_same_when_its_address_question_and_body_are() -> None:
    app = FastAPI()

    @app.post("/{where}")
    def tell(where: str, key: OnceKey) -> list[str]:
        return [key.key, key.digest.hex()]

    visitor = Site(app)

    def told(path: str, body: str) -> tuple[str, ...]:
        return tuple(visitor.post(path, content=body, headers={"Idempotency-Key": "k"}).json())

    first = told("/fillings?on=2026-03-02", "3 coins")
    assert told("/fillings?on=2026-03-02", "3 coins") == first
    others = {
        told("/fillings?on=2026-03-03", "3 coins"),
        told("/fillings", "on=2026-03-023 coins"),
        told("/fillings?on=2026-03-02", "4 coins"),
        told("/emptyings?on=2026-03-02", "3 coins"),
    }
    assert len(others | {first}) == 5


def test_another_tenants_key_is_its_own(world: World) -> None:
    ask(world, uuid4())
    assert ask(world, uuid4(), tenant=OTHER) == (201, {"coins": 1})


def test_a_hundred_at_once_have_one_effect(world: World) -> None:
    purse = uuid4()
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: ask(world, purse), range(100)))
    assert answers == [(201, {"coins": 1})] * 100
    assert coins(world, purse) == 1
