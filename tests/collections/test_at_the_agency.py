"""What happens once a case has left: answers, silence, money, and taking it back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.collections.acts import by_hand
from services.collections.gateways.agency import NotSent, OutcomeUnknown, Refused
from services.collections.model.naming import reference_of, token_of
from services.collections.queries import CaseRow
from services.collections.values import CaseState, ClaimState, Collected
from shared.contracts import collections as told
from shared.decider import Rejected
from shared.postgres import Server
from tests.collections.office_of_dora import Office, dkk, office_on


@pytest.fixture(scope="module")
def office(postgres_server: Server) -> Iterator[Office]:
    with office_on(postgres_server) as one:
        yield one


def collected(amount: str, on: date, name: str = "S1", kept: str = "0.00") -> Collected:
    return Collected(name, dkk(amount), on, dkk(kept))


def agency_id(case: CaseRow) -> str:
    assert case.agency_case_id is not None
    return case.agency_case_id


def failing(office: Office, *failures: Exception, takes_it: bool = False) -> UUID:
    """An invoice whose hour comes while the agency fails; the agency's part is over afterwards."""
    invoice = office.ready(office.debtor())
    office.settle()
    office.agency.failures += failures
    office.agency.takes_all_the_same = takes_it
    goes_at = office.claim(invoice).goes_at
    assert goes_at is not None
    office.until(goes_at)
    office.agency.takes_all_the_same = False
    return invoice


def reported(office: Office, invoice: UUID) -> list[Any]:
    return [one for one in office.told(told.CasePaymentReported) if one.invoice_id == invoice]


@pytest.mark.parametrize("takes_it", [True, False])
def test_an_agency_that_answers_nothing_leaves_it_unknown_and_it_is_never_sent_again(
    office: Office, takes_it: bool
) -> None:
    before = len(office.agency.submitted)
    invoice = failing(office, OutcomeUnknown("no answer"), takes_it=takes_it)
    case = office.case_of(invoice)
    assert case.state is CaseState.OUTCOME_UNKNOWN
    assert office.told(told.CaseOutcomeUnknown)[-1].case_id == case.case_id
    office.world.restart("collections")
    for _ in range(12):
        office.until(office.world.clock.now() + timedelta(minutes=15))
    assert len(office.agency.submitted) == before + 1
    found = office.case_of(invoice).state
    assert found is (CaseState.ACTIVE if takes_it else CaseState.OUTCOME_UNKNOWN)
    if takes_it:
        return
    with pytest.raises(Rejected) as refused:
        office.do(
            lambda work: by_hand.report_never_arrived(
                work, office.opener, office.person, case.case_id, " "
            )
        )
    assert refused.value.code == "reason_missing"
    history = office.do(lambda work: work.history(case.case_id))
    assert [type(one.event).__name__ for one in history] == [
        "CaseSent", "CaseOutcomeUnknown", "OutcomeAlertRaised",
    ]  # fmt: skip
    office.do(
        lambda work: by_hand.report_never_arrived(
            work, office.opener, office.person, case.case_id, "They looked: nothing there"
        )
    )
    assert office.claim(invoice).holds == ("never_arrived",)
    refusal = office.told(told.CaseRefused)[-1]
    assert (refusal.invoices, refusal.code) == ((invoice,), "never_arrived")
    office.do(lambda work: by_hand.end_stop(work, office.person, invoice))
    transfer = office.send(invoice)
    assert transfer.cases != (case.case_id,)
    office.settle()
    assert office.claim(invoice).case_id == transfer.cases[0]


def never_arrived(office: Office) -> tuple[UUID, CaseRow]:
    """An invoice whose case a person was told had never come to the agency, which has it hidden."""
    office.agency.hides = True
    invoice = failing(office, OutcomeUnknown("no answer"), takes_it=True)
    case = office.case_of(invoice)
    office.do(
        lambda work: by_hand.report_never_arrived(
            work, office.opener, office.person, case.case_id, "They looked: nothing there"
        )
    )
    assert office.claim(invoice).holds == ("never_arrived",)
    return invoice, case


def is_found(office: Office) -> None:
    office.agency.hides = False
    office.until(office.world.clock.now() + timedelta(hours=1))


