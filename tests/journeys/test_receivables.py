"""Customers' invoices, from the ledger to the agency and back: all services, all simulators, no stand-in.

Nine weeks of three creditors, looked at once a week: what fell due in between is caught up with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
import pytest

from forfald.demo.creditors import CREDITORS, Creditor, Creditors
from forfald.demo.customers import CUSTOMERS
from forfald.house import FOLLOWING
from forfald.levers import Levers
from forfald.verify import facts as checking
from forfald.verify.check import check
from forfald.verify.facts import Facts
from services.dunning.acts import listing, sending
from services.dunning.queries import standing
from services.tenants.acts import demo as cast
from shared.postgres import Server
from shared.work import Work
from tests.journeys.house import MONDAY, House, running

FJORDVIG, SODERMALM, FJELLTOPP = CREDITORS
COPENHAGEN: Final = ZoneInfo("Europe/Copenhagen")
FIRST_DAY: Final = date(2026, 3, 2)
WEEKS: Final = 9


@pytest.fixture(scope="module")
def house(postgres_server: Server) -> Iterator[House]:
    """Mette sends what stands on Fjordvig's list once a week; the others' letters go by themselves."""
    with running(postgres_server, MONDAY, services=FOLLOWING) as house:
        world = house.outside
        world.open_ledgers(FIRST_DAY)
        cast.seed(house.runtimes["tenants"])
        house.settle()

        def work(service: str, tenant: Any, command: Callable[[Work], object]) -> object:
            actor = f"user:{cast.SOREN.user_id}"
            return house.runtimes[service].work(tenant, actor, command)

        creditors = Creditors(house.runtimes, world, work)
        creditors.sell(FIRST_DAY)
        creditors.set_up(frozenset())
        house.settle()
        for week in range(1, WEEKS + 1):
            live(house, FIRST_DAY + timedelta(weeks=week))
        yield house


def live(house: House, day: date) -> None:
    """The ledger and the list in the morning, what goes by itself two hours later, then a person, and a
    print partner who has looked through what it was given.
    """
    for at in (time(7, 30), time(10)):
        house.clock.move_to(datetime.combine(day, at, COPENHAGEN))
        house.settle()
    send_all(house, FJORDVIG)
    house.settle()
    house.clock.move_to(datetime.combine(day, time(10, 5), COPENHAGEN))
    house.settle()


def send_all(house: House, creditor: Creditor) -> None:
    def send(work: Work) -> None:
        tenant = creditor.tenant_id
        for debtor in standing.listed_debtors(work.sql, tenant, after=listing.FIRST, most=99):
            rows = standing.listed(work.sql, tenant, debtor)
            sending.send(work, debtor, [row.invoice_id for row in rows], cast.METTE.user_id)

    house.runtimes["dunning"].work(creditor.tenant_id, f"user:{cast.METTE.user_id}", send)


def stood(house: House, creditor: Creditor) -> dict[str, standing.Row]:
    """A creditor's invoices by number, as they stand at the end."""
    with house.runtimes["dunning"].app.transaction([creditor.tenant_id]) as transaction:
        sql, tenant = transaction.sql, creditor.tenant_id
        return {row.number: row for row in standing.all_of(sql, tenant)}


def told(house: House, service: str, name: str) -> list[Any]:
    type_name = f"forfald.{service}.{name}.v1"
    records = facts_of(house).published[service]
    return [msgspec.json.decode(one.body) for one in records if one.type_name == type_name]


def facts_of(house: House) -> Facts:
    return checking.read(
        house.address,
        FOLLOWING,
        economic_url=house.urls["economic_url"],
        now=house.clock.now(),
    )


