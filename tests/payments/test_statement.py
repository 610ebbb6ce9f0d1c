"""What a statement can say beside the expected: each line takes effect once, and none is lost on people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.payments.acts import by_hand
from services.payments.gateways.bank import EntryDetail, EntryKind, StatementEntry
from services.payments.gateways.berlin_group_json import Amount, Booked, entry
from services.payments.values import State
from shared.contracts import payments as told
from shared.money import Money
from shared.postgres import Server
from tests.payments.office_of_anna import DEBTOR, Office, dkk, office_on

DAY = date(2026, 3, 9)
RELEASE_AT = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)


@pytest.fixture
def office(postgres_server: Server) -> Iterator[Office]:
    with office_on(postgres_server) as office:
        yield office


def released(office: Office, *amounts: str) -> list[UUID]:
    orders = [office.book(f"A-{amount}", amount) for amount in amounts]
    office.approve(*orders)
    office.until(RELEASE_AT)
    return orders


def name_of(office: Office, order: UUID) -> str:
    return office.payment(order).end_to_end_ids[0]


def line(reference: str, amount: str | Money, name: str | None, **facts: Any) -> StatementEntry:
    money = amount if isinstance(amount, Money) else dkk(amount)
    kind = facts.pop("kind", EntryKind.PAYMENT)
    return StatementEntry(reference, kind, money, DAY, DAY, name, **facts)


def read(office: Office, *lines: StatementEntry) -> None:
    """The bank books these lines, and the next turn reads them."""
    office.bank.lines += lines
    office.until(office.world.clock.now() + timedelta(days=1))


def faults(office: Office) -> dict[str, str | None]:
    rows = office.do(
        lambda work: work.raw.execute(
            "select bank_reference, fault from read.statement_line"
        ).fetchall()
    )
    return dict(rows)


def misfits(office: Office, order: UUID) -> list[str]:
    return [
        recorded.event.code
        for recorded in office.do(lambda work: work.history(order))
        if type(recorded.event).__name__ == "MisfitNoted"
    ]


def bank_lines(office: Office) -> int:
    """What the vouchers say that left the bank, in minor units."""
    vouchers = office.told(told.PaymentPostingSought)
    return sum(
        booked.amount.minor
        for voucher in vouchers
        for booked in voucher.lines
        if booked.account == "bank"
    )


def test_a_second_debit_stands_in_the_orders_own_history(office: Office) -> None:
    (order,) = released(office, "1250.00")
    name = name_of(office, order)
    read(office, line("L1", "-1250.00", name), line("L2", "-1250.00", name))
    assert office.state(order) is State.RECONCILED
    assert faults(office) == {"L1": None, "L2": "second_debit"}
    assert misfits(office, order) == ["second_debit"]
    assert bank_lines(office) == -125_000


def test_a_line_over_another_amount_says_so(office: Office) -> None:
    (order,) = released(office, "1250.00")
    read(office, line("L1", "-1249.99", name_of(office, order)))
    assert office.state(order) is State.EXECUTED
    assert misfits(office, order) == ["amount_differs"]
    assert bank_lines(office) == -124_999


def test_a_line_in_another_currency_executes_nothing_and_stops_no_other_line(
    office: Office,
) -> None:
    odd, plain = released(office, "100.00", "200.00")
    euros = Money.of("-100.00", "EUR")
    read(
        office,
        line("L1", euros, name_of(office, odd)),
        line("L2", "-200.00", name_of(office, plain)),
    )
    assert (office.state(odd), office.state(plain)) == (State.SUBMITTED, State.RECONCILED)
    assert faults(office) == {"L1": "another_currency", "L2": None}
    assert misfits(office, odd) == ["another_currency"]


def test_a_return_in_another_currency_stops_no_other_line(office: Office) -> None:
    odd, plain = released(office, "100.00", "200.00")
    euros = Money.of("100.00", "EUR")
    read(
        office,
        line("L1", "-100.00", name_of(office, odd)),
        line("R1", euros, name_of(office, odd), kind=EntryKind.RETURN),
        line("L2", "-200.00", name_of(office, plain)),
    )
    assert (office.state(odd), office.state(plain)) == (State.RECONCILED, State.RECONCILED)
    assert faults(office)["R1"] == "another_currency"


def test_money_that_came_in_executes_nothing(office: Office) -> None:
    (order,) = released(office, "1250.00")
    name = name_of(office, order)
    details = (EntryDetail(name, dkk("1250.00")),)
    read(office, line("P1", "1250.00", None, kind=EntryKind.POOL, details=details))
    assert office.state(order) is State.SUBMITTED
    assert misfits(office, order) == ["other_direction"]
    assert bank_lines(office) == 0


def test_a_return_that_took_money_returns_nothing(office: Office) -> None:
    (order,) = released(office, "1250.00")
    name = name_of(office, order)
    read(
        office,
        line("L1", "-1250.00", name),
        line("R1", "-1250.00", name, kind=EntryKind.RETURN),
    )
    assert office.state(order) is State.RECONCILED
    assert misfits(office, order) == ["other_direction"]


@pytest.mark.parametrize("kind", [EntryKind.FEE, EntryKind.RETURN, EntryKind.OTHER])
def test_a_line_that_names_orders_only_in_its_details_is_taken_in(
    office: Office, kind: EntryKind
) -> None:
    orders = released(office, "100.00", "200.00")
    names = [name_of(office, order) for order in orders]
    debits = [line("L1", "-100.00", names[0]), line("L2", "-200.00", names[1])]
    sign = "-" if kind is EntryKind.FEE else ""
    details = tuple(EntryDetail(name, dkk(f"{sign}5.00")) for name in names)
    read(office, *debits, line("X1", f"{sign}10.00", None, kind=kind, details=details))
    states = [office.state(order) for order in orders]
    match kind:
        case EntryKind.FEE:
            assert states == [State.RECONCILED] * 2
            assert bank_lines(office) == -31_000
        case EntryKind.RETURN:
            assert states == [State.RETURNED] * 2
            assert bank_lines(office) == -29_000
        case _:
            assert states == [State.RECONCILED] * 2
            assert faults(office)["X1"] == "unknown_kind"


def test_every_fee_is_bookkept_once_however_many_there_are(office: Office) -> None:
    (order,) = released(office, "1250.00")
    name = name_of(office, order)
    fees = [
        line("F1", "-2.50", name, kind=EntryKind.FEE),
        line("F2", "-0.75", name, kind=EntryKind.FEE),
    ]
    read(office, line("L1", "-1250.00", name), *fees)
    read(office)
    assert bank_lines(office) == -125_325


def test_a_fee_beside_a_line_that_does_not_fit_is_bookkept_all_the_same(office: Office) -> None:
    (order,) = released(office, "1250.00")
    name = name_of(office, order)
    read(office, line("L1", "-1250.00", name))
    read(
        office,
        line("L2", "-1250.00", name),
        line("F1", "-2.50", name, kind=EntryKind.FEE),
    )
    assert misfits(office, order) == ["second_debit"]
    assert bank_lines(office) == -125_250


def test_money_that_comes_back_twice_is_bookkept_once_and_said(office: Office) -> None:
    (order,) = released(office, "1250.00")
    name = name_of(office, order)
    back = line("R1", "1250.00", name, kind=EntryKind.RETURN)
    read(office, line("L1", "-1250.00", name), back)
    read(office, replace(back, entry_reference="R2"))
    assert office.state(order) is State.RETURNED
    assert misfits(office, order) == ["second_return"]
    assert bank_lines(office) == 0


def test_one_order_of_a_pool_that_was_debited_before_keeps_the_others_out_of_no_book(
    postgres_server: Server,
) -> None:
    with office_on(postgres_server, in_transit=True) as office:
        first, second = released(office, "100.00", "200.00")
        names = [name_of(office, order) for order in (first, second)]
        read(office, line("L1", "-100.00", names[0]))
        details = (EntryDetail(names[0], dkk("-100.00")), EntryDetail(names[1], dkk("-200.00")))
        read(office, line("P1", "-300.00", None, kind=EntryKind.POOL, details=details))
        assert misfits(office, first) == ["second_debit"]
        assert office.state(second) is State.RECONCILED
        assert bank_lines(office) == -30_000


@pytest.mark.parametrize(
    ("code", "amount", "pooled", "kind"),
    [
        ("PMNT-ICDT-DMCT", "-10.00", False, EntryKind.PAYMENT),
        ("PMNT-ICDT-DMCT", "10.00", False, EntryKind.OTHER),
        ("PMNT-ICDT-DMCT", "-10.00", True, EntryKind.POOL),
        ("PMNT-ICDT-DMCT", "10.00", True, EntryKind.OTHER),
        ("PMNT-ICDT-RRTN", "10.00", False, EntryKind.RETURN),
        ("PMNT-ICDT-RRTN", "-10.00", False, EntryKind.OTHER),
        ("PMNT-ICDT-FEES", "-1.00", False, EntryKind.FEE),
    ],
)
def test_what_a_line_is_about_follows_from_its_code_and_its_direction(
    code: str, amount: str, pooled: bool, kind: EntryKind
) -> None:
    booked = Booked(
        entry_reference="L1",
        transaction_amount=Amount("DKK", amount),
        booking_date=DAY,
        value_date=DAY,
        end_to_end_id="E-1",
        batch_indicator=pooled,
        bank_transaction_code=code,
    )
    assert entry(booked).kind is kind


def test_an_account_that_was_paid_from_is_read_after_another_took_its_place(
    office: Office,
) -> None:
    (order,) = released(office, "1250.00")
    mine = line("L1", "-1250.00", name_of(office, order))
    office.bank.transactions = lambda account, *_: iter([mine] if account == DEBTOR else [])
    office.do(
        lambda work: by_hand.set_up_payer(work, office.opener, office.anna, "DK9520000123456789")
    )
    read(office)
    assert office.state(order) is State.RECONCILED


def test_a_line_dated_ahead_keeps_no_other_line_from_being_read(office: Office) -> None:
    first, second = released(office, "100.00", "200.00")
    ahead = replace(line("L1", "-100.00", name_of(office, first)), booked_on=date(2026, 6, 1))
    office.bank.transactions = lambda *_: iter([ahead])
    read(office)
    assert office.state(first) is State.RECONCILED
    del office.bank.transactions
    office.bank.lines.append(line("L2", "-200.00", name_of(office, second)))
    read(office)
    assert office.state(second) is State.RECONCILED
