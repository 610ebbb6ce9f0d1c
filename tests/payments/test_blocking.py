"""What stands in the way of a payment, and who may clear it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.payments import commands as c
from services.payments.events import order as e
from services.payments.model.blocking import (
    Earlier,
    Supplier,
    duplicates,
    likened,
    reasons,
    warnings,
)
from services.payments.model.payment import PAYMENT
from services.payments.values import State
from shared.contracts.values import Copy, Fault
from shared.testing.spec import given
from tests.payments.histories import (
    ACCOUNT,
    ANNA,
    BO,
    COMMANDS,
    DRAFTED,
    HISTORIES,
    PLAN,
    REASON,
    SUPPLIER,
    TEXT,
    an_id,
    an_invoice,
    dkk,
)

OTHER = an_id("other order")


def earlier(**changes: Any) -> Earlier:
    facts: dict[str, Any] = {
        "payment_id": OTHER,
        "party_id": SUPPLIER,
        "number": "B-7",
        "issued_on": date(2025, 1, 1),
        "gross": dkk("10.00"),
    }
    return Earlier(**{**facts, **changes})


def found(other: Earlier, **invoice: Any) -> list[tuple[str, str]]:
    return [(f.code, f.field) for f in duplicates(an_invoice(**invoice), [other])]


@pytest.mark.case("rails", 2)
def test_the_same_number_and_amount_of_the_same_supplier_is_a_duplicate() -> None:
    other = earlier(number="a 100", gross=dkk("1250.00"))
    assert found(other) == [("duplicate_hard", "number")]
    assert duplicates(an_invoice(), [other])[0].expected == str(OTHER)


@pytest.mark.case("rails", 2)
@pytest.mark.parametrize("number", ["A-0100", "100", "AOO100", "FA-100"])
def test_a_number_that_is_only_written_differently_may_be_a_duplicate(number: str) -> None:
    assert found(earlier(number=number)) == [("duplicate_soft", "number")]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"gross": dkk("1250.00"), "issued_on": date(2026, 2, 10) - timedelta(days=45)}, "amount"),
        ({"account": ACCOUNT, "reference": "ref-1"}, "reference"),
        ({"account": ACCOUNT, "party_id": an_id("another supplier")}, "account"),
        ({"document": "f" * 64}, "document"),
    ],
)
def test_each_likeness_is_a_reason_to_look(other: dict[str, Any], expected: str) -> None:
    copy = Copy("f" * 64, "application/pdf", 1)
    assert found(earlier(**other), copy_of=copy) == [("duplicate_soft", expected)]


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"gross": dkk("1250.00"), "issued_on": date(2026, 2, 10) - timedelta(days=46)},
        {"account": ACCOUNT, "reference": "ref-2"},
        {"number": "A-100", "party_id": an_id("another supplier"), "gross": dkk("1250.00")},
        {"account": "fingerprint-2", "reference": "ref-1"},
    ],
)
def test_what_is_not_alike_is_no_duplicate(other: dict[str, Any]) -> None:
    assert found(earlier(**other)) == []


RENT = dkk("1250.00")
JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def rents(*issued_on: date, **changes: Any) -> list[Earlier]:
    """The same amount of the same supplier before, each under a number of its own."""
    return [
        earlier(payment_id=an_id(f"{day}"), number=f"{day:%Y-%m-%d}", issued_on=day, gross=RENT,
                approved=True, **changes)
        for day in issued_on
    ]  # fmt: skip


def against(others: list[Earlier], issued_on: date = MARCH, **invoice: Any) -> list[str]:
    facts = {"number": "2026-11", "gross": RENT, "issued_on": issued_on, **invoice}
    return [fault.field for fault in duplicates(an_invoice(**facts), others)]


def test_the_third_rent_of_a_month_each_is_no_duplicate_of_the_second() -> None:
    assert against(rents(FEBRUARY)) == ["amount"], "one before it proves no series"
    assert against(rents(JANUARY, FEBRUARY)) == []


@pytest.mark.parametrize(
    ("why", "others"),
    [
        ("the second of this month", rents(JANUARY, FEBRUARY, date(2026, 2, 25))),
        ("a month was left out", rents(date(2025, 12, 1), FEBRUARY)),
        ("they come as they like", rents(date(2026, 1, 14), FEBRUARY)),
        ("it is the older one that came late", rents(FEBRUARY, date(2026, 3, 30))),
        ("nobody has approved the series", [replace(one, approved=False) for one in
                                            rents(JANUARY, FEBRUARY)]),
        ("another one stands unapproved beside it", [*rents(JANUARY, FEBRUARY), earlier(
            number="X-1", gross=RENT, issued_on=date(2026, 2, 27))]),
    ],
)  # fmt: skip
def test_what_only_resembles_a_series_stays_blocked(why: str, others: list[Earlier]) -> None:
    assert "amount" in against(others), why


def test_in_a_series_every_other_likeness_still_blocks() -> None:
    series = rents(JANUARY, FEBRUARY)
    assert "number" in against(series, number="FA 2026-02-01")
    assert "document" in against([replace(one, document="f" * 64) for one in series],
                                 copy_of=Copy("f" * 64, "application/pdf", 1))  # fmt: skip
    assert against(rents(JANUARY, FEBRUARY), gross=dkk("1250.01")) == []


def test_numbers_are_likened_without_prefix_zeros_and_the_letter_o() -> None:
    assert {likened(n) for n in ("A-100", "A-0100", "Faktura 100", "AO100")} == {"100"}
    assert likened("ABC") == "ABC"


@pytest.mark.case("rails", 3)
@pytest.mark.capability("F10")
def test_every_reason_is_found_and_those_of_the_invoice_come_first() -> None:
    check_digit = Fault("reference_check_digit", "reference", "8")
    all_found = reasons(
        an_invoice(),
        faults=[check_digit],
        exported=True,
        supplier=Supplier(("fingerprint-2",)),
        open_credit_notes=[an_id("note")],
        home_currency="SEK",
    )
    assert [fault.code for fault in all_found] == [
        "reference_check_digit",
        "foreign_currency",
        "externally_exported",
        "account_differs",
        "credit_note_arrived",
    ]


def test_an_invoice_without_an_account_lacks_details() -> None:
    assert reasons(an_invoice(account=None)) == (Fault("missing_details", "account"),)


def clear(reason: Fault, **changes: Any) -> c.ClearBlock:
    facts: dict[str, Any] = {
        "reason": reason,
        "cleared_by": BO,
        "roles": frozenset({"approver"}),
        "text": TEXT,
    }
    return c.ClearBlock(**{**facts, **changes})


def blocked(*faults: Fault, prepared_by: Any = None) -> tuple[e.PaymentEvent, ...]:
    drafted = e.PaymentDrafted(1, DRAFTED.invoice, DRAFTED.amount, PLAN, prepared_by)
    return (drafted, e.PaymentBlocked(faults))


SOFT, HARD = Fault("duplicate_soft", "number", "x"), Fault("duplicate_hard", "number", "x")


@pytest.mark.case("rails", 2)
def test_a_second_person_clears_a_soft_reason_with_a_text() -> None:
    given(PAYMENT, *blocked(SOFT)).when(clear(SOFT)).then(
        e.BlockCleared(SOFT, BO, TEXT), e.PaymentReady()
    )


@pytest.mark.case("rails", 2)
def test_whoever_prepared_it_does_not_clear_it() -> None:
    history = blocked(SOFT, prepared_by=ANNA)
    given(PAYMENT, *history).when(clear(SOFT, cleared_by=ANNA)).then_rejected("same_person")


@pytest.mark.case("rails", 2)
def test_whoever_cleared_it_does_not_put_it_forward() -> None:
    history = (*blocked(SOFT), e.BlockCleared(SOFT, BO, TEXT), e.PaymentReady())
    ask = COMMANDS[c.AskApproval]
    assert isinstance(ask, c.AskApproval)
    given(PAYMENT, *history).when(replace(ask, asked_by=BO)).then_rejected("cleared_it")
    assert PAYMENT.decide(ask, PAYMENT.fold(history))


def test_whoever_let_a_hold_go_on_does_not_put_it_forward_again() -> None:
    note = Fault("credit_note_arrived", str(an_id("note")))
    held = (*HISTORIES[State.SCHEDULED], e.ConcernNoted(note), e.PaymentHeld(note))
    revised = e.PaymentRevised(2, dkk("1000.00"), PLAN, "edited", BO)
    ask = COMMANDS[c.AskApproval]
    assert isinstance(ask, c.AskApproval)
    answered = (*held, e.HoldReleased(note, BO, TEXT), revised)
    given(PAYMENT, *answered).when(replace(ask, asked_by=BO)).then_rejected("cleared_it")
    gone = (*held, e.BlockLifted(note), e.HoldReleased(note, BO), revised)
    assert PAYMENT.decide(replace(ask, asked_by=BO), PAYMENT.fold(gone))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (clear(SOFT, text=None), "text_missing"),
        (clear(SOFT, roles=frozenset({"operations"})), "role_missing"),
        (clear(REASON), "no_such_reason"),
    ],
)
def test_it_takes_a_role_a_text_and_a_reason_that_stands(command: c.ClearBlock, code: str) -> None:
    given(PAYMENT, *blocked(SOFT)).when(command).then_rejected(code)


@pytest.mark.parametrize(
    "reason",
    [
        HARD,
        Fault("reference_check_digit", "reference", "8"),
        Fault("invalid_iban", "account"),
        Fault("missing_details", "account"),
        Fault("nothing_left", "remaining"),
        Fault("foreign_currency", "gross", "DKK"),
    ],
)
def test_some_reasons_nobody_may_clear(reason: Fault) -> None:
    given(PAYMENT, *blocked(reason)).when(clear(reason)).then_rejected("not_clearable")


def test_each_reason_is_cleared_by_itself() -> None:
    history = blocked(SOFT, REASON)
    state = given(PAYMENT, *history).when(clear(SOFT)).then(e.BlockCleared(SOFT, BO, TEXT))
    assert (state.state, state.reasons) == (State.BLOCKED, (REASON,))


def test_what_was_cleared_does_not_come_back() -> None:
    note = Fault("credit_note_arrived", str(an_id("note")))
    history = (*blocked(note), e.BlockCleared(note, BO, TEXT), e.PaymentReady())
    given(PAYMENT, *history).when(c.RaiseConcern(note)).then_nothing()


def test_a_credit_note_holds_what_is_already_scheduled() -> None:
    note = Fault("credit_note_arrived", str(an_id("note")))
    given(PAYMENT, *HISTORIES[State.SCHEDULED]).when(c.RaiseConcern(note)).then(
        e.ConcernNoted(note), e.PaymentHeld(note)
    )


def test_a_credit_note_that_was_matched_lifts_its_reason() -> None:
    note = Fault("credit_note_arrived", str(an_id("note")))
    lift = c.LiftConcern("credit_note_arrived", str(an_id("note")))
    given(PAYMENT, *blocked(note)).when(lift).then(e.BlockLifted(note), e.PaymentReady())


# What the ledger allocates.


def remains(amount: str) -> c.NoteRemaining:
    return c.NoteRemaining(dkk(amount))


@pytest.mark.parametrize("state", [State.DRAFT, State.AWAITING_APPROVAL])
def test_what_is_not_approved_yet_follows_what_remains(state: State) -> None:
    after = (
        given(PAYMENT, *HISTORIES[state])
        .when(remains("1000.00"))
        .then(
            e.RemainingChanged(dkk("1000.00")),
            e.PaymentRevised(2, dkk("1000.00"), PLAN, "remaining_changed"),
        )
    )
    assert (after.state, after.amount) == (State.DRAFT, dkk("1000.00"))


def test_what_is_approved_is_held_when_less_remains() -> None:
    given(PAYMENT, *HISTORIES[State.SCHEDULED]).when(remains("1000.00")).then(
        e.RemainingChanged(dkk("1000.00")),
        e.PaymentHeld(Fault("amount_above_remaining", "amount")),
    )


def test_an_invoice_that_was_paid_otherwise_is_not_paid_again() -> None:
    state = (
        given(PAYMENT, *HISTORIES[State.AWAITING_APPROVAL])
        .when(remains("0.00"))
        .then(
            e.RemainingChanged(dkk("0.00")),
            e.PaymentRevised(2, dkk("1250.00"), PLAN, "nothing_left"),
            e.PaymentBlocked((Fault("nothing_left", "remaining"),)),
        )
    )
    back = PAYMENT.decide(remains("1250.00"), state)
    assert PAYMENT.fold(back, state).state is State.DRAFT


def test_after_release_what_remains_is_only_noted() -> None:
    given(PAYMENT, *HISTORIES[State.SUBMITTED]).when(remains("0.00")).then(
        e.RemainingChanged(dkk("0.00"))
    )


@pytest.mark.parametrize(
    ("amount", "code"),
    [("1250.01", "amount_above_remaining"), ("0.00", "amount_not_positive")],
)
def test_an_edited_amount_is_more_than_nothing_and_no_more_than_remains(
    amount: str, code: str
) -> None:
    edit = c.RevisePayment(dkk(amount), PLAN, ANNA)
    given(PAYMENT, *HISTORIES[State.DRAFT]).when(edit).then_rejected(code)


def test_a_changed_invoice_is_a_new_draft_and_the_same_one_is_not() -> None:
    history = HISTORIES[State.SCHEDULED]
    given(PAYMENT, *history).when(c.NoteInvoice(an_invoice(), PLAN)).then_nothing()
    changed = an_invoice(gross=dkk("900.00"), remaining=dkk("900.00"))
    given(PAYMENT, *history).when(c.NoteInvoice(changed, PLAN)).then(
        e.InvoiceRevised(2, changed, dkk("900.00"), PLAN, ()), e.PaymentReady()
    )


# What approvers should look at twice.


@pytest.mark.parametrize(
    ("supplier", "amount", "expected"),
    [
        (Supplier(), "1.00", ("first_payment",)),
        (Supplier((ACCOUNT,), dkk("100.00")), "140.00", ()),
        (Supplier((ACCOUNT,), dkk("100.00")), "140.01", ("amount_unusual",)),
        (Supplier(("f2", ACCOUNT), dkk("100.00")), "1.00", ("account_differs",)),
        (Supplier(("f2",), dkk("100.00")), "1.00", ("new_account", "account_differs")),
    ],
)
def test_warnings_follow_from_what_was_paid_before(
    supplier: Supplier, amount: str, expected: tuple[str, ...]
) -> None:
    assert warnings(an_invoice(), dkk(amount), supplier) == expected


def test_the_document_may_come_later_and_is_no_part_of_what_is_approved() -> None:
    copy = Copy("c" * 64, "application/pdf", 812)
    approved = given(PAYMENT, *HISTORIES[State.SCHEDULED])
    after = approved.when(c.NoteCopy(copy)).then(e.InvoiceCopyNoted(copy))
    assert (after.state, after.invoice.copy_of) == (State.SCHEDULED, copy)
