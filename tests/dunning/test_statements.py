"""Debtors who get statements instead of reminders, day by day: each advance names exactly what happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

import msgspec
import pytest

from services.dunning.acts import changing, statements
from services.dunning.commands.debtor import ListStatement
from services.dunning.commands.receivable import PauseInvoice
from services.dunning.events.debtor import DebtorExcluded, StatementSkipped
from services.dunning.model.creditor import Creditor
from services.dunning.model.debtor import DEBTOR, Debtor
from services.dunning.model.defaults import TIMELINES
from services.dunning.model.terms import terms_on
from services.dunning.queries import statements as queries
from services.dunning.values import ChargePolicy, NoticeKind, Step, Timeline
from shared.postgres import Server
from tests.dunning.house import ANNA, House, house, moves_in

MONTHLY = Timeline("Statements", (Step(NoticeKind.STATEMENT, 28),), gap_days=0, mode="automatic")


@pytest.fixture(scope="module")
def empty(postgres_server: Server) -> Iterator[House]:
    with house(postgres_server) as empty:
        yield empty


@pytest.fixture
def here(empty: House) -> House:
    there = moves_in(empty)
    there.sets(msgspec.structs.replace(TIMELINES["DK"], mode="automatic"))
    there.sets(ChargePolicy(accept_unverified=True))
    there.sets(MONTHLY)
    there.seen()
    return there


def gets_statements(here: House, debtor: UUID, name: str = "Statements") -> None:
    here.assigns(debtor, name)
    here.work(lambda work: changing.replan(work, debtor))


def day(here: House, days: int) -> str:
    """The date so many days after the test began, on the calendar that goes on from test to test."""
    return here.today_on.fromordinal(here.today_on.toordinal() + days).isoformat()


@pytest.mark.capability("E6")
@pytest.mark.capability("E44")
@pytest.mark.capability("R10")
def test_a_statement_debtor_is_sent_all_that_is_open_every_so_often_and_is_never_charged(
    postgres_server: Server,
) -> None:
    with house(postgres_server) as empty:
        here = moves_in(empty)
        here.sets(MONTHLY)
        alfa = here.debtor("Alfa")
        gets_statements(here, alfa)
        here.seen()
        here.invoice("1001", "10000.00", due="2026-03-16", debtor=alfa)
        here.until("2026-03-29").sees()
        # 28 days after it was booked, long before any reminder would be late.
        here.until("2026-03-30").sees("StatementIssued 1001: 10000.00")
        here.invoice("1002", "500.00", due="2026-04-20", debtor=alfa)
        here.pays(alfa, "300.00", "2026-04-10")
        here.until("2026-04-24").sees()
        here.until("2026-04-27").sees("StatementIssued 1001+1002: 10500.00")
        letter = here.last("StatementIssued")
        assert [(one.kind, str(one.remaining.decimal)) for one in letter.credits] == [
            ("payment", "300.00")
        ]
        assert (letter.charges, letter.level) == ((), 1)
        # It consumed no step and began no gap: reminded from tomorrow on, as if none had been sent.
        here.paid("1001", on="2026-05-04")
        here.seen()
        here.until("2026-05-25").sees("StatementIssued 1002: 500.00")
        assert here.state("1002").letters == ()


@pytest.mark.capability("E44")
def test_a_credit_alone_is_told_too_and_where_nothing_is_open_nothing_goes(here: House) -> None:
    beta = here.debtor("Beta")
    gets_statements(here, beta)
    entry = here.pays(beta, "300.00", here.today_on.isoformat())
    here.until(day(here, 26)).sees()
    here.until(day(here, 6)).sees("StatementIssued : 0.00")
    invoice = here.invoice("2001", "300.00", due=day(here, 20), debtor=beta)
    here.matches("2001", entry, "300.00", here.today_on.isoformat())
    here.seen()
    assert invoice.remaining.minor == 0
    here.until(day(here, 60)).sees()


@pytest.mark.capability("E6")
def test_missed_days_are_caught_up_with_one_statement(here: House) -> None:
    gamma = here.debtor("Gamma")
    here.invoice("3001", "100.00", due=day(here, 300), debtor=gamma, issued=day(here, -200))
    gets_statements(here, gamma)
    here.seen()
    here.until(day(here, 3)).sees("StatementIssued 3001: 100.00")
    here.until(day(here, 24)).sees()


def test_what_is_paused_stands_in_a_statement(here: House) -> None:
    delta = here.debtor("Delta")
    here.invoice("4001", "100.00", due=day(here, 5), debtor=delta)
    here.asks("4001", lambda terms: PauseInvoice("promised", None, ANNA, terms))
    gets_statements(here, delta)
    here.seen()
    here.until(day(here, 35)).sees("StatementIssued 4001: 100.00")


@pytest.mark.parametrize(
    ("debtor", "code"),
    [
        (Debtor(frozen="insolvent"), "insolvent"),
        (Debtor(excluded=DebtorExcluded("agreed", None, ANNA)), "excluded"),
        (Debtor(channels=()), "no_address"),
    ],
)
def test_what_keeps_a_statement_from_the_list_is_said_once(debtor: Debtor, code: str) -> None:
    today = date(2026, 3, 2)
    creditor = Creditor(timelines={"main": MONTHLY})
    waits = replace(debtor, statement_on=today)
    command = ListStatement(terms_on(today, creditor, waits))
    skipped = StatementSkipped(code, today)
    assert DEBTOR.decide(command, waits) == [skipped]
    assert DEBTOR.decide(command, DEBTOR.evolve(waits, skipped)) == []


def test_a_person_sends_the_statements_of_a_timeline_that_asks(here: House) -> None:
    here.sets(msgspec.structs.replace(MONTHLY, name="Asked", mode="ask"))
    epsilon = here.debtor("Epsilon")
    here.invoice("5001", "100.00", due=day(here, 30), debtor=epsilon, issued=day(here, -40))
    gets_statements(here, epsilon, "Asked")
    here.seen()
    here.until(day(here, 4)).sees()

    def listed() -> list[UUID]:
        rows = here.work(lambda work: queries.listed(work.sql, here.tenant))
        return [row.debtor_id for row in rows]

    assert listed() == [epsilon]
    here.work(lambda work: statements.send(work, epsilon, ANNA))
    here.seen().sees("StatementIssued 5001: 100.00")
    assert listed() == []


def test_a_statement_that_does_not_leave_stands_on_the_list_again(here: House) -> None:
    zeta = here.debtor("Zeta")
    here.invoice("6001", "100.00", due=day(here, 30), debtor=zeta, issued=day(here, -40))
    gets_statements(here, zeta)
    here.seen()
    here.letters_leave = False
    here.until(day(here, 4)).sees("StatementIssued 6001: 100.00")
    here.fails(here.last("StatementIssued"))
    here.letters_leave = True
    here.until(day(here, 4)).sees("StatementIssued 6001: 100.00")


def test_back_on_a_timeline_of_reminders_the_first_of_them_is_next(here: House) -> None:
    eta = here.debtor("Eta")
    gets_statements(here, eta)
    here.invoice("7001", "100.00", due=day(here, -10), debtor=eta, issued=day(here, -40))
    here.until(day(here, 4)).sees("StatementIssued 7001: 100.00")
    gets_statements(here, eta, "main")
    here.until(day(here, 4)).sees("ReminderDue 7001", "ReminderIssued 7001: 100.00")
