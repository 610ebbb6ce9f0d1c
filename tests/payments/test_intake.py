"""What the ledger tells, through the topic, and what becomes of the orders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

import pytest

from services.payments import queries
from services.payments.acts import by_hand as desk
from services.payments.gateways.bank import Refused
from services.payments.values import State
from shared.contracts import payments as told
from shared.contracts.approvals import ApprovalExpired, PaymentRejected
from shared.contracts.sync import (
    CreditNoteBooked,
    InvoiceChanged,
    InvoiceWithdrawn,
    ItemsMatched,
    LedgerPaymentBooked,
)
from shared.contracts.values import Fault
from shared.decider import Rejected
from shared.postgres import Server
from shared.references.instruction import InstructionKind, PaymentInstruction
from tests.payments.office_of_anna import FIK, START, Office, dkk, office_on

APRIL = date(2026, 4, 10)


@pytest.fixture
def office(postgres_server: Server) -> Iterator[Office]:
    with office_on(postgres_server) as office:
        yield office


def codes(office: Office, order: UUID) -> list[str]:
    return [reason.code for reason in office.shown(order).reasons]


@pytest.mark.case("rails", 1)
def test_a_slip_with_the_right_check_digit_is_ready(office: Office) -> None:
    order = office.book("A-100", "1250.00", pays_to=FIK)
    assert office.state(order) is State.DRAFT
    assert office.told(told.PaymentReady)[0].amount == dkk("1250.00")


@pytest.mark.case("rails", 1)
@pytest.mark.capability("S12")
def test_a_wrong_check_digit_blocks_and_says_which_was_expected(office: Office) -> None:
    fault = Fault("reference_check_digit", "reference", "8")
    order = office.book(pays_to=FIK, faults=[fault])
    assert office.state(order) is State.BLOCKED
    (blocked,) = office.told(told.PaymentBlocked)
    assert blocked.reasons == (fault,)
    with pytest.raises(Rejected) as refused:
        office.do(
            lambda work: desk.clear_block(work, office.opener, office.bo, order, fault, "go on")
        )
    assert refused.value.code == "not_clearable"


@pytest.mark.case("rails", 2)
def test_a_paid_invoice_that_comes_again_is_a_duplicate(office: Office) -> None:
    first = office.book("A-100", "10000.00")
    office.approve(first)
    office.until(START.replace(day=9, hour=9, minute=30))
    office.bank.execute(date(2026, 3, 9))
    office.until(START.replace(day=9, hour=11))
    assert office.state(first) is State.RECONCILED
    again = office.book("A-100", "10000.00", due_on=APRIL)
    assert codes(office, again) == ["duplicate_hard"]
    similar = office.book("A-0100", "10000.00", due_on=APRIL)
    assert set(codes(office, similar)) == {"duplicate_soft"}
    # Whoever has had a hand in the order is its preparer.
    office.do(lambda work: desk.revise(work, office.anna, similar, pay_on=date(2026, 4, 7)))
    assert clears(office, office.anna, similar) == {"same_person"}
    assert clears(office, office.bo, again) == {"not_clearable"}
    assert clears(office, office.bo, similar) == {"cleared"}
    assert office.state(similar) is State.DRAFT


def clears(office: Office, person: UUID, order: UUID) -> set[str]:
    """What came of it when this person took the responsibility for every reason, with a text."""
    answers = set()
    for reason in office.shown(order).reasons:
        try:
            office.do(
                lambda work, reason=reason: desk.clear_block(
                    work, office.opener, person, order, reason, "Two deliveries, I called them"
                )
            )
        except Rejected as rejected:
            answers.add(rejected.code)
        else:
            answers.add("cleared")
    return answers


def test_a_rent_that_was_approved_twice_is_ready_the_third_time(office: Office) -> None:
    december, january, february = (
        office.book(number, "9000.00", issued_on=day)
        for number, day in (
            ("H-12", date(2025, 12, 1)),
            ("H-13", date(2026, 1, 1)),
            ("H-14", date(2026, 2, 1)),
        )
    )
    assert [office.state(one) for one in (december, january, february)] == [
        State.DRAFT,
        State.BLOCKED,
        State.BLOCKED,
    ], "nobody has approved any of them"
    office.approve(december)
    (alike,) = office.shown(january).reasons
    office.do(
        lambda work: desk.clear_block(work, office.opener, office.bo, january, alike, "the rent")
    )
    office.approve(january, by=[office.carla])
    march = office.book("H-15", "9000.00", issued_on=date(2026, 1, 30))
    assert office.state(march) is State.BLOCKED, "one more over it stands there unapproved"
    office.do(lambda work: desk.withdraw(work, office.anna, february))
    office.do(lambda work: desk.withdraw(work, office.anna, march))
    assert office.state(office.book("H-16", "9000.00", issued_on=date(2026, 2, 1))) is State.DRAFT


@pytest.mark.case("rails", 3)
@pytest.mark.capability("F10")
def test_an_invoice_exported_to_a_bank_file_is_not_sent_until_cleared(office: Office) -> None:
    order = office.book(exported=True)
    assert codes(office, order) == ["externally_exported"]
    with pytest.raises(Rejected, match="blocked"):
        office.ask(order)
    office.until(START.replace(day=12))
    assert office.bank.sent == []
    office.do(
        lambda work: desk.clear_block(
            work, office.opener, office.bo, order, office.shown(order).reasons[0], "Not sent"
        )
    )
    office.approve(order)
    office.until(START.replace(day=13, hour=9, minute=30))
    assert len(office.bank.sent) == 1


def test_an_invoice_told_twice_makes_one_order(office: Office) -> None:
    booked = office.invoice()
    office.say(booked, booked)
    office.world.settle()
    assert len(office.told(told.PaymentReady)) == 1


@pytest.mark.capability("S13")
def test_an_invoice_that_leaves_the_ledger_takes_its_order_with_it(office: Office) -> None:
    booked = office.invoice()
    office.say(booked)
    office.world.settle()
    office.say(InvoiceWithdrawn(invoice_id=booked.invoice_id, side="payable"))
    office.world.settle()
    assert office.state(office.order_of(booked.invoice_id)) is State.CANCELLED
    assert office.told(told.PaymentCancelled)[0].because == "invoice_withdrawn"


def test_a_changed_account_voids_the_approval(office: Office) -> None:
    booked = office.invoice()
    office.say(booked)
    office.world.settle()
    order = office.order_of(booked.invoice_id)
    office.approve(order)
    elsewhere = PaymentInstruction(InstructionKind.DK_ACCOUNT, "12340000000001", "A-100")
    changed = booked.model_dump() | {"account": office.account(elsewhere, booked.party_id)}
    office.say(InvoiceChanged.model_validate(changed))
    office.world.settle()
    assert office.state(order) is State.DRAFT
    assert office.payment(order).approvers == frozenset()
    assert office.told(told.PaymentRevised)[0].because == "invoice_changed"


def credit_note(office: Office, amount: str) -> CreditNoteBooked:
    return CreditNoteBooked(
        credit_note_id=uuid4(),
        side="payable",
        party_id=office.suppliers["7"],
        number="K-1",
        voucher="V2",
        issued_on=date(2026, 3, 1),
        gross=dkk(amount),
        remaining=dkk(amount),
    )


def matched(office: Office, item: UUID, remaining: str) -> ItemsMatched:
    return ItemsMatched(
        item_id=item,
        side="payable",
        party_id=office.suppliers["7"],
        remaining=dkk(remaining),
        matched_on=date(2026, 3, 2),
    )


def test_a_credit_note_reduces_what_is_paid_once_the_ledger_matches_it(office: Office) -> None:
    order = office.book(amount="10000.00")
    note = credit_note(office, "1500.00")
    office.say(note)
    office.world.settle()
    assert codes(office, order) == ["credit_note_arrived"]
    invoice = office.shown(order).invoice_id
    office.say(matched(office, invoice, "8500.00"), matched(office, note.credit_note_id, "0.00"))
    office.world.settle()
    assert office.state(order) is State.DRAFT
    assert office.payment(order).amount == dkk("8500.00")


def test_a_credit_note_between_approval_and_release_holds(office: Office) -> None:
    order = office.book(amount="10000.00")
    office.approve(order)
    office.say(credit_note(office, "1500.00"))
    office.world.settle()
    assert office.state(order) is State.HELD
    assert codes(office, order) == ["credit_note_arrived"]


def test_a_payment_by_somebody_else_holds_an_order_over_the_same_amount(office: Office) -> None:
    order, other = office.book("A-1", "1250.00"), office.book("A-2", "900.00")
    office.approve(order, other)
    entry = LedgerPaymentBooked(
        entry_id=uuid4(),
        side="payable",
        party_id=office.suppliers["7"],
        voucher="V3",
        booked_on=date(2026, 3, 2),
        amount=dkk("-1250.00"),
    )
    office.say(entry)
    office.world.settle()
    assert (office.state(order), office.state(other)) == (State.HELD, State.SCHEDULED)
    assert codes(office, order) == ["already_paid"]


@pytest.mark.capability("S26")
def test_a_no_and_a_lapse_bring_it_back_to_the_desk(office: Office) -> None:
    order = office.book()
    sought = office.ask(order)
    no = PaymentRejected(
        request_id=sought.request_id,
        payment_id=order,
        revision=1,
        rejected_by=office.bo,
        sought_by=office.anna,
    )
    office.say(no, no)
    office.world.settle()
    assert (office.state(order), office.payment(order).revision) == (State.DRAFT, 2)
    again = office.ask(order)
    lapse = ApprovalExpired(request_id=again.request_id, payments=(order,), sought_by=office.anna)
    office.say(lapse)
    office.world.settle()
    assert office.state(order) is State.DRAFT


def test_a_part_may_be_paid_and_the_rest_later_but_never_more_than_the_invoice(
    office: Office,
) -> None:
    order = office.book(amount="10000.00")
    office.do(lambda work: desk.revise(work, office.anna, order, amount=dkk("4000.00")))
    office.approve(order)
    office.until(START.replace(day=9, hour=9, minute=30))
    office.bank.execute(date(2026, 3, 9))
    office.until(START.replace(day=9, hour=11))
    (sought,) = office.told(told.PaymentPostingSought)
    assert [line.amount for line in sought.lines] == [dkk("4000.00"), dkk("-4000.00")]
    invoice = office.shown(order).invoice_id
    rest = office.do(lambda work: desk.pay_again(work, office.anna, invoice))
    # The ledger has not matched anything yet, and all the same only the rest is drafted.
    assert office.payment(rest).amount == dkk("6000.00")
    with pytest.raises(Rejected, match="live order"):
        office.do(lambda work: desk.pay_again(work, office.anna, invoice))


@pytest.mark.capability("S7")
def test_the_pipeline_counts_and_ages_what_stands_where(office: Office) -> None:
    office.book("A-1", "100.00")
    office.book("A-2", "200.00")
    office.book("A-3", "300.00", unpayable=True)
    office.world.clock.advance(days=2)
    stages = office.do(
        lambda work: queries.pipeline(work.sql, office.tenant, office.world.clock.now())
    )
    assert [(s.state, s.count, s.amount, s.oldest.days) for s in stages] == [
        (State.DRAFT, 2, dkk("300.00"), 2),
        (State.BLOCKED, 1, dkk("300.00"), 2),
    ]
    listed = office.do(lambda work: queries.payables(work.sql, office.tenant))
    assert sorted(one.number for one in listed) == ["A-1", "A-2", "A-3"]
    assert office.do(lambda work: queries.payables(work.sql, uuid4())) == []


def test_an_account_other_than_the_one_last_paid_blocks_and_warns(office: Office) -> None:
    first = office.book("A-1", "1000.00")
    office.approve(first)
    office.until(START.replace(day=9, hour=9, minute=30))
    office.bank.execute(date(2026, 3, 9))
    office.until(START.replace(day=9, hour=11))
    elsewhere = PaymentInstruction(InstructionKind.DK_ACCOUNT, "12340000000001", "A-2")
    second = office.book("A-2", "1500.00", pays_to=elsewhere, due_on=date(2026, 4, 10))
    assert codes(office, second) == ["account_differs"]
    office.do(
        lambda work: desk.clear_block(
            work, office.opener, office.bo, second, office.shown(second).reasons[0], "Called them"
        )
    )
    (asked,) = office.ask(second).orders
    assert asked.warnings == ("new_account", "account_differs", "amount_unusual")


def test_nothing_personal_stands_in_clear_in_what_is_kept_or_told(office: Office) -> None:
    order = office.book()
    office.approve(order)
    office.until(START.replace(day=9, hour=9, minute=30))
    with office.world.runtimes["payments"].app.transaction([office.tenant]) as transaction:
        kept = [
            bytes(row[0]) if row[0] is not None else b""
            for query in ("select body from event", "select body from outbox",
                          "select body from effect")
            for row in transaction.raw.execute(query).fetchall()
        ]  # fmt: skip
    for secret in (b"Leverand", b"34090012400781", b"DK5000400440116243"):
        assert not any(secret in body for body in kept)


@pytest.mark.case("rails", 3)
@pytest.mark.parametrize("approved", [False, True])
def test_an_invoice_that_is_put_into_a_bank_file_later_is_not_paid_again(
    office: Office, approved: bool
) -> None:
    booked = office.invoice()
    office.say(booked)
    office.world.settle()
    order = office.order_of(booked.invoice_id)
    if approved:
        office.approve(order)
    exported = InvoiceChanged.model_validate(booked.model_dump() | {"exported_to_bank": True})
    office.say(exported)
    office.world.settle()
    assert office.state(order) is (State.HELD if approved else State.BLOCKED)
    assert codes(office, order) == ["externally_exported"]
    taken_out = InvoiceChanged.model_validate(booked.model_dump())
    office.say(taken_out)
    office.world.settle()
    if not approved:
        assert office.state(order) is State.DRAFT


def test_a_new_order_pays_to_the_account_that_was_corrected_after_the_bank_refused(
    office: Office,
) -> None:
    booked = office.invoice()
    office.say(booked)
    office.world.settle()
    refused = office.order_of(booked.invoice_id)
    office.bank.failures = [Refused("AC01", "no such account")]
    office.approve(refused)
    office.until(START.replace(day=9, hour=9, minute=30))
    assert office.state(refused) is State.BANK_REJECTED
    was = office.payment(refused).invoice.account
    right = PaymentInstruction(InstructionKind.DK_ACCOUNT, "12340000000001", "A-100")
    corrected = booked.model_dump() | {"account": office.account(right, booked.party_id)}
    office.say(InvoiceChanged.model_validate(corrected))
    office.world.settle()
    again = office.do(lambda work: desk.pay_again(work, office.anna, booked.invoice_id))
    paid_to = office.payment(again).invoice.account
    assert paid_to is not None
    assert paid_to.last4 == "0001"
    assert office.payment(refused).invoice.account == was


def test_a_new_order_knows_what_came_against_the_invoice_since(office: Office) -> None:
    booked = office.invoice()
    office.say(booked)
    office.world.settle()
    order = office.order_of(booked.invoice_id)
    office.do(lambda work: desk.withdraw(work, office.anna, order))
    exported = InvoiceChanged.model_validate(booked.model_dump() | {"exported_to_bank": True})
    office.say(exported, exported)
    office.world.settle()
    again = office.do(lambda work: desk.pay_again(work, office.anna, booked.invoice_id))
    assert codes(office, again) == ["externally_exported"]
    assert office.events(order).count("InvoiceRetold") == 1


def test_what_the_ledger_names_against_an_unchanged_invoice_blocks_or_holds_it(
    office: Office,
) -> None:
    booked = office.invoice()
    office.say(booked)
    office.world.settle()
    order = office.order_of(booked.invoice_id)
    office.approve(order)
    several = Fault("several_means", "account")
    told_again = InvoiceChanged.model_validate(booked.model_dump() | {"faults": (several,)})
    office.say(told_again, told_again)
    office.world.settle()
    assert office.state(order) is State.HELD
    assert codes(office, order) == ["several_means"]
    assert office.events(order).count("ConcernNoted") == 1


@pytest.mark.parametrize("due_on", [date(1, 1, 1), date(1999, 12, 31), date(2009, 12, 31)])
def test_an_invoice_from_before_the_calendars_is_due_and_stops_nothing_behind_it(
    office: Office, due_on: date
) -> None:
    order = office.book("A-1", due_on=due_on, issued_on=due_on)
    assert office.state(order) is State.DRAFT
    assert office.shown(order).pay_on == START.date()
    office.say(office.credit_note())
    office.world.settle()
    assert codes(office, order) == ["credit_note_arrived"]


@pytest.mark.parametrize("due_on", [date(2061, 1, 1), date(9999, 12, 31)])
def test_an_invoice_due_beyond_the_calendars_is_blocked_and_stops_nothing_behind_it(
    office: Office, due_on: date
) -> None:
    order = office.book("A-1", due_on=due_on)
    assert codes(office, order) == ["due_date_unknown"]
    office.say(office.credit_note())
    office.world.settle()
    assert codes(office, order) == ["due_date_unknown", "credit_note_arrived"]
