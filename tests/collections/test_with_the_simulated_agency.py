"""The journey over HTTP, with an agency that keeps an office of its own; and killed at every point."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.collections.acts import by_hand
from services.collections.app import agencies_of, build
from services.collections.gateways.agencies import Agencies
from services.collections.values import CaseState, ClaimState
from shared.contracts import collections as told
from shared.postgres import Server
from shared.testing.servers import serve
from shared.testing.stand_in import stand_in
from shared.testing.visiting import JWKS, app_of
from shared.testing.world import World
from simulators.agency.app import create_app
from simulators.agency.office import Office as AgencyOffice
from simulators.agency.office import signature
from simulators.agency.state import Creditor, Fault, FaultKind, Hook
from tests.collections.fakes import FakeAgency
from tests.collections.office_of_dora import START, Office, dkk
from tests.collections.site import Sessions

KEY = "key-of-dora"


class LateClock:
    """The world's clock, for an agency that is built before the world is."""

    world: World | None = None

    def now(self) -> datetime:
        return self.world.clock.now() if self.world else START


@dataclass
class Town:
    office: Office
    agency: AgencyOffice
    address: str

    def at_agency(self, number: str) -> list[Any]:
        """The agency's cases that speak of an invoice."""
        cases = self.agency.inspect()["cases"]
        return [case for case in cases if f"Invoice {number} " in case["asked"]["claimDescription"]]

    def control(self, what: str, content: Any) -> None:
        answer = httpx.post(f"{self.address}/control/{what}", json=content, trust_env=False)
        assert answer.status_code == 204, answer.text


@contextmanager
def town_on(server: Server) -> Iterator[Town]:
    clock, agency = LateClock(), AgencyOffice()
    agency.open_account(Creditor("8f0e8a52-0c9c-4d0e-9d57-6a6a5b1f3f10", KEY, "Dora ApS", fee="10"))
    with serve(create_app(clock, agency)) as address:
        settings = {
            "debitura_url": address,
            "debitura_portal_url": address,
            "debitura_timeout": "1.5",
            "debitura_test": "on",
            "assertion_keys": JWKS,
        }
        services = [build, *map(stand_in, ("sync", "dunning", "tenants"))]
        with World(server, services, START, settings) as world:
            clock.world = world
            offered: Agencies = agencies_of(world.runtimes["collections"].surroundings)
            office = Office(world, FakeAgency(), offered)
            office.open(stop_days=1)
            yield Town(office, agency, address)


@pytest.fixture(scope="module")
def town(postgres_server: Server) -> Iterator[Town]:
    with town_on(postgres_server) as one:
        yield one


def gone(town: Town, number: str) -> UUID:
    """An invoice whose hour has come."""
    office = town.office
    invoice = office.ready(office.debtor(), number=number)
    office.settle()
    goes_at = office.claim(invoice).goes_at
    assert goes_at is not None
    office.until(goes_at)
    return invoice


@pytest.mark.capability("E3")
@pytest.mark.capability("E91")
@pytest.mark.capability("E92")
@pytest.mark.case("integrations", 15)
def test_the_whole_way_to_the_agency_and_back_over_http(town: Town) -> None:
    office = town.office
    invoice = gone(town, "H-1")
    case = office.case_of(invoice)
    (there,) = town.at_agency("H-1")
    assert (case.state, case.agency_case_id) == (CaseState.ACTIVE, there["case_id"])
    assert there["gross_minor"] == 120_000

    # The debtor pays the creditor directly: told at once, and booked by the agency the next day.
    direct = office.set_off("300.00")
    office.say(office.matched(case.debtor_id, invoice, "700.00", direct))
    office.settle()
    (there,) = town.at_agency("H-1")
    (chat,) = there["chats"]
    assert "The debtor paid 300.00 DKK to us directly" in chat["message"]
    office.until(office.world.clock.now() + timedelta(days=2))
    assert office.case_of(invoice).remaining == dkk("900.00")

    # The debtor pays the agency the rest, which closes the case and pays out less its fee.
    town.control("payments", {"case_id": there["case_id"], "minor": 90_000})
    office.until(office.world.clock.now() + timedelta(days=1))
    assert office.told(told.CaseClosed)[-1].code == "paid"
    assert office.claim(invoice).state is ClaimState.OVER
    paid_out = office.payment(case.debtor_id, "810.00", remaining="0.00")
    office.say(paid_out)
    pay_out = office.set_off("700.00", entry=paid_out.entry_id)
    office.say(office.matched(case.debtor_id, invoice, "0.00", direct, pay_out))
    office.settle()
    assert [one.amount for one in office.told(told.CasePaidOut)] == [dkk("700.00")]
    (there,) = town.at_agency("H-1")
    assert len(there["chats"]) == 1
    assert [one.amount for one in office.told(told.CasePaymentReported)] == [dkk("300.00")]


