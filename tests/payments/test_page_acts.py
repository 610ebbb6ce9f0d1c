"""One payment: what its page tells, and what people do there, as a browser's requests see it."""

from __future__ import annotations

import ast
import html
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args
from uuid import UUID, uuid4

import msgspec
import pytest

import services.payments
from services.payments.events.order import PaymentEvent
from services.payments.gateways.bank import CancelAnswer, OutcomeUnknown
from services.payments.model.blocking import CLEARABLE
from services.payments.pages import refusals, words
from services.payments.values import State
from shared.contracts.tenants import RoleRevoked
from shared.contracts.values import Copy, Fault
from shared.postgres import Server
from tests.payments.office_of_anna import Office, dkk
from tests.payments.site import Site, site_in

RELEASE_AT = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
EXPORTED = msgspec.json.encode(Fault("externally_exported", "invoice")).decode()


@pytest.fixture
def site(postgres_server: Server) -> Iterator[Site]:
    with site_in(postgres_server) as site:
        yield site


@pytest.fixture
def office(site: Site) -> Office:
    return site.office


def act(site: Site, person: UUID, order: UUID, name: str, **form: Any) -> str:
    """Do something on a payment's page; what the next page says, and everybody has heard of it."""
    answer = site.send(person, f"/{order}/{name}", **form)
    assert answer.status_code == 200, answer.text
    site.office.world.settle()
    return html.unescape(answer.text).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.capability("S4")
@pytest.mark.capability("S7")
@pytest.mark.capability("S23")
def test_the_page_tells_where_a_payment_is_who_said_yes_and_each_event(
    site: Site, office: Office
) -> None:
    order = office.book("A-100", copy_of=Copy("c" * 64, "application/pdf", 8400))
    office.approve(order)
    page = site.read(office.carla, f"/{order}")
    assert "1,250.00 DKK to Leverandør 7 ApS" in page
    assert "3409 0012400781" in page
    assert page.index("no objections") < page.index("Anna Holm") < page.index("for Mon 9 Mar")
    assert page.count('<li class="done">') == 4
    assert 'aria-current="step"' in page
    assert "Bo Fjordvig" in page
    assert "payments.PaymentApproved.v1" in page
    assert f"/sync/{office.tenant}/copies/{'c' * 64}/view" in page


@pytest.mark.capability("S30")
def test_another_day_or_amount_voids_every_yes(site: Site, office: Office) -> None:
    order = office.book(due_on=date(2026, 3, 20))
    office.approve(order)
    page = act(site, office.anna, order, "change", pay_on="2026-03-12", amount="1,000.00")
    assert "Amount or day changed: every yes is void" in page
    assert "1,000.00 DKK, pays Thu 12 Mar" in page
    payment = office.payment(order)
    assert (payment.state, payment.approvers) == (State.DRAFT, frozenset())
    assert (payment.amount, payment.plan.pay_on) == (dkk("1000.00"), date(2026, 3, 12))


@pytest.mark.capability("S30")
@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"pay_on": "2026-03-01"}, "The bank cannot pay so early. Choose a later day."),
        ({"amount": "1,250.01"}, "No more can be paid than what remains of the invoice."),
        ({"amount": "0"}, "The amount must be more than nothing."),
        ({"amount": "1.005"}, "Write the amount as it stands here, with its decimals."),
        ({"amount": "1.250,00"}, "Write the amount as it stands here, with its decimals."),
        ({"amount": "all"}, "Write the amount as it stands here, with its decimals."),
    ],
)
def test_a_change_that_cannot_be_made_is_answered_with_a_sentence(
    site: Site, office: Office, form: dict[str, str], said: str
) -> None:
    order = office.book()
    assert said in act(site, office.anna, order, "change", **form)
    assert office.payment(order).revision == 1


def test_an_amount_is_read_as_the_reader_writes_it(site: Site, office: Office) -> None:
    order = office.book()
    site.sessions.languages[office.anna] = "da"
    act(site, office.anna, order, "change", amount="1.000,50")
    assert office.payment(order).amount == dkk("1000.50")
    act(site, office.anna, order, "change", amount="1000.25")
    assert office.payment(order).amount == dkk("1000.50")