def test_each_letter_left_once_and_its_charges_stand_in_the_ledger_once(house: House) -> None:
    composed = [
        letter["notice_id"]
        for kind in ("ReminderIssued", "CollectionWarningIssued")
        for letter in told(house, "dunning", kind)
    ]
    sent = [one["notice_id"] for one in told(house, "notifications", "NoticeSent")]
    assert sorted(sent) == sorted(composed)
    assert len(composed) == len(set(composed)) > 20
    addresses = {one.email for several in CUSTOMERS.values() for one in several}
    mails = Levers(house.urls["mailbox_url"]).read("/control/mails")
    to_debtors = [mail["message_id"] for mail in mails if mail["recipient"] in addresses]
    by_post = Levers(house.urls["print_url"]).read("/control/letters")
    assert len(to_debtors) == len(set(to_debtors))
    assert len(to_debtors) + len(by_post) == len(composed)
    sought = told(house, "dunning", "ChargePostingSought")
    posted = told(house, "sync", "VoucherPosted")
    assert sorted(one["token"] for one in posted) == sorted(one["token"] for one in sought)


@pytest.mark.capability("Y11")
@pytest.mark.capability("Y13")
def test_who_pays_is_left_alone_and_what_nobody_can_be_sent_is_told_apart(house: House) -> None:
    danish = stood(house, FJORDVIG)
    paid_before_its_letter, paid_after_it = danish["30104"], danish["30123"]
    assert (paid_before_its_letter.state, paid_before_its_letter.last_kind) == ("settled", None)
    assert (paid_after_it.state, paid_after_it.last_kind) == ("settled", "reminder")
    assert danish["30098"].skipped == "no_address"
    assert danish["30115"].skipped == danish["30119"].skipped == "open_items"
    swedish = stood(house, SODERMALM)
    assert str(swedish["8804"].principal) == "2,990.00 SEK"


def test_the_foreign_invoice_bears_interest_and_no_fee(house: House) -> None:
    invoice = stood(house, FJORDVIG)["30112"]
    charges = [
        one["charge"]["kind"]
        for one in told(house, "dunning", "ChargeAdded")
        if one["invoice_id"] == str(invoice.invoice_id)
    ]
    assert charges == ["interest", "interest"]


@pytest.mark.capability("E83")
@pytest.mark.capability("E84")
def test_what_stays_unpaid_goes_to_the_agency_once_where_that_goes_by_itself(house: House) -> None:
    office = Levers(house.urls["agency_url"]).read("/control/office")
    swedish, danish = stood(house, SODERMALM), stood(house, FJORDVIG)
    with_agency = [number for number, row in swedish.items() if row.state == "at_agency"]
    assert with_agency == ["8801", "8804", "8810"]
    assert len(office["cases"]) == len(told(house, "collections", "CaseAccepted")) == 3
    # Fjordvig decides by hand: ready, and waiting for a person.
    assert danish["30101"].state == "open"
    assert danish["30101"].ready_on is not None


@pytest.mark.capability("Y12")
@pytest.mark.capability("E92")
@pytest.mark.case("integrations", 15)
def test_what_the_debtor_then_pays_to_the_creditor_is_told_to_the_agency_once(house: House) -> None:
    levers = Levers(house.urls["economic_url"])
    day = house.clock.now().astimezone(COPENHAGEN).date()
    body = {"invoice": 8801, "amount": "10000.00", "bookedOn": day.isoformat()}
    levers.pull(f"/control/{SODERMALM.company.agreement}/customer-payments", body)
    for ahead in (1, 2):
        live(house, day + timedelta(days=ahead))
    (reported,) = told(house, "collections", "CasePaymentReported")
    assert reported["amount"] == {"minor": 10_000_00, "currency": "SEK"}


def test_every_invariant_holds_and_nobody_is_left_behind(house: House) -> None:
    surroundings = house.runtimes["dunning"].surroundings
    answers = check(surroundings, shadow=True, services=FOLLOWING)
    assert [damage for answer in answers for damage in answer.damage] == []
    looked_at = {answer.number for answer in answers if answer.looked_at}
    assert looked_at >= {"I1b", "I1c", "I3", "I3b", "I3c", "I5", "I6", "I8", "I9", "I10", "I12"}
    for name in FOLLOWING:
        with house.runtimes[name].reader.connection() as transaction:
            parked = transaction.raw.execute("select count(*) from parked").fetchone()
        assert parked == (0,)