def test_a_recalled_case_comes_back_when_the_agencys_people_have_let_go(town: Town) -> None:
    office = town.office
    invoice = gone(town, "H-2")
    case = office.case_of(invoice)
    office.do(
        lambda work: by_hand.recall(work, office.opener, office.person, case.case_id, "Our mistake")
    )
    office.settle()
    office.until(office.world.clock.now() + timedelta(days=2))
    assert office.case_of(invoice).state is CaseState.RECALLED
    assert office.told(told.CaseRecalled)[-1].invoices == (invoice,)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (FaultKind.TIMEOUT_AFTER, CaseState.ACTIVE),
        (FaultKind.ERROR_AFTER, CaseState.ACTIVE),
        (FaultKind.TIMEOUT_BEFORE, CaseState.OUTCOME_UNKNOWN),
        (FaultKind.REFUSE, CaseState.REFUSED),
        (FaultKind.BUSY, CaseState.ACTIVE),
    ],
)
def test_whatever_the_agency_does_there_is_one_request_that_made_a_case(
    town: Town, kind: FaultKind, state: CaseState
) -> None:
    town.agency.add_fault(Fault(kind))
    number = f"X-{kind.value}"
    invoice = gone(town, number)
    for _ in range(4):
        town.office.until(town.office.world.clock.now() + timedelta(minutes=20))
    assert town.office.case_of(invoice).state is state
    made = len(town.at_agency(number))
    assert made == (1 if state is CaseState.ACTIVE else 0)


def call(town: Town, hook: Hook, payload: str) -> httpx.Response:
    office = town.office
    app = app_of(office.world.runtimes["collections"], Sessions(office.tenant))
    headers = {
        "X-Debitura-Signature": signature(hook, payload, office.world.clock.now()),
        "content-type": "application/json",
    }
    with serve(app) as address:
        return httpx.post(
            f"{address}/collections/v1/hooks/{office.tenant}/debitura",
            content=payload.encode(), headers=headers, trust_env=False,
        )  # fmt: skip


def test_a_call_of_the_agencys_leads_to_one_question_and_a_forged_one_to_none(town: Town) -> None:
    office = town.office
    invoice = gone(town, "H-3")
    case = office.case_of(invoice)
    town.control("phases", {"case_id": case.agency_case_id, "to": "Legal"})
    assert office.case_of(invoice).status is None
    payload = json.dumps({
        "id": "evt_1", "event": "case.updated", "timestamp": "2026-03-04T09:00:00Z",
        "data": {"caseId": case.agency_case_id, "status": "Closed"},
    })  # fmt: skip
    ours = Hook("h", "c", "", [], "c2VjcmV0", office.world.clock.now())
    other = Hook("h", "c", "", [], "b3RoZXI=", office.world.clock.now())
    assert call(town, other, payload).status_code == 404
    office.settle()
    assert office.case_of(invoice).status is None
    for _ in range(2):
        assert call(town, ours, payload).status_code == 204
    office.settle()
    seen = office.case_of(invoice)
    assert (seen.state, seen.status) == (CaseState.ACTIVE, "legal"), "what it says is not believed"
    stranger = payload.replace(str(case.agency_case_id), "nobody")
    assert call(town, ours, stranger).status_code == 204