def test_a_case_that_is_found_after_all_has_its_claims_again_and_is_told_of_money(
    office: Office,
) -> None:
    office.agency.said.clear()
    invoice, case = never_arrived(office)
    is_found(office)
    assert office.case_of(invoice).state is CaseState.ACTIVE
    assert (office.claim(invoice).state, office.claim(invoice).case_id) == (
        ClaimState.SENT, case.case_id,
    )  # fmt: skip
    sent = [one for one in office.told(told.CaseSentToCollection) if one.case_id == case.case_id]
    assert [one.claims[0].invoice_id for one in sent] == [invoice, invoice]
    office.say(office.matched(case.debtor_id, invoice, "600.00", office.set_off("400.00")))
    office.settle()
    assert office.agency.amounts("payment") == [dkk("400.00")]


def test_of_two_cases_of_one_claim_the_one_that_was_found_after_all_can_be_taken_back(
    office: Office,
) -> None:
    office.agency.said.clear()
    invoice, first = never_arrived(office)
    office.do(lambda work: by_hand.end_stop(work, office.person, invoice))
    (second,) = office.send(invoice).cases
    office.settle()
    is_found(office)
    assert office.claim(invoice).case_id == second
    office.do(
        lambda work: by_hand.recall(work, office.opener, office.person, first.case_id, "Twice")
    )
    office.settle()
    assert [kind for kind, _, _ in office.agency.said] == ["withdrawal"]


def test_what_provably_never_left_is_sent_again_with_the_same_bytes_under_the_same_key(
    office: Office,
) -> None:
    invoice = failing(office, NotSent("busy", timedelta(minutes=9)), NotSent("refused"))
    assert office.case_of(invoice).state is CaseState.SUBMITTED
    now = office.world.clock.now()
    office.until(now + timedelta(minutes=8))
    assert len({body for _, body in office.agency.submitted[-1:]}) == 1
    office.until(now + timedelta(minutes=9))
    office.until(now + timedelta(minutes=20))
    assert office.case_of(invoice).state is CaseState.ACTIVE
    assert len(set(office.agency.submitted[-3:])) == 1


def test_an_agency_that_cannot_be_reached_for_long_leaves_the_claims_here(office: Office) -> None:
    invoice = failing(office, *[NotSent("nobody there")] * 8)
    for _ in range(8):
        office.until(office.world.clock.now() + timedelta(hours=1))
    assert office.case_of(invoice).state is CaseState.NOT_SENT
    claim = office.claim(invoice)
    assert (claim.state, claim.case_id) == (ClaimState.PLANNED, None)
    assert claim.goes_at is not None
    office.until(claim.goes_at)
    states = [one.state for one in office.cases() if invoice in one.invoices]
    assert sorted(state.value for state in states) == ["active", "not_sent"]


@pytest.mark.capability("E91")
def test_what_the_agency_refuses_is_the_creditors_again_and_waits_for_a_person(
    office: Office,
) -> None:
    invoice = failing(office, Refused("NoPartnerAvailable", "no partner in this country"))
    assert office.case_of(invoice).state is CaseState.REFUSED
    assert office.claim(invoice).holds == ("refused",)
    refusal = office.told(told.CaseRefused)[-1]
    assert (refusal.invoices, refusal.code) == ((invoice,), "NoPartnerAvailable")
    office.until(office.world.clock.now() + timedelta(days=9))
    assert len([one for one in office.cases() if invoice in one.invoices]) == 1


@pytest.mark.capability("E92")
@pytest.mark.capability("Y12")
@pytest.mark.case("integrations", 15)
def test_a_direct_payment_is_told_once_and_the_agencys_own_pay_out_never_back(
    office: Office,
) -> None:
    office.agency.said.clear()
    debtor, invoice, case = office.sent()
    direct = office.set_off("300.00")
    office.say(office.payment(debtor, "300.00", remaining="0.00"))
    office.say(office.matched(debtor, invoice, "700.00", direct))
    office.say(office.matched(debtor, invoice, "700.00", direct))
    office.settle()
    assert office.agency.amounts("payment") == [dkk("300.00")]
    (report,) = reported(office, invoice)
    assert (report.amount, report.value_on) == (dkk("300.00"), office.today)

    # The debtor pays the agency, which keeps its fee and pays out the rest.
    now = office.world.clock.now()
    office.agency.shows(
        agency_id(case), now, collected=(collected("700.00", now.date(), kept="87.50"),)
    )
    office.until(now + timedelta(days=3))
    assert office.case_of(invoice).collected == dkk("700.00")
    pay_out = office.set_off("630.00")
    office.say(office.matched(debtor, invoice, "70.00", direct, pay_out))
    office.settle()
    assert office.agency.amounts("payment") == [dkk("300.00")]
    (paid_out,) = office.told(told.CasePaidOut)
    assert (paid_out.case_id, paid_out.amount) == (case.case_id, dkk("630.00"))
    office.until(now + timedelta(days=20))
    assert [kind for kind, _, _ in office.agency.said] == ["payment"]
    assert len(reported(office, invoice)) == 1


