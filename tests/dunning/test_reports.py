"""The twelve reports over the example ledger give the printed results, and do so after a rebuild.

The ledger is told as dunning's own events. `tests/journeys/test_example_ledger.py` asks the same of a
ledger that was lived through the whole system.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from shared.postgres import Server
from shared.projecting.rebuild import rebuild
from tests.dunning.ledger_of_five import Ledger, figure, ledger_in, tell_the_example


@pytest.fixture(scope="module", params=["followed", "rebuilt"])
def ledger(postgres_server: Server, request: pytest.FixtureRequest) -> Iterator[Ledger]:
    with ledger_in(postgres_server) as told:
        tell_the_example(told)
        told.world.settle()
        if request.param == "rebuilt":
            runtime = told.world.runtimes["dunning"]
            rebuild(told.world.address.dsn("dunning", "owner"), runtime.service)
        yield told


@pytest.mark.capability("R2")
def test_t1_receivables_at_each_month_end(ledger: Ledger) -> None:
    told = ledger.look("T1", since=date(2025, 11, 1))
    rows = ledger.shown(told.table("month_ends"), "month_end", "gross", "overdue", "in_collection")
    assert rows[1:] == [
        ("2025-12-31", "6,000", "6,000", "0"),
        ("2026-01-31", "36,000", "6,000", "6,000"),
        ("2026-02-28", "30,000", "26,000", "6,000"),
        ("2026-03-31", "29,000", "21,000", "6,000"),
    ]
    *_, march = ledger.shown(
        told.table("month_ends"), "unmatched", "net", "change_month", "change_year"
    )
    assert march == ("-1,500", "27,500", "-1,000", None)
    assert figure(told.headline.value) == "29,000"
    assert figure(told.headline.change) == "-1,000"


@pytest.mark.capability("R3")
def test_t2_effective_credit_time_by_four_methods(ledger: Ledger) -> None:
    told = ledger.look("T2")
    march = ledger.shown(
        told.table("months"), "period", "credit_days", "agreed_days", "overrun_days"
    )[-1]
    assert march == ("2026-03-01", "39.7", "30.0", "9.7")
    (quarter, _) = ledger.shown(told.table("methods"), "weighted", "balance_method", "count_back")
    assert quarter == ("45.1", "62.1", "76.6")
    beta = ledger.shown(told.table("debtors"), "debtor", "timeline", "credit_days")[1]
    assert beta == ("Beta", "Slow 20/20", "49.0")


@pytest.mark.capability("R4")
def test_t3_interest_and_fees_roll_forward_and_equal_the_postings(ledger: Ledger) -> None:
    told = ledger.look("T3")
    columns = ("kind", "opening", "charged", "paid", "written_off_principal_paid",
               "reversed_at_handover", "closing")  # fmt: skip
    assert ledger.shown(told.table("roll_forward"), *columns)[:2] == [
        ("fee", "100", "400", "0", "-100", "-200", "200"),
        ("interest", "16.44", "201.38", "0", "-27.40", "-41.10", "149.32"),
    ]
    assert ledger.shown(told.table("postings"), "kind", "in_ledger", "not_posted")[:2] == [
        ("fee", "200", "0"),
        ("interest", "149.32", "0"),
    ]


@pytest.mark.capability("R5")
@pytest.mark.capability("R6")
def test_t4_sent_to_collection(ledger: Ledger) -> None:
    told = ledger.look("T4")
    (quarter,) = told.table("months").totals
    by = dict(zip((column.key for column in told.table("months").columns), quarter, strict=True))
    assert (by["cases"], figure(by["principal"]), figure(by["fees"])) == (1, "6,000", "200")
    assert (figure(by["interest_posted"]), figure(by["interest_told"])) == ("41.10", "60.82")
    assert (by["warned"], by["handed_of_warned"], figure(by["conversion"])) == (2, 1, "50.0")
    assert figure(by["median_days"]) == "37.0"
    assert ledger.shown(told.table("months"), "month", "cases")[0] == ("2026-01-01", 1)


@pytest.mark.capability("R7")
def test_t5_letters_sent_by_month_and_kind(ledger: Ledger) -> None:
    told = ledger.look("T5", since=date(2025, 12, 1))
    assert ledger.shown(told.table("periods"), "period", "reminder", "warning", "notices") == [
        ("2025-12-01", 1, 0, 1),
        ("2026-01-01", 0, 1, 1),
        ("2026-02-01", 2, 0, 2),
        ("2026-03-01", 0, 1, 1),
    ]
    (quarter,) = ledger.look("T5").table("periods").totals
    keys = [column.key for column in told.table("periods").columns]
    by = dict(zip(keys, quarter, strict=True))
    assert (by["notices"], by["debtors"], figure(by["collective_ratio"])) == (4, 3, "1.0")


@pytest.mark.capability("R8")
def test_t6_debtors_on_a_timeline_of_their_own(ledger: Ledger) -> None:
    told = ledger.look("T6")
    columns = ("debtor", "timeline", "since", "overdue", "share")
    assert ledger.shown(told.table("debtors"), *columns) == [
        ("Beta", "Slow 20/20", "2026-03-01", "15,000", "71.4")
    ]


@pytest.mark.capability("R9")
def test_t7_who_is_not_reminded(ledger: Ledger) -> None:
    told = ledger.look("T7")
    columns = ("scope", "invoice", "state", "since", "until_on", "overdue", "share")
    assert ledger.shown(told.table("waits"), *columns) == [
        ("invoice", "B1", "paused", "2026-03-20", "2026-04-15", "15,000", "71.4")
    ]


@pytest.mark.capability("R10")
def test_t8_statement_debtors(ledger: Ledger) -> None:
    told = ledger.look("T8")
    columns = ("debtor", "open", "overdue", "unmatched", "last_statement", "reminders_since")
    assert ledger.shown(told.table("debtors"), *columns) == [
        ("Alfa", "8,000", "0", "-500", None, 0)
    ]


@pytest.mark.capability("R11")
@pytest.mark.capability("E41")
def test_t9_open_items_and_what_they_hold(ledger: Ledger) -> None:
    told = ledger.look("T9")
    assert ledger.shown(told.table("items"), "type", "debtor", "age_days", "open", "blocking") == [
        ("credit_note", "Beta", 11, "-1,000", "15,000"),
        ("payment", "Alfa", 3, "-500", "0"),
    ]
    assert figure(told.headline.value) == "-1,500"


@pytest.mark.capability("R12")
def test_t10_open_invoices_by_age(ledger: Ledger) -> None:
    told = ledger.look("T10")
    assert ledger.shown(told.table("by_age"), "bucket", "invoices", "open") == [
        ("not_due", 1, "8,000"),
        ("1-30", 0, "0"),
        ("31-60", 1, "15,000"),
        ("61-90", 0, "0"),
        (">90", 1, "6,000"),
    ]
    assert figure(told.table("by_age").totals[0][2]) == "29,000"


@pytest.mark.capability("R13")
def test_t10_each_invoice_with_its_last_and_next_step(ledger: Ledger) -> None:
    told = ledger.look("T10").table("invoices")
    columns = ("invoice", "days_past_due", "last_notice", "next_step", "next_on", "state", "reason")
    assert ledger.shown(told, *columns) == [
        ("C1", 101, "warning", None, None, "in_collection", "debitura"),
        ("B1", 45, "warning", None, None, "paused", "promised"),
        ("A2", -9, None, None, None, None, None),
    ]


@pytest.mark.capability("R14")
@pytest.mark.capability("R15")
def test_t11_balance_per_debtor_with_what_is_in_collection(ledger: Ledger) -> None:
    told = ledger.look("T11")
    columns = ("debtor", "principal", "interest", "fees", "unmatched", "balance", "in_collection")
    assert ledger.shown(told.table("debtors"), *columns) == [
        ("Beta", "15,000", "149.32", "200", "-1,000", "14,349.32", "0"),
        ("Alfa", "8,000", "0", "0", "-500", "7,500", "0"),
        ("Cecil", "6,000", "0", "0", "0", "6,000", "6,000"),
        ("Delta", "0", "0", "0", "0", "0", "0"),
    ]
    assert figure(told.headline.value) == "27,849.32"


@pytest.mark.parametrize("code", ["T10", "T11"])
def test_both_lists_stand_beside_the_ledgers_own_account(ledger: Ledger, code: str) -> None:
    assert ledger.shown(ledger.look(code).table("control"), "line", "amount") == [
        ("principal", "29,000"),
        ("charges_posted", "349.32"),
        ("unmatched", "-1,500"),
        ("books", "27,849.32"),
        ("ledger", "27,849.32"),
        ("difference", "0"),
    ]


@pytest.mark.capability("R16")
def test_t12_what_was_paid_in_after_letters(ledger: Ledger) -> None:
    told = ledger.look("T12", since=date(2025, 12, 1))
    columns = ("level", "window_days", "exposure", "paid", "effect", "censored")
    assert ledger.shown(told.table("levels"), *columns) == [
        (1, 7, "36,000", "0", "0.0", 0),
        (1, 14, "36,000", "15,000", "41.7", 0),
        (1, 30, "36,000", "15,000", "41.7", 0),
        (2, 7, "21,000", "0", "0.0", 0),
        (2, 14, "21,000", "0", "0.0", 0),
        (2, 30, "6,000", "0", "0.0", 1),
    ]
    assert "correlation" in told.notes


@pytest.mark.capability("R17")
def test_t12_when_customers_pay(ledger: Ledger) -> None:
    told = ledger.look("T12", since=date(2025, 12, 1))
    assert ledger.shown(told.table("first_payment"), "level", "notices", "median_days") == [
        (1, 2, "9.5")
    ]
    late = ledger.shown(told.table("lateness"), "days_from_due", "payments")
    assert [one for one in late if one[1]] == [("-4..-1", 1), ("11..20", 2)]
    assert sum(n for _, n in ledger.shown(told.table("weekdays"), "weekday", "payments")) == 3