@pytest.mark.capability("F10")
def test_a_second_person_clears_a_reason_in_writing_and_the_preparer_cannot(
    site: Site, office: Office
) -> None:
    order = office.book("A-1", exported=True)
    act(site, office.anna, order, "change", amount="1,000.00")
    own = site.read(office.anna, f"/{order}")
    assert "somebody else must take the responsibility" in own
    assert "Take the responsibility" not in own
    form = {"reason": EXPORTED, "text": "The file was deleted"}
    said = act(site, office.anna, order, "clear", **form)
    assert "a second person must take the responsibility" in said
    assert "Write why" in act(site, office.bo, order, "clear", reason=EXPORTED)
    assert office.state(order) is State.BLOCKED
    page = act(site, office.bo, order, "clear", **form)
    assert "“The file was deleted”" in page
    assert "Bo Fjordvig · payments.BlockCleared.v1" in page
    assert office.state(order) is State.DRAFT


def test_whoever_runs_the_machine_clears_nothing(site: Site, office: Office) -> None:
    order, operator = office.book("A-1", exported=True), site.person("operations")
    assert "Take the responsibility" not in site.read(operator, f"/{order}")
    form = {"reason": EXPORTED, "text": "why not"}
    assert "Your role at this company does not allow it." in act(
        site, operator, order, "clear", **form
    )


def test_what_is_not_a_reason_is_refused(site: Site, office: Office) -> None:
    order = office.book("A-1", exported=True)
    answer = site.send(office.bo, f"/{order}/clear", reason="not a reason", text="x")
    assert answer.status_code == 422
    gone = msgspec.json.encode(Fault("already_paid", "x")).decode()
    assert "That reason is gone already." in act(
        site, office.bo, order, "clear", reason=gone, text="x"
    )


def test_a_held_payment_goes_on_when_a_second_person_writes_why(site: Site, office: Office) -> None:
    order = office.book(supplier="7")
    office.approve(order)
    office.say(office.credit_note(supplier="7"))
    office.world.settle()
    assert "A credit note of this supplier" in site.read(office.bo, f"/{order}")
    assert "Write why" in act(site, office.bo, order, "go-on")
    said = act(site, office.anna, order, "go-on", text="It is for another invoice")
    assert "a second person must take the responsibility" in said
    page = act(site, office.bo, order, "go-on", text="It is for another invoice")
    assert "“It is for another invoice”" in page
    assert office.state(order) is State.SCHEDULED


def test_a_hold_for_a_lost_mandate_says_what_to_do(site: Site, office: Office) -> None:
    order = office.book()
    office.approve(order)
    office.say(RoleRevoked(user_id=office.bo, client_id=office.tenant, role="approver"))
    office.until(RELEASE_AT)
    assert office.state(order) is State.HELD
    said = act(site, office.carla, order, "go-on", text="He is on holiday")
    nothing_was_done = said.partition("Nothing was done")[2].partition("</p>")[0]
    assert "Send it to approval again." in nothing_was_done


def unknown(office: Office, *amounts: str) -> UUID:
    office.bank.failures = [OutcomeUnknown("no answer")]
    orders = [office.book(f"A-{amount}", amount) for amount in amounts or ["1250.00"]]
    office.approve(*orders)
    office.until(RELEASE_AT)
    return orders[0]


@pytest.mark.case("rails", 17)
@pytest.mark.property_("P7")
def test_an_unknown_outcome_is_decided_by_the_banks_word_of_two_persons(
    site: Site, office: Office
) -> None:
    order = unknown(office)
    page = site.read(office.bo, f"/{order}")
    assert "no answer came" in page
    assert "Send again" not in page
    assert "it may already be paid" in html.unescape(site.read(office.anna, f"/{order}"))
    assert "Say which of the two the bank said." in act(site, office.bo, order, "bank-word")
    page = act(site, office.bo, order, "bank-word", received="true")
    assert "Bo Fjordvig has reported: it has the order." in page
    assert office.state(order) is State.OUTCOME_UNKNOWN
    act(site, office.carla, order, "bank-word", received="true")
    assert office.state(order) is State.SUBMITTED
    assert len(office.bank.sent) == 1


