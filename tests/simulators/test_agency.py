"""The simulated agency, asked as its vendor describes it and through our own adapter."""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.collections.gateways.agency import (
    ClaimDetails,
    DebtorDetails,
    NotSent,
    OutcomeUnknown,
    Refused,
    Report,
    Submission,
)
from services.collections.gateways.debitura import DebituraAgency
from shared.clock import SettableClock
from shared.http import Limits, Transport
from shared.money import Money
from shared.testing.servers import serve
from simulators.agency.app import create_app
from simulators.agency.office import Office
from simulators.agency.state import Creditor, Fault, FaultKind
from tests.asking import program
from tests.simulators.debitura_spec import DEBITURA
from tests.simulators.judging import Judged

START = datetime(2026, 3, 4, 9, tzinfo=UTC)
KEY = "key-of-dora"
MEMBER = "dora@example.test"
REFERENCE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def dkk(amount: str) -> Money:
    return Money.of(amount, "DKK")


def claim(number: str = "F-1", due_on: date = date(2025, 12, 31)) -> ClaimDetails:
    return ClaimDetails(
        number, date(2025, 12, 1), due_on, dkk("1000.00"), dkk("200.00"), dkk("12.34")
    )


SUBMISSION = Submission(
    reference=REFERENCE,
    debtor=DebtorDetails(
        is_company=False, name="Ejnar Sørensen", country="DK", street="Havnegade 2",
        postal_code="8000", city="Aarhus", email="ejnar@example.test",
    ),
    claims=(claim(),),
    on=date(2026, 3, 4),
    contact_email=MEMBER,
)  # fmt: skip


@dataclass
class Stage:
    """An agency at an address, our adapter on it, and everything that went over the wire."""

    address: str
    office: Office
    clock: SettableClock
    judged: Judged
    agency: DebituraAgency
    http: httpx.Client

    def submit(self, submission: Submission = SUBMISSION) -> str:
        body = self.agency.render(submission)
        return self.agency.submit(body, submission.reference).agency_case_id

    def later(self, **units: int) -> None:
        self.clock.advance(**units)

    def control(self, what: str, content: Any) -> None:
        answer = self.http.post(f"/control/{what}", json=content)
        assert answer.status_code == 204, answer.text


@contextmanager
def stage(*faults: Fault, creditor: Creditor | None = None) -> Iterator[Stage]:
    clock, office = SettableClock(START), Office()
    office.open_account(
        creditor or Creditor("8f0e8a52-0c9c-4d0e-9d57-6a6a5b1f3f10", KEY, "Dora ApS")
    )
    for fault in faults:
        office.add_fault(fault)
    judged = Judged(create_app(clock, office), DEBITURA)
    with (
        serve(judged) as address,
        Transport(address, limits=Limits(read=0.3, attempts=1, failures_to_open=99)) as transport,
        program(address, headers={"XApiKey": KEY}) as http,
    ):
        agency = DebituraAgency(transport, KEY, MEMBER, "https://app.test", is_test=True)
        yield Stage(address, office, clock, judged, agency, http)


def test_a_case_is_made_read_and_found_as_the_vendor_describes_it() -> None:
    with stage() as one:
        case_id = one.submit()
        assert one.agency.find_by_our_ref(REFERENCE) == one.agency.submit(
            one.agency.render(SUBMISSION), REFERENCE
        )
        assert one.agency.find_by_our_ref("NOBODY") is None
        seen = one.agency.get(case_id, START)
        assert (seen.status, seen.agency_code, seen.remaining) == (
            "active", "PendingVerification", dkk("1200.00"),
        )  # fmt: skip
        assert one.agency.portal(case_id) == f"https://app.test/cases/{case_id}"
        assert one.agency.standing().code == ""
        for path in ("/cases", "/Payments", f"/cases/{case_id}/timeline", "/me", "/webhooks"):
            assert one.http.get(path).status_code == 200
        assert len(one.office.inspect()["cases"]) == 1
        assert one.judged.complaints() == []


def test_a_case_of_several_invoices_says_how_old_they_are() -> None:
    """Six, twelve and twenty-four months, each part of the one before."""
    dues = (date(2026, 1, 15), date(2025, 6, 1), date(2024, 12, 1), date(2023, 12, 1))
    claims = tuple(claim(f"F-{number}", due_on) for number, due_on in enumerate(dues))
    several = Submission(**{**_fields(SUBMISSION), "claims": claims})
    with stage() as one:
        one.submit(several)
        ((asked),) = (case["asked"] for case in one.office.inspect()["cases"])
        ages = [asked[f"amountToRecoverOver{months}Months"] for months in (6, 12, 24)]
        assert [str(asked["amountToRecover"]), *map(str, ages)] == [
            "4800.00", "3600.00", "2400.00", "1200.00",
        ]  # fmt: skip
        assert one.judged.complaints() == []


