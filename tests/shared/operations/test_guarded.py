"""Operations are for those who look after a client, by forms of our own."""

from __future__ import annotations

from uuid import uuid4

from shared.testing.world import World
from shared.web.csrf import form_token
from tests.shared.operations.desk import (
    BECAUSE,
    EFFECTS,
    PARKED,
    Visitor,
    park,
    place,
    rows,
    someone,
    stick,
)
from tests.shared.toy import Mint


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