def test_the_bank_is_asked_to_stop_all_that_left_in_one_message(site: Site, office: Office) -> None:
    orders = [office.book(f"A-{amount}", amount) for amount in ("100.00", "200.00")]
    office.approve(*orders)
    office.until(RELEASE_AT)
    page = site.read(office.anna, f"/{orders[0]}")
    assert "2 payments left in one message, and it stops all of them" in page
    assert "the bank would stop them all" in act(site, office.anna, orders[0], "stop")
    office.bank.cancel_answer = CancelAnswer(requested=True)
    assert 'name="whole_batch" value="true"' in page
    act(site, office.anna, orders[0], "stop", whole_batch="true")
    assert {office.state(order) for order in orders} == {State.CANCEL_PENDING}


def test_a_withdrawn_payment_can_be_made_anew_for_what_remains(site: Site, office: Office) -> None:
    order = office.book()
    page = act(site, office.anna, order, "withdraw")
    assert "Withdrawn" in page
    assert "A new order for the same invoice, over 1,250.00 DKK." in page
    again = act(site, office.anna, order, "again")
    assert "Ready" in again
    made = office.order_of(office.payment(order).invoice.invoice_id, attempt=2)
    assert str(made) in again
    assert "That is not possible while it is “Ready”." in act(site, office.anna, order, "again")


def test_a_payment_that_was_made_is_not_offered_again(site: Site, office: Office) -> None:
    order = office.book()
    office.approve(order)
    office.until(RELEASE_AT)
    office.bank.execute(date(2026, 3, 9))
    office.until(datetime(2026, 3, 9, 11, tzinfo=UTC))
    assert office.state(order) is State.RECONCILED
    assert "Pay what remains" not in site.read(office.anna, f"/{order}")
    said = act(site, office.anna, order, "again")
    assert "Nothing remains to be paid." in said


def test_what_has_left_is_not_changed(site: Site, office: Office) -> None:
    order = unknown(office)
    for name, form in (("change", {"amount": "1.00"}), ("withdraw", {})):
        said = act(site, office.anna, order, name, **form)
        assert "That is not possible while it is “Outcome unknown”." in said


def test_a_form_from_another_site_does_nothing(site: Site, office: Office) -> None:
    order = office.book()
    browser = site.browser(office.anna)
    answer = browser.post(f"{site.home}/{order}/withdraw", data={"form_token": "guessed"})
    assert answer.status_code == 403
    assert office.state(order) is State.DRAFT


OF_MACHINES = {"another_batch", "another_order", "another_account", "another_currency",
               "other_direction", "never_released", "already_sealed", "bytes_differ",
               "mixed_currencies", "no_bank_payment_id"}  # fmt: skip
"""What only a message of the bank, or the release, can be refused with."""


def codes() -> set[str]:
    """Every code that the service's rules refuse with, from their source."""
    root = Path(services.payments.__file__).parent
    calls = [
        node
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Rejected"
    ]
    return {
        str(word.value.value)
        for call in calls
        for word in call.keywords
        if word.arg == "code" and isinstance(word.value, ast.Constant)
    }


@pytest.mark.parametrize("code", sorted(codes() - OF_MACHINES | CLEARABLE))
def test_every_refusal_that_a_person_can_meet_has_a_sentence(code: str) -> None:
    assert refusals.refusal(code, str) != refusals.refusal(str(uuid4()), str)


@pytest.mark.parametrize("state", list(State))
def test_a_refusal_names_the_state_that_a_payment_is_in(state: State) -> None:
    assert words.shape(state).word in refusals.refusal(f"not_when_{state}", str)


def test_every_event_has_its_line() -> None:
    assert set(words.happened(str)) == {event.__name__ for event in get_args(PaymentEvent)}
