"""The links in mails: they lead their approver to the page, and decide nothing."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared.contracts import approvals as told
from shared.contracts.payments import PaymentCancelled, PaymentRevised
from shared.contracts.tenants import RoleRevoked, UserDisabled
from shared.money import Money
from tests.approvals.facts import ANNA, BERTIL, CARLA, LATEST_AT, named
from tests.approvals.outside import TENANT, Outside

pytestmark = [pytest.mark.property_("P11"), pytest.mark.capability("S6")]


@pytest.fixture
def request_id(office: Outside) -> UUID:
    office.people(BERTIL, CARLA)
    return office.seek(office.order("roof"))


@pytest.fixture
def token(office: Outside, request_id: UUID) -> str:
    return office.link_of(office.told(told.ApprovalRequested)[0], BERTIL)


@pytest.mark.case("rails", 6)
@pytest.mark.property_("P2")
def test_following_a_link_fifty_times_changes_nothing(
    office: Outside, request_id: UUID, token: str
) -> None:
    before = everything(office)
    for _ in range(50):
        lead = office.lead(token, BERTIL)
        assert lead is not None
        assert (lead.tenant_id, lead.request_id) == (TENANT, request_id)
    assert everything(office) == before


@pytest.mark.property_("P3")
def test_a_link_leads_nobody_but_its_approver(office: Outside, token: str) -> None:
    assert office.lead(token, CARLA) is None
    assert office.lead(token, ANNA) is None
    assert office.lead(token, BERTIL, named("another company")) is None
    assert office.lead("guessed", BERTIL) is None


def test_a_link_lives_for_72_hours(office: Outside, token: str) -> None:
    office.wall.advance(hours=71, minutes=59)
    assert office.lead(token, BERTIL) is not None
    office.wall.advance(minutes=1)
    assert office.lead(token, BERTIL) is None


def answers(office: Outside, request_id: UUID) -> None:
    office.reject(BERTIL, request_id, "roof", "not ours")


def cancels(office: Outside, _: UUID) -> None:
    contract = PaymentCancelled(payment_id=named("roof"), revision=1, because="by hand")
    office.say(contract, named("roof"))


def is_revised(office: Outside, _: UUID) -> None:
    contract = PaymentRevised(
        payment_id=named("roof"), revision=2, amount=Money.of("94499.99", "DKK"),
        pay_on=LATEST_AT.date(), because="amount",
    )  # fmt: skip
    office.say(contract, named("roof"))


def loses_the_role(office: Outside, _: UUID) -> None:
    office.say(RoleRevoked(user_id=BERTIL, client_id=TENANT, role="approver"), BERTIL)


def is_disabled(office: Outside, _: UUID) -> None:
    office.say(UserDisabled(user_id=BERTIL, client_id=TENANT), BERTIL)


def runs_out(office: Outside, _: UUID) -> None:
    office.world.clock.move_to(LATEST_AT)
    office.world.clock.advance(days=14)


@pytest.mark.parametrize(
    "happens", [answers, cancels, is_revised, loses_the_role, is_disabled, runs_out]
)
def test_a_link_dies_when_its_question_does(
    office: Outside,
    request_id: UUID,
    token: str,
    happens: Callable[[Outside, UUID], None],
) -> None:
    happens(office, request_id)
    office.settle()
    assert office.lead(token, BERTIL) is None


def test_another_approvers_answer_leaves_the_link_alone(
    office: Outside, request_id: UUID, token: str
) -> None:
    office.approve(CARLA, request_id, "roof")
    assert office.lead(token, BERTIL) is not None


def test_a_reminder_carries_a_link_of_its_own(office: Outside, token: str) -> None:
    office.world.clock.move_to(LATEST_AT)
    office.settle()
    reminded = office.told(told.ApprovalReminded)
    assert reminded
    fresh = [office.link_of(one, BERTIL) for one in reminded]
    assert len({token, *fresh}) == len(fresh) + 1
    assert all(office.lead(one, BERTIL) is not None for one in fresh)


def test_a_person_who_has_been_forgotten_gets_no_link(office: Outside) -> None:
    office.people(BERTIL, CARLA)
    office.settle()
    office.world.vault.forget(TENANT, CARLA)
    office.seek(office.order("roof"))
    (asked,) = office.told(told.ApprovalRequested)
    assert [link.subject for link in asked.links] == [BERTIL]


def test_a_token_stands_nowhere_but_as_its_hash(
    office: Outside, token: str, capfd: pytest.CaptureFixture[str]
) -> None:
    office.lead(token, BERTIL)
    kept = everything(office)
    assert kept["link"].count(sha256(token.encode()).hexdigest()) == 1
    assert all(token not in rows for rows in kept.values())
    output = capfd.readouterr()
    assert token not in output.out + output.err


def everything(office: Outside) -> dict[str, str]:
    """All that is kept about the client, table by table, as text."""
    tables = ("event", "outbox", "effect", "due", "link", "read.item", "read.happening")

    def kept(sql: sa.Connection) -> dict[str, str]:
        return {
            table: "\n".join(
                " ".join(map(_as_text, row))
                for row in sql.exec_driver_sql(f"select * from {table} order by 1, 2, 3")
            )
            for table in tables
        }

    return office.sql(kept)


def _as_text(value: object) -> str:
    """Bodies are JSON in bytes; hashes are bytes too."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()
