"""Reports as of a day and as known at a time: what is told late changes the past, and shows that it did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.dunning.events import creditor as c
from services.dunning.events import daily as y
from services.dunning.events import debtor as d
from services.dunning.events import notice as n
from services.dunning.events import receivable as r
from services.dunning.queries.reports.open_items import suggestion
from services.dunning.values import Movement, NoticeKind, Plan
from shared.money import Money
from shared.postgres import Server
from tests.dunning.ledger_of_five import SOMEBODY, Ledger, dkk, figure, ledger_in, named, shown


@pytest.fixture(scope="module")
def world(postgres_server: Server) -> Iterator[Ledger]:
    with ledger_in(postgres_server) as ledger:
        yield ledger


@pytest.fixture
def ledger(world: Ledger) -> Ledger:
    """The same world, a creditor of its own in it: the clock goes on."""
    number = world.world.clock.now().year
    fresh = Ledger(world.world, tenant=named(f"creditor of {number}"))
    # Each test has a year of its own, since a business day never comes back.
    world.world.clock.move_to(datetime(number + 1, 1, 2, 8, tzinfo=UTC))
    return fresh


def year_of(ledger: Ledger) -> int:
    return ledger.world.clock.now().year


def known(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


@pytest.mark.capability("R2")
def test_a_back_dated_payment_restates_the_month_and_leaves_what_was_published(
    ledger: Ledger,
) -> None:
    year = year_of(ledger)
    ledger.invoice("X1", "Xi", f"{year}-01-10", f"{year}-02-09", dkk("1000.00"))
    ledger.paid("X1", "400.00", f"{year}-01-20", told=f"{year}-03-05")
    told = ledger.look("T1", date(year, 3, 31)).table("published")
    columns = ("gross_published", "gross_restated", "difference")
    assert shown(told, *columns)[:2] == [("1,000", "600", "-400"), ("1,000", "600", "-400")]
    before = ledger.look("T1", date(year, 3, 31), known_at=known(year, 3, 1))
    assert shown(before.table("month_ends"), "gross")[0] == ("1,000",)


@pytest.mark.capability("R12")
def test_a_receipt_after_the_day_does_not_count_on_the_day(ledger: Ledger) -> None:
    year = year_of(ledger)
    ledger.invoice("X1", "Xi", f"{year}-01-10", f"{year}-02-09", dkk("1000.00"))
    ledger.paid("X1", "1000.00", f"{year}-03-05")
    then = ledger.look("T10", date(year, 2, 28))
    assert shown(then.table("invoices"), "invoice", "open", "days_past_due") == [
        ("X1", "1,000", 19)
    ]
    assert ledger.look("T10", date(year, 3, 5)).table("invoices").size == 0


def test_the_due_date_itself_is_not_overdue_and_the_day_after_is(ledger: Ledger) -> None:
    year = year_of(ledger)
    ledger.invoice("X1", "Xi", f"{year}-01-10", f"{year}-02-09", dkk("1000.00"))
    ledger.on(f"{year}-02-11", "creditor", c.DriftGone())
    for day, bucket in ((9, "not_due"), (10, "1-30")):
        by_age = ledger.look("T10", date(year, 2, day)).table("by_age")
        assert [one[0] for one in shown(by_age, "bucket", "invoices") if one[1]] == [bucket]
    assert shown(ledger.look("T1", date(year, 2, 9)).table("month_ends"), "overdue")[-1] == ("0",)
    assert shown(ledger.look("T1", date(year, 2, 10)).table("month_ends"), "overdue")[-1] == (
        "1,000",
    )


def test_the_bounds_of_the_buckets_are_the_askers(ledger: Ledger) -> None:
    year = year_of(ledger)
    ledger.invoice("X1", "Xi", f"{year}-01-10", f"{year}-01-20", dkk("10.00"))
    by_age = ledger.look("T10", date(year, 2, 4), bounds=(14, 45)).table("by_age")
    assert shown(by_age, "bucket", "invoices") == [
        ("not_due", 0), ("1-14", 0), ("15-45", 1), (">45", 0),
    ]  # fmt: skip


def test_a_match_that_is_undone_opens_invoice_and_credit_again(ledger: Ledger) -> None:
    year = year_of(ledger)
    ledger.learn(f"{year}-01-03", "Xi", "Xi ApS")
    ledger.invoice("X1", "Xi", f"{year}-01-10", f"{year}-02-09", dkk("1000.00"))
    ledger.credit(f"{year}-01-20", "Xi", "P-1", "payment", "1000.00")
    ledger.paid("X1", "1000.00", f"{year}-01-20", told=f"{year}-01-25", entry=named("P-1"))
    ledger.tell("Xi", d.CreditMatched(named("P-1"), dkk("0.00"), date(year, 1, 25)))
    matched = ledger.look("T11", date(year, 1, 31))
    ledger.movements["X1"] = []
    ledger.moved(f"{year}-02-03", "X1")
    ledger.tell("Xi", d.CreditMatched(named("P-1"), dkk("1000.00"), None))
    columns = ("principal", "unmatched", "balance")
    assert shown(matched.table("debtors"), *columns) == [("0", "0", "0")]
    now = ledger.look("T11", date(year, 1, 31))
    assert shown(now.table("debtors"), *columns) == [("1,000", "-1,000", "0")]
    then = ledger.look("T11", date(year, 1, 31), known_at=known(year, 2, 1))
    assert shown(then.table("debtors"), *columns) == [("0", "0", "0")]


@pytest.mark.capability("R11")
def test_a_part_matched_item_shows_its_rest_and_names_what_it_could_belong_to(
    ledger: Ledger,
) -> None:
    year = year_of(ledger)
    ledger.learn(f"{year}-01-03", "Xi", "Xi ApS")
    for number, amount in (("101", "300.00"), ("102", "250.00"), ("103", "450.00")):
        ledger.invoice(number, "Xi", f"{year}-01-10", f"{year}-02-09", dkk(amount))
    ledger.credit(f"{year}-01-20", "Xi", "P-1", "payment", "1000.00")
    ledger.paid("101", "300.00", f"{year}-01-20", entry=named("P-1"))
    ledger.tell("Xi", d.CreditMatched(named("P-1"), dkk("700.00"), date(year, 1, 20)))
    items = ledger.look("T9", date(year, 1, 31)).table("items")
    assert shown(items, "amount", "open", "suggestion", "suggested") == [
        ("-1,000", "-700", "sum", "102 + 103")
    ]


def test_a_payment_before_its_invoice_is_an_open_credit_until_the_invoice_is_there(
    ledger: Ledger,
) -> None:
    year = year_of(ledger)
    ledger.learn(f"{year}-01-03", "Xi", "Xi ApS")
    ledger.credit(f"{year}-01-05", "Xi", "P-1", "payment", "100.00")
    ledger.invoice("X1", "Xi", f"{year}-01-20", f"{year}-02-19", dkk("100.00"))
    ledger.paid("X1", "100.00", f"{year}-01-05", told=f"{year}-01-21", entry=named("P-1"))
    ledger.tell("Xi", d.CreditMatched(named("P-1"), dkk("0.00"), date(year, 1, 21)))
    assert figure(ledger.look("T9", date(year, 1, 10)).headline.value) == "-100"
    assert figure(ledger.look("T9", date(year, 1, 20)).headline.value) == "0"
    assert figure(ledger.look("T11", date(year, 1, 10)).headline.value) == "-100"


@pytest.mark.capability("R13")
def test_the_step_that_is_planned_next_stands_beside_its_invoice(ledger: Ledger) -> None:
    year = year_of(ledger)
    ledger.invoice("X1", "Xi", f"{year}-01-10", f"{year}-01-20", dkk("100.00"))
    plan = Plan(
        0, NoticeKind.REMINDER, charged=True, planned_on=date(year, 2, 2), because="due_date"
    )
    ledger.on(f"{year}-01-10", "X1", r.StepPlanned(plan))
    told = ledger.look("T10", date(year, 1, 31)).table("invoices")
    assert shown(told, "invoice", "next_step", "next_on") == [("X1", "reminder", f"{year}-02-02")]


@pytest.mark.capability("R9")
def test_a_pause_that_has_run_out_leaves_by_itself(ledger: Ledger) -> None:
    year = year_of(ledger)
    ledger.learn(f"{year}-01-03", "Xi", "Xi ApS")
    ledger.invoice("X1", "Xi", f"{year}-01-10", f"{year}-01-20", dkk("100.00"))
    until = date(year, 2, 10)
    ledger.on(f"{year}-02-01", "X1", r.InvoicePaused("promise", date(year, 2, 1), until, SOMEBODY))
    ledger.on(f"{year}-02-12", "creditor", c.DriftGone())
    assert ledger.look("T7", until).table("waits").size == 1
    assert ledger.look("T7", until + timedelta(days=1)).table("waits").size == 0
    assert ledger.look("T7", until, known_at=known(year, 1, 31)).table("waits").size == 0


@pytest.mark.capability("R8")
def test_a_default_that_changes_later_moves_nobody_onto_the_list_or_off_it(ledger: Ledger) -> None:
    year = year_of(ledger)
    for debtor in ("Xi", "Psi"):
        ledger.learn(f"{year}-01-03", debtor, debtor)
    ledger.on(f"{year}-01-04", "creditor", c.MainTimelineChosen("Standard"))
    ledger.on(f"{year}-01-05", "Xi", d.TimelineAssigned("Slow", "agreed", SOMEBODY))
    ledger.on(f"{year}-01-06", "creditor", c.MainTimelineChosen("Slow"))
    told = ledger.look("T6", date(year, 1, 31)).table("debtors")
    assert shown(told, "debtor", "since") == [("Xi", f"{year}-01-05")]
    ledger.on(f"{year}-01-07", "Xi", d.TimelineAssigned(None, "agreed", SOMEBODY))
    assert ledger.look("T6", date(year, 1, 31)).table("debtors").size == 0
    assert ledger.look("T6", date(year, 1, 6)).table("debtors").size == 1


@pytest.mark.capability("R6")
def test_a_case_that_is_recalled_counts_once_as_recalled(ledger: Ledger) -> None:
    year = year_of(ledger)
    ledger.learn(f"{year}-01-03", "Xi", "Xi ApS")
    ledger.invoice("X1", "Xi", f"{year}-01-03", f"{year}-01-05", dkk("100.00"))
    over = r.HandedOver(
        named("case"), "Debitura", date(year, 2, 1), dkk("100.00"), dkk("0.00"), dkk("0.00")
    )
    ledger.on(f"{year}-02-01", "X1", over)
    ledger.on(f"{year}-02-20", "X1", r.TakenBack(named("case"), "recalled", date(year, 2, 20)))
    february = ledger.look("T4", date(year, 2, 28)).table("months")
    assert shown(february, "cases", "recalled", "principal")[-1] == (0, 1, "0")
    before = ledger.look("T4", date(year, 2, 19)).table("months")
    assert shown(before, "cases", "recalled", "principal")[-1] == (1, 0, "100")
    months = ledger.look("T1", date(year, 2, 28)).table("month_ends")
    assert shown(months, "in_collection")[-1] == ("0",)


@pytest.mark.capability("R5")
def test_what_is_paid_after_the_hand_over_is_credited_to_the_case_by_its_way(
    ledger: Ledger,
) -> None:
    year = year_of(ledger)
    ledger.learn(f"{year}-01-03", "Xi", "Xi ApS")
    ledger.invoice("X1", "Xi", f"{year}-01-03", f"{year}-01-05", dkk("100.00"))
    over = r.HandedOver(
        named("case"), "Debitura", date(year, 2, 1), dkk("100.00"), dkk("0.00"), dkk("0.00")
    )
    ledger.on(f"{year}-02-01", "X1", over)
    ledger.paid("X1", "30.00", f"{year}-02-10")
    ledger.paid("X1", "50.00", f"{year}-02-12", through_agency=True)
    cases = ledger.look("T4", date(year, 2, 28)).table("cases")
    assert shown(cases, "paid_direct", "paid_by_agency") == [("30", "50")]


@pytest.mark.capability("R7")
def test_a_letter_sent_again_after_it_came_back_is_one_letter_delivered_twice(
    ledger: Ledger,
) -> None:
    year = year_of(ledger)
    ledger.invoice("X1", "Xi", f"{year}-01-03", f"{year}-01-13", dkk("100.00"))
    ledger.letter(f"{year}-01-25", "X1", "100.00", "0.30")
    at = datetime(year, 1, 28, 9, tzinfo=UTC)
    ledger.on(f"{year}-01-28", "X1 level 1", n.NoticeSent("letter", at, 2))
    january = ledger.look("T5", date(year, 1, 31)).table("periods")
    assert shown(january, "notices", "invoices", "failed_deliveries") == [(1, 1, 1)]
    ledger.on(f"{year}-01-29", "X1", r.LetterFell(named("X1 level 1"), "undeliverable"))
    assert shown(ledger.look("T5", date(year, 1, 31)).table("periods"), "notices") == [(0,)]


def test_credit_notes_are_no_payments(ledger: Ledger) -> None:
    year = year_of(ledger)
    ledger.invoice("X1", "Xi", f"{year}-01-03", f"{year}-01-13", dkk("100.00"))
    ledger.letter(f"{year}-01-25", "X1", "100.00", "0.30")
    ledger.paid("X1", "100.00", f"{year}-01-28", kind="credit_note")
    assert ledger.look("T2", date(year, 1, 31)).headline.value is None
    levels = ledger.look("T12", date(year, 2, 28)).table("levels")
    assert shown(levels, "effect")[1] == ("0.0",)


def test_without_history_a_month_is_empty_and_not_zero(ledger: Ledger) -> None:
    year = year_of(ledger)
    ledger.invoice("X1", "Xi", f"{year}-02-03", f"{year}-02-13", dkk("100.00"))
    told = ledger.look("T1", date(year, 2, 28)).table("month_ends")
    assert shown(told, "gross", "change_month") == [(None, None), ("100", None)]


def test_amounts_of_several_currencies_are_in_the_creditors_own_at_the_booking_rate(
    ledger: Ledger,
) -> None:
    year = year_of(ledger)
    ledger.learn(f"{year}-01-03", "Xi", "Xi ApS")
    ledger.invoice("X1", "Xi", f"{year}-01-03", f"{year}-01-13", dkk("100.00"))
    euro = Money.of("10.00", "EUR")
    ledger.invoice("X2", "Xi", f"{year}-01-03", f"{year}-01-13", euro, base=dkk("74.60"))
    ledger.paid("X2", "5.00", f"{year}-01-20")
    day = date(year, 1, 31)
    assert figure(ledger.look("T10", day).headline.value) == "137.30"
    assert ledger.look("T10", day, currency="EUR").headline.value == Money.of("5.00", "EUR")
    rows = shown(ledger.look("T11", day).table("debtors"), "principal", "balance_base")
    assert rows == [("100", "100"), ("5", "37.30")]


def test_the_control_account_stands_beside_and_a_difference_is_shown(ledger: Ledger) -> None:
    year = year_of(ledger)
    ledger.invoice("X1", "Xi", f"{year}-01-03", f"{year}-01-13", dkk("100.00"))
    assert shown(ledger.look("T10", date(year, 1, 4)).table("control"), "amount")[-1] == (None,)
    noted = y.ControlTotalNoted(dkk("90.00"), dkk("100.00"), date(year, 1, 5))
    ledger.on(f"{year}-01-05", "creditor", noted)
    for code in ("T10", "T11"):
        control = ledger.look(code, date(year, 1, 5)).table("control")
        assert shown(control, "line", "amount")[-1] == ("difference", "10")


@pytest.mark.parametrize(
    ("number", "rest", "expected"),
    [
        ("paid 1002", 7, ("reference", "1002")),
        ("x", 500, ("exact_amount", "1002")),
        ("x", 900, ("sum", "1001 + 1002")),
        ("x", 7, (None, None)),
    ],
)
def test_a_suggestion_goes_by_number_then_amount_then_sum(number, rest, expected) -> None:
    assert suggestion(number, rest, [("1001", 400), ("1002", 500)]) == expected


days = st.integers(0, 60)
histories = st.lists(
    st.tuples(
        days, st.integers(1, 500_000), st.lists(st.tuples(days, st.integers(1, 100)), max_size=3)
    ),
    max_size=5,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(told=histories, ahead=st.integers(0, 90))
def test_both_lists_and_the_trend_sum_up_to_what_is_open(world: Ledger, told, ahead: int) -> None:
    """Σ T10 = Σ T11 = T1 = Σ open, whatever was booked, and paid, on whichever days."""
    year = world.world.clock.now().year + 1
    first = date(year, 1, 1)
    world.world.clock.move_to(datetime(year, 1, 1, 8, tzinfo=UTC))
    ledger = Ledger(world.world, tenant=named(f"random creditor of {year}"))
    as_of, expected = first + timedelta(days=ahead), 0
    for place, (day, gross, payments) in enumerate(told):
        issued = first + timedelta(days=day)
        number, money = f"R{year}-{place}", Money(gross, "DKK")
        invoice_on = issued.isoformat()
        ledger.invoice(number, f"D{place % 2}-{year}", invoice_on, invoice_on, money)
        left, movements = gross, []
        for turn, (after, share) in enumerate(payments):
            part = min(left, gross * share // 100)
            left -= part
            value = issued + timedelta(days=after)
            movements.append(
                Movement(named(f"{number} {turn}"), "payment", Money(part, "DKK"), value, value)
            )
        ledger.tell(number, r.PrincipalMoved(Money(left, "DKK"), tuple(movements)))
        if issued <= as_of:
            gone = sum(one.amount.minor for one in movements if one.value_on <= as_of)
            expected += gross - gone
    total = figure(Money(expected, "DKK"))
    aged = ledger.look("T10", as_of).table("by_age").totals[0][2]
    principal = [row[3] for row in ledger.look("T11", as_of).table("debtors").totals]
    ((gross,),) = shown(ledger.look("T1", as_of, since=as_of).table("month_ends"), "gross")
    assert figure(aged) == total
    assert [figure(one) for one in principal] in ([total], [])
    assert principal or not expected
    assert (gross or "0") == total


def test_an_invoice_that_is_gone_from_the_ledger_is_in_no_report_but_in_what_was_known(
    ledger: Ledger,
) -> None:
    year = year_of(ledger)
    ledger.invoice("X1", "Xi", f"{year}-01-03", f"{year}-01-13", dkk("100.00"))
    ledger.on(f"{year}-02-03", "X1", r.ReceivableWithdrawn())
    day = date(year, 1, 31)
    assert figure(ledger.look("T10", day).headline.value) == "0"
    assert shown(ledger.look("T1", day).table("month_ends"), "gross")[-1] == ("0",)
    then = ledger.look("T10", day, known_at=known(year, 2, 1))
    assert figure(then.headline.value) == "100"


def test_what_was_settled_and_is_open_again_is_open_from_its_own_days(ledger: Ledger) -> None:
    year = year_of(ledger)
    ledger.invoice("X1", "Xi", f"{year}-01-03", f"{year}-01-13", dkk("100.00"))
    ledger.paid("X1", "100.00", f"{year}-01-20")
    ledger.movements["X1"] = []
    ledger.moved(f"{year}-02-03", "X1")
    day = date(year, 1, 25)
    assert figure(ledger.look("T10", day).headline.value) == "100"
    assert figure(ledger.look("T10", day, known_at=known(year, 2, 1)).headline.value) == "0"


def test_what_the_ledger_says_is_gone_without_saying_by_what_counts_until_it_says(
    ledger: Ledger,
) -> None:
    year = year_of(ledger)
    ledger.invoice("X1", "Xi", f"{year}-01-03", f"{year}-01-13", dkk("100.00"))
    ledger.on(f"{year}-01-20", "X1", r.PrincipalMoved(dkk("60.00"), ()))
    assert figure(ledger.look("T10", date(year, 1, 31)).headline.value) == "60"
    ledger.paid("X1", "40.00", f"{year}-01-15", told=f"{year}-02-03")
    assert figure(ledger.look("T10", date(year, 1, 16)).headline.value) == "60"
    then = ledger.look("T10", date(year, 1, 16), known_at=known(year, 2, 1))
    assert figure(then.headline.value) == "100"