def _fields(submission: Submission) -> dict[str, Any]:
    return {name: getattr(submission, name) for name in submission.__dataclass_fields__}


@pytest.mark.parametrize(
    ("kind", "raises", "cases"),
    [
        (FaultKind.TIMEOUT_BEFORE, OutcomeUnknown, 0),
        (FaultKind.TIMEOUT_AFTER, OutcomeUnknown, 1),
        (FaultKind.ERROR_BEFORE, OutcomeUnknown, 0),
        (FaultKind.ERROR_AFTER, OutcomeUnknown, 1),
        (FaultKind.GARBAGE_AFTER, OutcomeUnknown, 1),
        (FaultKind.REFUSE, Refused, 0),
        (FaultKind.BUSY, NotSent, 0),
    ],
)
def test_each_way_of_failing_means_one_thing(
    kind: FaultKind, raises: type[Exception], cases: int
) -> None:
    with stage(Fault(kind)) as one:
        with pytest.raises(raises):
            one.submit()
        assert len(one.office.inspect()["cases"]) == cases
        found = one.agency.find_by_our_ref(REFERENCE)
        assert (found is not None) is bool(cases)


def test_a_busy_agency_says_how_long_it_wants_to_be_left_alone() -> None:
    with stage(Fault(FaultKind.BUSY, retry_after=90)) as one:
        with pytest.raises(NotSent) as caught:
            one.submit()
        assert caught.value.wait == timedelta(seconds=90)


def test_the_same_key_with_another_body_is_no_refusal_since_something_is_there() -> None:
    other = Submission(**{**_fields(SUBMISSION), "claims": (claim(), claim("F-2"))})
    with stage() as one:
        one.submit()
        with pytest.raises(OutcomeUnknown):
            one.agency.submit(one.agency.render(other), REFERENCE)
        assert len(one.office.inspect()["cases"]) == 1
        assert one.judged.complaints() == []


def test_a_closed_door_and_a_missing_key_leave_nothing_behind() -> None:
    with stage() as one, Transport(one.address) as transport:
        stranger = DebituraAgency(transport, "another key", MEMBER, "https://app.test")
        with pytest.raises(NotSent):
            stranger.submit(one.agency.render(SUBMISSION), REFERENCE)
        assert one.office.inspect()["cases"] == []
    with (
        Transport("http://127.0.0.1:9", limits=Limits(attempts=1)) as nobody,
        pytest.raises(NotSent),
    ):
        DebituraAgency(nobody, KEY, MEMBER, "").submit(b"{}", REFERENCE)


def test_an_unsigned_agreement_says_where_it_is_signed_and_takes_no_case() -> None:
    creditor = Creditor("8f0e8a52-0c9c-4d0e-9d57-6a6a5b1f3f10", KEY, "Dora ApS", signed=False)
    with stage(creditor=creditor) as one:
        standing = one.agency.standing()
        assert standing.code == "unsigned"
        assert standing.link.startswith(f"{one.address}/sign/")
        with pytest.raises(Refused, match="MissingDebtCollectionContract"):
            one.submit()
        assert one.judged.complaints() == []


def test_a_field_that_is_wrong_is_named_and_its_content_is_not() -> None:
    with stage() as one:
        with pytest.raises(Refused) as caught:
            one.agency.submit(b'{"currencyCode":"DKK","amountToRecover":0,"debtor":{}}', REFERENCE)
        assert (caught.value.code, caught.value.text) == ("Invalid", "debtor.type")


def test_messages_are_found_by_their_token_and_done_by_people_the_next_day() -> None:
    with stage() as one:
        case_id = one.submit()
        paid = Report("TOKEN-1", "F-1", dkk("300.00"), date(2026, 3, 5))
        one.agency.report_payment(case_id, paid)
        one.agency.report_credit(case_id, Report("TOKEN-2", "F-1", dkk("100.00"), date(2026, 3, 5)))
        assert one.agency.was_told(case_id, "TOKEN-1")
        assert not one.agency.was_told(case_id, "TOKEN")
        one.later(days=1)
        seen = one.agency.get(case_id, one.clock.now())
        assert seen.remaining == dkk("800.00")
        assert seen.collected == (), "what went to the creditor is no settlement"
        one.agency.report_reversal(
            case_id, Report("TOKEN-3", "F-1", dkk("300.00"), date(2026, 3, 6))
        )
        one.agency.request_pause(case_id, "TOKEN-4", date(2026, 4, 1))
        one.later(days=1)
        seen = one.agency.get(case_id, one.clock.now())
        assert (seen.status, seen.remaining) == ("paused", dkk("1100.00"))
        one.agency.request_withdrawal(case_id, "TOKEN-5", "The debtor pays by instalments")
        one.later(days=1)
        assert one.agency.get(case_id, one.clock.now()).closed == "withdrawn"
        assert one.judged.complaints() == []