TRANSFER = ("ReadyForCollection", "collections.transfer", "agency.submit", "POST /cases")
"""What the places of the transfer journey have in their names."""


class Killed(BaseException):
    """The process dies here."""


@dataclass
class Points:
    """The places that the service comes by; at one of them it dies, once."""

    at: str = ""
    passed: Counter[str] | None = None

    def __call__(self, name: str) -> None:
        ours = any(part in name for part in TRANSFER)
        if self.passed is not None and ours:
            self.passed[name] += 1
        if name == self.at:
            self.at = ""
            raise Killed


def test_killed_at_every_point_of_the_transfer_there_is_one_case_at_the_agency(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = Points(passed=Counter())
    for module in ("shared.effects.worker", "shared.database", "shared.http"):
        monkeypatch.setattr(f"{module}.crash_point", points)
    monkeypatch.setattr("shared.effects.lease.LEASE", timedelta(0))
    no_longer_asked_after(town)
    gone(town, "K-0")
    places = sorted(points.passed or ())
    assert {
        "collections:schedule collections.transfer:before-commit",
        "collections:schedule collections.transfer:after-commit",
        "collections:claim agency.submit:after-commit",
        "agency.submit:before",
        "POST /cases:before",
        "POST /cases:after",
        "agency.submit:after",
        "agency.submit:before-commit",
        "agency.submit:after-commit",
    } <= set(places)
    by_word = set()
    for number, place in enumerate(places, start=1):
        invoice = survived(town, points, f"K-{number}", place)
        if town.office.case_of(invoice).state is CaseState.OUTCOME_UNKNOWN:
            by_word.add(place)
            sent_by_the_agencys_word(town, invoice)
        (there,) = town.at_agency(f"K-{number}")
        states = [one.state for one in town.office.cases() if invoice in one.invoices]
        assert states.count(CaseState.ACTIVE) == 1, place
        town.control("phases", {"case_id": there["case_id"], "to": "Paid"})
        if place in by_word:
            no_longer_asked_after(town)
    # Only there does nobody but the agency know that it has nothing.
    assert by_word == {
        "collections:claim agency.submit:after-commit", "agency.submit:before", "POST /cases:before",
    }  # fmt: skip


def no_longer_asked_after(town: Town) -> None:
    """What the agency has not shown in two weeks is asked for no more: it comes by no place again."""
    for case in town.office.cases():
        if case.state is CaseState.ACTIVE:
            town.control("phases", {"case_id": case.agency_case_id, "to": "Paid"})
    town.office.until(town.office.world.clock.now() + timedelta(days=15))


def survived(town: Town, points: Points, number: str, place: str) -> UUID:
    """An invoice on its way, with a death at the place; whoever comes after goes on."""
    office = town.office
    told_ready = office.ready_told(office.debtor(), number=number)
    points.at = place
    office.say(told_ready)
    alive(town)
    goes_at = office.claim(told_ready.invoice_id).goes_at
    assert goes_at is not None
    for instant in (goes_at, goes_at + timedelta(minutes=10)):
        office.world.clock.move_to(instant)
        alive(town)
    assert not points.at, f"nobody came by {place}"
    return told_ready.invoice_id


def alive(town: Town) -> None:
    try:
        town.office.settle()
    except Killed:
        town.office.world.restart("collections")
        town.office.settle()


def sent_by_the_agencys_word(town: Town, invoice: UUID) -> None:
    office = town.office
    case = office.case_of(invoice)
    assert case.state is CaseState.OUTCOME_UNKNOWN
    office.do(
        lambda work: by_hand.report_never_arrived(
            work, office.opener, office.person, case.case_id, "Nothing there"
        )
    )
    office.do(lambda work: by_hand.end_stop(work, office.person, invoice))
    office.send(invoice)
    office.settle()
