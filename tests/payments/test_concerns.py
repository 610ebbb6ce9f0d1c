"""What comes to light after a payment was put forward: it is never forgotten on the way to the bank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from services.payments import commands as c
from services.payments.acts import by_hand as desk
from services.payments.events import order as e
from services.payments.model.concerns import BANK_HAS_IT
from services.payments.model.order import Payment
from services.payments.model.payment import PAYMENT
from services.payments.values import State
from shared.contracts.sync import LedgerPaymentBooked
from shared.contracts.values import Fault
from shared.decider import Rejected
from shared.postgres import Server
from shared.testing.spec import given
from tests.payments.histories import (
    AMOUNT,
    ANNA,
    BATCH,
    BO,
    CARLA,
    COMMANDS,
    DRAFTED,
    HISTORIES,
    LATER,
    RECHECK,
    REQUEST,
    TEXT,
    an_approval,
    an_id,
    an_invoice,
    dkk,
)
from tests.payments.office_of_anna import Office, office_on

RELEASE_AT = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
PAID = Fault("already_paid", str(an_id("an entry of the ledger")))
NOTED = e.ConcernNoted(PAID)
HELD = (*HISTORIES[State.SCHEDULED], NOTED, e.PaymentHeld(PAID))
PROVED_ABSENT = (
    *HISTORIES[State.OUTCOME_UNKNOWN],
    e.OutcomeProved(received=False, proof="bank_word", reported_by=(BO, CARLA)),
)
BANK_HAD_IT = (*PROVED_ABSENT, e.ConcernNoted(BANK_HAS_IT), e.PaymentHeld(BANK_HAS_IT))


@pytest.fixture
def office(postgres_server: Server) -> Iterator[Office]:
    with office_on(postgres_server) as office:
        yield office


def after(history: Iterable[e.PaymentEvent], *commands: c.Command) -> Payment:
    payment = PAYMENT.fold(history)
    for command in commands:
        payment = PAYMENT.fold(PAYMENT.decide(command, payment), payment)
    return payment


def let_go_on(by: object = BO, text: object = TEXT) -> c.ReleaseHold:
    return c.ReleaseHold(by, frozenset({"approver"}), RECHECK, text)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize("state", [State.AWAITING_APPROVAL, State.APPROVED, State.HELD])
def test_what_comes_to_light_on_the_way_is_noted_once(state: State) -> None:
    raised = c.RaiseConcern(PAID)
    given(PAYMENT, *HISTORIES[state]).when(raised).then(NOTED)
    given(PAYMENT, *HISTORIES[state], NOTED).when(raised).then_nothing()


def test_what_came_to_light_among_the_approvers_holds_the_order_before_it_is_sent() -> None:
    held = after(
        (*HISTORIES[State.AWAITING_APPROVAL], NOTED),
        an_approval(),
        COMMANDS[c.SchedulePayment],
        RECHECK,
    )
    assert (held.state, held.held) == (State.HELD, PAID)


@pytest.mark.parametrize(
    "voiding",
    [
        c.NoteRejection(REQUEST, 1, BO),
        c.NoteExpiry(REQUEST),
        c.NoteRemaining(dkk("1000.00")),
        c.NoteRemaining(dkk("0.00")),
        c.RevisePayment(AMOUNT, LATER, ANNA),
        c.NoteInvoice(an_invoice(due_on=date(2026, 3, 20)), LATER),
    ],
    ids=lambda command: type(command).__name__,
)
def test_whatever_makes_it_a_draft_again_it_is_blocked_by_what_came_to_light(
    voiding: c.Command,
) -> None:
    draft = after((*HISTORIES[State.AWAITING_APPROVAL], NOTED), voiding)
    assert draft.state is State.BLOCKED
    assert PAID in draft.reasons
    assert draft.concerns == ()


def test_an_invoice_told_anew_does_not_answer_that_it_was_paid() -> None:
    history = (DRAFTED, e.PaymentBlocked((PAID,)))
    told = c.NoteInvoice(an_invoice(due_on=date(2026, 3, 20)), LATER)
    assert after(history, told).reasons == (PAID,)


def test_a_hold_for_what_only_people_can_answer_takes_a_second_person_and_a_text() -> None:
    given(PAYMENT, *HELD).when(let_go_on(by=ANNA)).then_rejected("same_person")
    given(PAYMENT, *HELD).when(let_go_on(text=None)).then_rejected("text_missing")
    state = given(PAYMENT, *HELD).when(let_go_on()).then(e.HoldReleased(PAID, BO, TEXT))
    assert after((), c.DraftPayment(1, an_invoice(), LATER)).concerns == state.concerns == ()


def test_each_cause_is_answered_by_itself() -> None:
    other = Fault("credit_note_arrived", str(an_id("note")))
    both = (*HELD, e.ConcernNoted(other))
    held_again = after(both, let_go_on(), COMMANDS[c.SchedulePayment], RECHECK)
    assert (held_again.state, held_again.held) == (State.HELD, other)


def test_what_is_gone_by_itself_needs_nobody() -> None:
    note = Fault("credit_note_arrived", str(an_id("note")))
    held = (*HISTORIES[State.SCHEDULED], e.ConcernNoted(note), e.PaymentHeld(note))
    lifted = after(held, c.LiftConcern(note.code, note.field))
    assert PAYMENT.decide(let_go_on(by=ANNA, text=None), lifted) == [e.HoldReleased(note, ANNA)]


def test_what_the_bank_has_after_all_is_not_sent_again_by_anybody() -> None:
    given(PAYMENT, *PROVED_ABSENT).when(c.NoteBankStatus(BATCH, "ACCP")).then(
        e.ConcernNoted(BANK_HAS_IT), e.PaymentHeld(BANK_HAS_IT)
    )
    given(PAYMENT, *BANK_HAD_IT).when(let_go_on()).then_rejected("not_clearable")
    withdrawal = c.WithdrawPayment("withdrawn", ANNA)
    given(PAYMENT, *BANK_HAD_IT).when(withdrawal).then_rejected("bank_has_it")
    given(PAYMENT, *BANK_HAD_IT).when(c.WithdrawPayment("invoice_withdrawn")).then_nothing()
    assert after(BANK_HAD_IT, c.RevisePayment(AMOUNT, LATER, ANNA)).state is State.BLOCKED


def test_the_banks_final_no_frees_it() -> None:
    freed = after(BANK_HAD_IT, c.NoteBankStatus(BATCH, "RJCT", "AM04"))
    assert PAYMENT.decide(let_go_on(by=ANNA, text=None), freed)


def test_the_banks_word_counts_for_what_was_revised_meanwhile() -> None:
    revised = after(PROVED_ABSENT, c.RevisePayment(AMOUNT, LATER, ANNA))
    events = PAYMENT.decide(c.NoteBankStatus(BATCH, "ACCP"), revised)
    assert events == [e.PaymentBlocked((BANK_HAS_IT,))]


ROADS = st.sampled_from([
    COMMANDS[kind]
    for kind in (
        c.RevisePayment, c.NoteInvoice, c.NoteRemaining, c.NoteExpiry, c.NoteRejection, c.ClearBlock,
        c.LiftConcern, c.AskApproval, c.ApprovePayment, c.SchedulePayment, c.RecheckPayment,
        c.ReleaseHold, c.WithdrawPayment, c.ReleasePayment,
    )
])  # fmt: skip
"""Everything that could lead it to another release."""


def walked(history: Iterable[e.PaymentEvent], asked: Iterable[c.Command]) -> list[e.PaymentEvent]:
    payment = PAYMENT.fold(history)
    happened: list[e.PaymentEvent] = []
    for command in asked:
        try:
            events = PAYMENT.decide(_up_to_date(command, payment), payment)
        except Rejected:
            continue
        payment = PAYMENT.fold(events, payment)
        happened += events
    return happened


def is_released(happened: Iterable[e.PaymentEvent]) -> bool:
    return any(isinstance(event, e.PaymentReleased) for event in happened)


@settings(max_examples=40, deadline=None)
@drawn(st.lists(ROADS, min_size=100, max_size=150))
def test_whatever_is_asked_or_told_what_the_bank_has_is_not_released_again(
    asked: list[c.Command],
) -> None:
    assert not is_released(walked(BANK_HAD_IT, asked))


def test_without_the_banks_word_the_same_roads_lead_to_another_release() -> None:
    """The property would hold of an order that nothing can move, too."""
    roads = (c.RevisePayment, c.AskApproval, c.ApprovePayment, c.SchedulePayment, c.ReleasePayment)
    assert is_released(walked(PROVED_ABSENT, [COMMANDS[kind] for kind in roads]))


def _up_to_date(command: c.Command, payment: Payment) -> c.Command:
    """As it would be asked of the order as it stands: every door is tried with the right key."""
    match command:
        case c.ClearBlock():
            reason = next(iter(payment.reasons), command.reason)
            return replace(command, reason=reason)
        case c.ApprovePayment():
            grants = tuple(replace(g, revision=payment.revision) for g in command.evidence)
            return replace(
                command,
                revision=payment.revision,
                request_id=payment.request_id or REQUEST,
                evidence=grants,
                signed=grants,
            )
        case c.ReleaseHold():
            return let_go_on()
        case _:
            return command


def test_a_payment_booked_by_somebody_else_while_the_approvers_think_holds_the_order(
    office: Office,
) -> None:
    order = office.book()
    sought = office.ask(order)
    office.say(
        LedgerPaymentBooked(
            entry_id=uuid4(),
            side="payable",
            party_id=office.suppliers["7"],
            voucher="V3",
            booked_on=date(2026, 3, 2),
            amount=dkk("-1250.00"),
        )
    )
    office.world.settle()
    office.say(office.approval(sought, sought.orders[0], office.bo))
    office.until(RELEASE_AT)
    assert office.state(order) is State.HELD
    assert office.bank.sent == []
    alone = lambda work: desk.release_hold(  # noqa: E731  said twice
        work, office.opener, office.releaser, office.anna, order, "I know better"
    )
    with pytest.raises(Rejected) as refused:
        office.do(alone)
    assert refused.value.code == "same_person"
    office.do(
        lambda work: desk.release_hold(
            work, office.opener, office.releaser, office.carla, order, "That was another invoice"
        )
    )
    office.world.settle()
    assert office.state(order) is State.SUBMITTED