def test_a_message_whose_answer_was_lost_is_there_all_the_same() -> None:
    with stage(Fault(FaultKind.TIMEOUT_AFTER, on="chats")) as one:
        case_id = one.submit()
        with pytest.raises(OutcomeUnknown):
            one.agency.report_payment(
                case_id, Report("TOKEN-1", "F-1", dkk("1.00"), date(2026, 3, 5))
            )
        assert one.agency.was_told(case_id, "TOKEN-1")


def test_what_the_agency_collects_is_a_settlement_less_at_most_its_fee() -> None:
    creditor = Creditor("8f0e8a52-0c9c-4d0e-9d57-6a6a5b1f3f10", KEY, "Dora ApS", fee="10")
    with stage(creditor=creditor) as one:
        case_id = one.submit()
        one.control("payments", {"case_id": case_id, "minor": 40_000})
        (settlement,) = one.agency.settlements(case_id)
        assert (settlement.amount, settlement.kept_at_most) == (dkk("400.00"), dkk("50.00"))
        one.control("phases", {"case_id": case_id, "to": "Legal"})
        assert one.agency.get(case_id, START).status == "legal"
        one.control("payments", {"case_id": case_id, "minor": 80_000})
        seen = one.agency.get(case_id, START)
        assert (seen.closed, seen.agency_code) == ("paid", "Paid")
        assert one.judged.complaints() == []


@pytest.mark.parametrize(
    ("to", "closed"), [("Closed:Paid", "paid"), ("Closed:NoPayment", "uncollectable")]
)
def test_a_test_case_is_advanced_as_the_vendor_describes_it(to: str, closed: str) -> None:
    with stage() as one:
        case_id = one.submit()
        path = f"/test/cases/{case_id}/advance"
        answer = one.http.post(path, json={"to": to, "amount": 1200.00})
        assert answer.json() == {"advanced": True, "state": to}
        assert one.http.post(path, json={"to": to}).json() == {"advanced": False, "state": to}
        other = ({"Closed:Paid", "Closed:NoPayment"} - {to}).pop()
        assert one.http.post(path, json={"to": other, "amount": 1}).status_code == 400
        assert one.agency.get(case_id, START).closed == closed


@dataclass
class Ear:
    """Hears what the agency calls with."""

    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def app(self) -> Starlette:
        async def hear(request: Request) -> Response:
            self.heard.append((dict(request.headers), await request.body()))
            return Response(status_code=204)

        return Starlette(routes=[Route("/hook", hear, methods=["POST"])])


def test_a_call_is_believed_by_its_signature_and_not_when_it_is_old() -> None:
    ear = Ear()
    with stage(Fault(FaultKind.DOUBLE_HOOK, on="hooks")) as one, serve(ear.app()) as address:
        wanted = {"url": f"{address}/hook", "events": ["case.created"], "isTestMode": True}
        answer = one.http.post("/webhooks", json=wanted)
        secret = answer.json()["secret"]
        case_id = one.submit()
        _wait_for(lambda: len(ear.heard) == 2)
        (headers, body), again = ear.heard
        assert again[1] == body, "a call that comes twice says the same"
        heard = one.agency.verified(headers, body, secret, START)
        assert heard is not None
        assert (heard.kind, heard.agency_case_id) == ("case.created", case_id)
        happened = one.agency.events(case_id, START)
        assert [event.event_id for event in happened] == [heard.event_id]
        for changed in (
            one.agency.verified(headers, body + b" ", secret, START),
            one.agency.verified(headers, body, base64.b64encode(b"other").decode(), START),
            one.agency.verified(headers, body, secret, START + timedelta(minutes=6)),
            one.agency.verified({}, body, secret, START),
            one.agency.verified({"x-debitura-signature": "t=x,v1=y"}, body, secret, START),
        ):
            assert changed is None
        assert one.judged.complaints() == []


def test_a_signed_call_that_is_no_record_is_nothing() -> None:
    with stage() as one:
        secret = base64.b64encode(b"secret").decode()
        stamp = str(int(START.timestamp()))
        signed = hmac.new(b"secret", f"{stamp}.[]".encode(), sha256).hexdigest()
        headers = {"x-debitura-signature": f"t={stamp},v1={signed}"}
        assert one.agency.verified(headers, b"[]", secret, START) is None


def test_the_office_is_kept_in_its_file(tmp_path: Path) -> None:
    kept = tmp_path / "agency.json"
    clock, office = SettableClock(START), Office(kept)
    office.open_account(Creditor("c", KEY, "Dora ApS"))
    with serve(create_app(clock, office)) as address, Transport(address) as transport:
        agency = DebituraAgency(transport, KEY, MEMBER, "", is_test=True)
        agency.submit(agency.render(SUBMISSION), REFERENCE)
    assert Office.load(kept).inspect() == office.inspect()


def _wait_for(truth: Any) -> None:
    """Calls are made after the answer: a moment later."""
    for _ in range(1000):
        if truth():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")