@pytest.mark.case("integrations", 15)
def test_no_more_than_the_principal_is_told_and_what_bounces_is_taken_back(office: Office) -> None:
    office.agency.said.clear()
    debtor, invoice, _ = office.sent("500.00")
    too_much = office.set_off("650.00")
    office.say(office.matched(debtor, invoice, "0.00", too_much))
    office.settle()
    office.say(office.matched(debtor, invoice, "0.00", too_much, office.set_off("20.00")))
    office.settle()
    assert office.agency.amounts("payment") == [dkk("500.00")]
    office.say(office.matched(debtor, invoice, "500.00"))
    office.settle()
    assert office.agency.amounts("reversal") == [dkk("500.00")]
    credit = office.set_off("120.00", "credit_note")
    office.say(office.matched(debtor, invoice, "380.00", credit))
    office.settle()
    assert office.agency.amounts("credit_note") == [dkk("120.00")]
    assert [one.amount for one in reported(office, invoice)] == [dkk("500.00")]


def test_what_was_set_off_before_it_left_is_in_its_figures_already(office: Office) -> None:
    office.agency.said.clear()
    debtor, earlier = office.debtor(), office.set_off("250.00")
    ready = office.ready_told(debtor, "750.00")
    office.say(office.matched(debtor, ready.invoice_id, "750.00", earlier))
    office.say(ready)
    office.settle()
    office.send(ready.invoice_id)
    office.settle()
    office.say(
        office.matched(debtor, ready.invoice_id, "650.00", earlier, office.set_off("100.00"))
    )
    office.settle()
    assert office.agency.amounts("payment") == [dkk("100.00")]


def test_a_message_without_an_answer_is_looked_for_and_never_written_again(office: Office) -> None:
    office.agency.said.clear()
    debtor, invoice, case = office.sent()
    office.agency.failures_telling.append(OutcomeUnknown("no answer"))
    office.agency.takes_all_the_same = True
    office.say(office.matched(debtor, invoice, "900.00", office.set_off("100.00")))
    office.settle()
    office.agency.takes_all_the_same = False
    assert reported(office, invoice) == []
    office.until(office.world.clock.now() + timedelta(minutes=5))
    assert [token for _, token, _ in office.agency.said] == [token_of(case.case_id, 1)]
    assert [one.amount for one in reported(office, invoice)] == [dkk("100.00")]


def test_money_that_comes_while_nobody_knows_is_judged_when_the_agency_is_found_to_have_it(
    office: Office,
) -> None:
    office.agency.said.clear()
    office.agency.hides = True
    invoice = failing(office, OutcomeUnknown("no answer"), takes_it=True)
    debtor = office.case_of(invoice).debtor_id
    office.say(office.matched(debtor, invoice, "600.00", office.set_off("400.00")))
    office.until(office.world.clock.now() + timedelta(hours=1))
    assert office.agency.said == []
    office.agency.hides = False
    office.until(office.world.clock.now() + timedelta(hours=1))
    assert office.case_of(invoice).state is CaseState.ACTIVE
    assert office.agency.amounts("payment") == [dkk("400.00")]


@pytest.mark.capability("E91")
def test_the_agencys_progress_is_told_and_its_last_word_ends_the_claim(office: Office) -> None:
    debtor, invoice, case = office.sent()
    now = office.world.clock.now()
    office.agency.shows(agency_id(case), now, status="legal", remaining=dkk("900.00"))
    office.until(now + timedelta(days=1))
    changed = office.told(told.CaseStatusChanged)[-1]
    assert (changed.case_id, changed.status, changed.remaining) == (
        case.case_id, "legal", dkk("900.00"),
    )  # fmt: skip
    office.agency.shows(
        agency_id(case), now, agency_code="Paid", closed="paid",
        collected=(collected("1000.00", now.date()),),
    )  # fmt: skip
    office.do(lambda work: by_hand.ask_now(work, case.case_id))
    office.settle()
    closed = office.told(told.CaseClosed)[-1]
    assert (closed.invoices, closed.code) == ((invoice,), "paid")
    assert office.claim(invoice).state is ClaimState.OVER
    # The pay-out comes after the end, and is still known for what it is.
    office.until(now + timedelta(days=5))
    office.say(office.matched(debtor, invoice, "0.00", office.set_off("1000.00")))
    office.settle()
    assert office.told(told.CasePaidOut)[-1].case_id == case.case_id
    assert office.case_of(invoice).paid_out == dkk("1000.00")


