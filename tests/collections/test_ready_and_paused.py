"""What is ready, what waits and why, and the last look at the instant of transfer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.collections.acts import by_hand
from services.collections.values import ClaimState
from shared.contracts import collections as told
from shared.contracts import dunning
from shared.contracts.sync import InvoiceWithdrawn
from shared.decider import Rejected
from shared.money import Money
from shared.postgres import Server
from tests.collections.office_of_dora import Office, dkk, office_on


@pytest.fixture(scope="module")
def office(postgres_server: Server) -> Iterator[Office]:
    with office_on(postgres_server) as one:
        yield one


def planned(office: Office) -> tuple[UUID, UUID]:
    debtor = office.debtor()
    invoice = office.ready(debtor)
    office.settle()
    assert office.claim(invoice).state is ClaimState.PLANNED
    return debtor, invoice


def goes(office: Office, invoice: UUID) -> datetime:
    at = office.claim(invoice).goes_at
    assert at is not None
    return at


@pytest.mark.capability("E87")
@pytest.mark.capability("E88")
@pytest.mark.capability("E90")
def test_a_payment_booked_after_the_list_was_built_holds_it_at_the_last_look(
    office: Office,
) -> None:
    debtor, invoice = planned(office)
    at = goes(office, invoice)
    office.world.clock.move_to(at - timedelta(minutes=1))
    payment = office.payment(debtor, "400.00")
    office.say(payment)
    office.settle()
    office.until(at)
    claim = office.claim(invoice)
    assert (claim.state, claim.holds) == (ClaimState.HELD, ("unmatched_items",))
    assert claim.blocking == dkk("400.00")
    stopped = office.told(told.TransferStopped)[-1]
    assert (stopped.invoices, stopped.code) == ((invoice,), "unmatched_items")
    assert not any(invoice in case.invoices for case in office.cases())

    # Matched with another invoice it concerns this one no more: a new window begins.
    other = uuid4()
    office.say(
        office.matched(debtor, payment.entry_id, "0.00"),
        office.matched(debtor, other, "600.00"),
    )
    office.settle()
    again = office.claim(invoice)
    assert again.state is ClaimState.PLANNED
    assert again.goes_at is not None
    assert again.goes_at > at + timedelta(days=1)
    office.do(lambda work: by_hand.stop(work, office.person, invoice))


@pytest.mark.capability("E90")
def test_a_credit_note_in_the_same_minute_as_the_transfer_is_seen(office: Office) -> None:
    """The list was built with the invoice free; the transfer itself looks again."""
    debtor, invoice = planned(office)
    office.say(office.credit_note(debtor, "1000.00"))
    office.settle()
    with_what = office.send(invoice)
    assert with_what.cases == ()
    assert with_what.held == (invoice,)


@pytest.mark.capability("E89")
@pytest.mark.parametrize(
    ("code", "principal"),
    [("only_charges_left", "0.00"), ("unmatched_items", "1000.00"), ("insolvent", "1000.00")],
)
def test_what_dunning_holds_waits_with_its_reason_and_goes_when_it_is_ready_again(
    office: Office, code: str, principal: str
) -> None:
    debtor = office.debtor()
    ready = office.ready_told(debtor)
    office.say(office.held(debtor, ready.invoice_id, code, principal=dkk(principal)))
    office.settle()
    claim = office.claim(ready.invoice_id)
    assert (claim.state, claim.holds[0]) == (ClaimState.HELD, code)
    office.say(ready)
    office.settle()
    assert office.claim(ready.invoice_id).state is ClaimState.PLANNED
    office.do(lambda work: by_hand.stop(work, office.person, ready.invoice_id))


def test_what_is_paid_in_the_ledger_does_not_go_though_dunning_has_not_heard_of_it(
    office: Office,
) -> None:
    debtor, invoice = planned(office)
    office.say(
        office.booked(debtor, invoice),
        office.matched(debtor, invoice, "0.00", office.set_off("1000.00")),
    )
    office.settle()
    claim = office.claim(invoice)
    assert (claim.state, claim.holds) == (ClaimState.HELD, ("only_charges_left",))
    assert claim.number == "F-1"


def test_what_is_gone_from_the_ledger_does_not_go_until_it_stands_there_again(
    office: Office,
) -> None:
    debtor, invoice = planned(office)
    office.say(InvoiceWithdrawn(invoice_id=invoice, side="receivable"))
    office.settle()
    assert office.claim(invoice).holds == ("withdrawn",)
    office.say(office.booked(debtor, invoice))
    office.settle()
    assert office.claim(invoice).state is ClaimState.PLANNED


def test_a_pause_a_dispute_and_a_frozen_debtor_each_hold_it_until_they_end(office: Office) -> None:
    debtor, invoice = planned(office)
    facts = {"invoice_id": invoice, "debtor_id": debtor}
    begin_and_end = [
        (dunning.InvoicePaused(**facts, until_on=date(2026, 5, 1), code="by_hand"), "paused",
         dunning.InvoiceResumed(**facts)),
        (dunning.InvoiceDisputed(**facts, code="quality"), "disputed",
         dunning.DisputeSettled(**facts, upheld=False)),
        (dunning.DebtorFrozen(debtor_id=debtor, code="deceased", frozen_on=office.today),
         "deceased", dunning.DebtorUnfrozen(debtor_id=debtor)),
        (dunning.ReceivableSettled(**facts, settled_on=office.today), "settled",
         dunning.ReceivableReopened(**facts, principal=dkk("1000.00"))),
    ]  # fmt: skip
    for begins, code, ends in begin_and_end:
        office.say(begins)
        office.settle()
        claim = office.claim(invoice)
        assert (claim.state, claim.holds) == (ClaimState.HELD, (code,))
        office.say(ends)
        office.settle()
        assert office.claim(invoice).state is ClaimState.PLANNED
    office.say(dunning.InvoiceDisputed(**facts, code="quality"))
    # The debtor was right: dunning pauses it, and says so in the same breath.
    office.say(dunning.DisputeSettled(**facts, upheld=True))
    office.say(
        dunning.CollectionHeld(
            invoice_id=invoice, debtor_id=debtor, code="paused", principal=dkk("1000.00")
        )
    )
    office.settle()
    assert office.claim(invoice).holds == ("paused",)
    office.say(office.ready_told(debtor, invoice_id=invoice))
    office.settle()
    assert office.claim(invoice).state is ClaimState.PLANNED


@pytest.mark.capability("E86")
def test_a_person_stops_it_and_lets_it_go_after_a_window_of_its_own(office: Office) -> None:
    _debtor, invoice = planned(office)
    at = goes(office, invoice)
    office.do(lambda work: by_hand.stop(work, office.person, invoice))
    assert office.claim(invoice).holds == ("stopped",)
    stopped = [one for one in office.told(told.TransferStopped) if one.invoices == (invoice,)]
    assert [one.code for one in stopped] == ["stopped"]
    office.until(at)
    assert not any(invoice in case.invoices for case in office.cases())
    office.do(lambda work: by_hand.end_stop(work, office.person, invoice))
    claim = office.claim(invoice)
    assert claim.state is ClaimState.PLANNED
    assert claim.goes_at is not None
    assert claim.goes_at > at
    office.until(claim.goes_at)
    with pytest.raises(Rejected) as refused:
        office.do(lambda work: by_hand.stop(work, office.person, invoice))
    assert refused.value.code == "already_sent"


def test_a_debtor_whom_no_agency_could_find_is_held(office: Office) -> None:
    debtor = office.debtor(address=False)
    invoice = office.ready(debtor)
    office.settle()
    assert office.claim(invoice).holds == ("debtor_unknown",)


def test_told_twice_and_out_of_order_it_is_one_claim(office: Office) -> None:
    debtor = office.debtor()
    ready = office.ready_told(debtor)
    pause = dunning.InvoicePaused(
        invoice_id=ready.invoice_id, debtor_id=debtor, until_on=None, code="by_hand"
    )
    office.say(pause, ready, ready, pause)
    office.settle()
    assert office.claim(ready.invoice_id).holds == ("paused",)
    dearer = ready.model_copy(update={"interest": dkk("13.00")})
    office.say(dearer)
    office.settle()
    assert office.claim(ready.invoice_id).interest == dkk("13.00")


@pytest.mark.capability("E84")
def test_by_hand_nothing_goes_by_itself_and_what_is_selected_goes_at_once(
    postgres_server: Server,
) -> None:
    with office_on(postgres_server, automatic=False) as office:
        debtor, other = office.debtor(), office.debtor("Frida Holm")
        one, two = office.ready(debtor, number="F-1"), office.ready(debtor, "500.00", number="F-2")
        euros = office.ready(debtor, number="F-3", currency="EUR")
        third = office.ready(other, number="F-4")
        stays = office.ready(debtor, number="F-5")
        office.settle()
        assert office.claim(one).state is ClaimState.READY
        assert office.claim(one).goes_at is None
        transfer = office.send(one, two, euros, third, one)
        office.settle()
        assert len(transfer.cases) == 3, "one per debtor and currency"
        assert office.case_of(one).invoices == tuple(sorted((one, two)))
        assert office.case_of(one).principal == dkk("1500.00")
        assert office.case_of(euros).principal == Money.of("1000.00", "EUR")
        assert office.case_of(third).debtor_id == other
        assert not office.case_of(one).automatic
        assert office.claim(stays).state is ClaimState.READY
        again = office.send(one, two)
        assert (again.cases, again.held) == ((), ())
        with pytest.raises(Rejected, match="at least one"):
            office.send()


def test_it_goes_on_a_day_of_the_week_from_a_minimum_on_and_by_hand_when_that_is_said(
    postgres_server: Server,
) -> None:
    with office_on(postgres_server, weekday=4, minimum=dkk("500.00")) as office:
        debtor = office.debtor()
        enough, small = office.ready(debtor, "500.00"), office.ready(debtor, "499.99")
        office.settle()
        assert office.claim(enough).transfer_on == date(2026, 3, 6), "a Friday"
        assert office.claim(small).state is ClaimState.READY
        office.say(office.matched(debtor, enough, "499.99", office.set_off("0.01")))
        office.settle()
        assert office.claim(enough).state is ClaimState.READY, "it has fallen below"
        assert office.told(told.TransferStopped)[-1].code == "below_minimum"
        enough = office.ready(debtor, "500.00", number="F-2")
        office.settle()
        office.do(lambda work: by_hand.set_ways(work, office.person, automatic=False, stop_days=2))
        assert office.claim(enough).state is ClaimState.READY
        assert office.told(told.TransferStopped)[-1].code == "by_hand_now"
        for wrong in ({"stop_days": 0}, {"stop_days": 31}, {"stop_days": 2, "weekday": 6}):
            with pytest.raises(Rejected):
                office.do(
                    lambda work, wrong=wrong: by_hand.set_ways(
                        work, office.person, automatic=True, **wrong
                    )
                )