def test_a_case_is_taken_back_when_the_agency_has_let_go_of_it(office: Office) -> None:
    office.agency.said.clear()
    _, invoice, case = office.sent()
    for _ in range(2):
        office.do(
            lambda work: by_hand.recall(
                work, office.opener, office.person, case.case_id, "It was delivered twice"
            )
        )
        office.settle()
    assert [(kind, text) for kind, _, text in office.agency.said] == [
        ("withdrawal", "It was delivered twice")
    ]
    assert office.case_of(invoice).recall_sought
    assert office.claim(invoice).state is ClaimState.SENT
    now = office.world.clock.now()
    office.agency.shows(agency_id(case), now, agency_code="Withdrawn", closed="withdrawn")
    office.until(now + timedelta(days=1))
    recalled = office.told(told.CaseRecalled)[-1]
    assert (recalled.case_id, recalled.invoices) == (case.case_id, (invoice,))
    assert office.claim(invoice).holds == ("recalled",)
    with pytest.raises(Rejected) as refused:
        office.do(lambda work: by_hand.pause(work, office.person, case.case_id, date(2026, 9, 1)))
    assert refused.value.code == "not_at_agency"


def test_a_case_that_the_agency_closed_can_go_to_another_when_a_person_says_so(
    office: Office,
) -> None:
    debtor, invoice, case = office.sent()
    now = office.world.clock.now()
    office.agency.shows(agency_id(case), now, agency_code="Expired", closed="expired")
    office.until(now + timedelta(days=1))
    assert office.claim(invoice).state is ClaimState.OVER
    office.say(office.ready_told(debtor, invoice_id=invoice))
    office.settle()
    assert office.claim(invoice).holds == ("closed",)
    office.do(lambda work: by_hand.end_stop(work, office.person, invoice))
    (again,) = office.send(invoice).cases
    assert again != case.case_id


def test_a_withdrawal_that_the_agency_would_not_hear_is_sought_again(office: Office) -> None:
    office.agency.said.clear()
    _, _, case = office.sent()
    office.agency.failures_telling.append(Refused("closed", "this case takes no messages"))
    for _ in range(2):
        office.do(
            lambda work: by_hand.recall(
                work, office.opener, office.person, case.case_id, "It was delivered twice"
            )
        )
        office.settle()
    assert [kind for kind, _, _ in office.agency.said] == ["withdrawal"]


def test_what_the_agency_cannot_be_told_for_a_night_is_told_in_the_morning(office: Office) -> None:
    office.agency.said.clear()
    debtor, invoice, _ = office.sent()
    office.agency.failures_telling += [NotSent("nobody there")] * 16
    office.say(office.matched(debtor, invoice, "900.00", office.set_off("100.00")))
    office.settle()
    for _ in range(24):
        office.until(office.world.clock.now() + timedelta(hours=1))
    assert office.agency.amounts("payment") == [dkk("100.00")]


def test_the_agency_is_asked_to_wait(office: Office) -> None:
    office.agency.said.clear()
    _, _, case = office.sent()
    office.do(lambda work: by_hand.pause(work, office.person, case.case_id, date(2026, 9, 1)))
    office.settle()
    assert [(kind, on) for kind, _, on in office.agency.said] == [("pause", date(2026, 9, 1))]


def test_what_the_agency_would_not_hear_is_counted_for_people(office: Office) -> None:
    debtor, invoice, _ = office.sent()
    office.agency.failures_telling.append(Refused("closed", "this case takes no messages"))
    office.say(office.matched(debtor, invoice, "900.00", office.set_off("100.00")))
    office.settle()
    assert office.case_of(invoice).untold == 1
    assert reported(office, invoice) == []


def test_a_look_that_fails_is_made_again_before_anything_is_judged(office: Office) -> None:
    office.agency.said.clear()
    debtor, invoice, _ = office.sent()
    office.agency.failures_looking += [NotSent("busy"), OutcomeUnknown("silence")]
    office.say(office.matched(debtor, invoice, "900.00", office.set_off("100.00")))
    office.settle()
    assert office.agency.said == []
    for _ in range(2):
        office.until(office.world.clock.now() + timedelta(minutes=30))
    assert office.agency.amounts("payment") == [dkk("100.00")]


def test_ids_follow_from_what_they_name() -> None:
    """Two writers cannot make two cases of one attempt, nor two messages of one number."""
    case = uuid4()
    assert reference_of(case) != reference_of(uuid4())
    assert len(reference_of(case)) == 26
    assert token_of(case, 2) == f"{reference_of(case)}-2"
