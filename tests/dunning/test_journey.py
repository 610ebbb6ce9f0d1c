"""From the first reminder to collection, day by day: each advance names exactly what happens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec
import pytest

from services.dunning.commands import (
    DisputeInvoice,
    PauseInvoice,
    ResumeInvoice,
    SettleDispute,
    WriteOffCharges,
)
from services.dunning.model.defaults import TIMELINES
from services.dunning.values import ChargePolicy, ReminderRules
from shared.money import Money
from shared.postgres import Server
from tests.dunning.house import ANNA, House, house, moves_in

FIRST = ("ReminderDue 1001", "ReminderIssued 1001: 10000.00")
SECOND = (
    "ReminderDue 1001",
    "ReminderIssued 1001: 10156.10",
    "ChargeAdded 1001 fee 100.00",
    "ChargeAdded 1001 interest 56.10",
)
WARNING = (
    "ReminderDue 1001",
    "CollectionWarningIssued 1001: 10298.84",
    "ChargeAdded 1001 fee 100.00",
    "ChargeAdded 1001 interest 42.74",
)


@pytest.fixture
def here(postgres_server: Server) -> Iterator[House]:
    """A Danish creditor whose letters go by themselves, and 10,000.00 that fell due on Monday 2 March."""
    with house(postgres_server) as empty:
        there = moves_in(empty)
        there.sets(msgspec.structs.replace(TIMELINES["DK"], mode="automatic"))
        there.invoice("1001", "10000.00", due="2026-03-02", debtor=there.debtor("Alfa"))
        there.seen()
        yield there


@pytest.mark.capability("E5")
@pytest.mark.capability("E16")
@pytest.mark.capability("E17")
@pytest.mark.capability("E18")
@pytest.mark.capability("E19")
@pytest.mark.capability("E28")
def test_who_pays_nothing_is_reminded_charged_warned_and_ready_for_collection(here: House) -> None:
    here.until("2026-03-06").sees()
    here.until("2026-03-09").sees(*FIRST)
    here.until("2026-03-20").sees()
    # 21 days at 9.75 %: the twentieth day after the due date is a Sunday.
    here.until("2026-03-23").sees(*SECOND)
    here.until("2026-04-07").sees()
    here.until("2026-04-08").sees(*WARNING)
    here.until("2026-04-20", hour=23).sees()
    here.until("2026-04-21").sees("ReadyForCollection 1001")
    # Three months after each was made, what is open of the charges is given up in the books.
    here.until("2026-06-22").sees()
    here.until("2026-06-23").sees("ChargesWrittenOff 1001 aged")
    here.until("2026-07-08").sees("ChargesWrittenOff 1001 aged")


@pytest.mark.capability("E30")
def test_who_pays_after_the_second_letter_hears_no_more(here: House) -> None:
    here.until("2026-03-09").sees(*FIRST)
    here.until("2026-03-23").sees(*SECOND)
    here.paid("1001", on="2026-03-25")
    here.seen().sees("ReceivableSettled 1001", "ChargesWrittenOff 1001 principal_paid")
    here.until("2026-05-04").sees()


def test_a_part_payment_lessens_the_base_of_interest_and_skips_no_step(here: House) -> None:
    here.until("2026-03-23").sees(*FIRST, *SECOND)
    here.paid("1001", on="2026-03-25", amount="4000.00")
    here.seen().sees()
    # 23 days on 10,000 and 14 on 6,000 are 83.88, of which 56.10 are booked.
    here.until("2026-04-08").sees(
        "ReminderDue 1001",
        "CollectionWarningIssued 1001: 6283.88",
        "ChargeAdded 1001 fee 100.00",
        "ChargeAdded 1001 interest 27.78",
    )


def test_a_credit_note_that_corrects_the_invoice_takes_back_interest_that_was_never_owed(
    here: House,
) -> None:
    here.until("2026-03-23").sees(*FIRST, *SECOND)
    alfa = here.invoices["1001"].debtor_id
    note = here.credits(alfa, "2000.00", on="2026-03-24", corrects="1001")
    here.matches("1001", note, "2000.00", on="2026-03-24", kind="credit_note")
    here.seen().sees("ChargesReversed 1001 corrected")
    # 21 days on 8,000 instead of 10,000.
    assert here.row("1001").charges == Money.of("144.88", "DKK")


def test_an_invoice_that_was_never_owed_leaves_no_charge(here: House) -> None:
    here.until("2026-03-23").sees(*FIRST, *SECOND)
    alfa = here.invoices["1001"].debtor_id
    note = here.credits(alfa, "10000.00", on="2026-03-24", corrects="1001")
    here.matches("1001", note, "10000.00", on="2026-03-24", kind="credit_note")
    here.seen().sees("ChargesReversed 1001 corrected", "ReceivableSettled 1001")
    assert not here.row("1001").charges


@pytest.mark.capability("E38")
@pytest.mark.capability("E39")
def test_a_pause_moves_the_next_step_and_skips_none(here: House) -> None:
    here.until("2026-03-09").sees(*FIRST)
    here.until("2026-03-20").sees()
    here.asks("1001", lambda terms: PauseInvoice("promised", date(2026, 4, 2), ANNA, terms))
    here.seen().sees("InvoicePaused 1001 promised")
    here.until("2026-04-02").sees()
    # The day after is Good Friday: letters go on list days, not on banking days.
    here.until("2026-04-03").sees(
        "InvoiceResumed 1001",
        "ReminderDue 1001",
        "ReminderIssued 1001: 10185.48",
        "ChargeAdded 1001 fee 100.00",
        "ChargeAdded 1001 interest 85.48",
    )


def test_what_is_disputed_is_neither_written_about_nor_handed_over(here: House) -> None:
    here.until("2026-04-08").sees(*FIRST, *SECOND, *WARNING)
    here.asks("1001", lambda terms: DisputeInvoice("goods", ANNA, terms))
    here.seen().sees("InvoiceDisputed 1001 goods")
    here.until("2026-04-21").sees("CollectionHeld 1001 disputed")
    here.until("2026-05-04").sees()
    here.asks("1001", lambda terms: SettleDispute(False, ANNA, terms))
    here.seen().sees("DisputeSettled 1001", "ReadyForCollection 1001")


@pytest.mark.capability("E8")
@pytest.mark.capability("E42")
@pytest.mark.capability("E88")
def test_a_payment_that_is_matched_with_nothing_holds_everything_of_its_debtor(here: House) -> None:
    alfa = here.invoices["1001"].debtor_id
    payment = here.pays(alfa, "500.00", on="2026-03-05")
    here.until("2026-03-09").sees("ReminderSkipped 1001 open_items")
    here.until("2026-03-10").sees()
    here.matches("1001", payment, "500.00", on="2026-03-05")
    here.seen().sees("ReminderDue 1001")
    here.until("2026-03-11").sees("ReminderIssued 1001: 9500.00")
    here.until("2026-04-09").sees(
        "ReminderDue 1001",
        "ReminderIssued 1001: 9656.23",
        "ChargeAdded 1001 fee 100.00",
        "ChargeAdded 1001 interest 56.23",
        "ReminderDue 1001",
        "CollectionWarningIssued 1001: 9794.29",
        "ChargeAdded 1001 fee 100.00",
        "ChargeAdded 1001 interest 38.06",
    )
    late = here.pays(alfa, "500.00", on="2026-04-10")
    here.until("2026-04-21").sees("CollectionHeld 1001 unmatched_items")
    here.matches("1001", late, "500.00", on="2026-04-10")
    here.seen().sees("ReadyForCollection 1001")


@pytest.mark.capability("E7")
@pytest.mark.capability("E43")
def test_who_has_a_credit_is_reminded_where_the_creditor_wants_it_and_told_of_it(
    here: House,
) -> None:
    here.sets(ReminderRules(open_items="remind"))
    here.pays(here.invoices["1001"].debtor_id, "500.00", on="2026-03-05")
    here.until("2026-03-09").sees(*FIRST)
    (credit,) = here.last("ReminderIssued").credits
    assert (credit.kind, credit.remaining) == ("payment", Money.of("500.00", "DKK"))


@pytest.mark.capability("E9")
@pytest.mark.capability("E101")
@pytest.mark.capability("E102")
@pytest.mark.capability("E103")
def test_one_letter_per_currency_with_one_fee_and_none_in_a_foreign_one(here: House) -> None:
    alfa = here.invoices["1001"].debtor_id
    here.invoice("1002", "1500.00", due="2026-03-02", debtor=alfa)
    here.invoice("1003", "1000.00", due="2026-03-02", debtor=alfa, currency="EUR")
    here.until("2026-03-23")
    assert [one for one in here.seen_lately("ReminderIssued") if one.level == 2] == [
        here.letter_of("1001", "1002"),
        here.letter_of("1003"),
    ]
    together, foreign = here.letter_of("1001", "1002"), here.letter_of("1003")
    assert together.total == Money.of("11664.51", "DKK")
    kinds = [(one.kind, str(one.amount.decimal)) for one in together.charges]
    assert kinds == [("fee", "100.00"), ("interest", "56.10"), ("interest", "8.41")]
    assert [one.kind for one in foreign.charges] == ["interest"]
    assert (foreign.total, foreign.channels) == (Money.of("1005.61", "EUR"), ("mail",))


def test_who_pays_on_the_day_of_the_letter_gets_none_if_it_has_not_left(here: House) -> None:
    here.letters_leave = False
    here.until("2026-03-09").sees(*FIRST)
    here.paid("1001", on="2026-03-09")
    here.seen().sees("ReceivableSettled 1001", "NoticeRecalled settled")
    here.until("2026-03-16").sees()
    assert here.row("1001").notice_id is None


def test_who_had_paid_before_a_charged_letter_left_owes_nothing_by_it(here: House) -> None:
    here.until("2026-03-23").sees(*FIRST, *SECOND)
    here.paid("1001", on="2026-03-20")
    here.seen().sees(
        "ChargesReversed 1001 corrected",
        "ReceivableSettled 1001",
        "ChargesWrittenOff 1001 principal_paid",
    )
    # The fee and three days of interest were never owed; the eighteen days before the payment were.
    fee, interest = here.state("1001").charges.values()
    assert (fee.lawful, interest.lawful) == (Money.of("0.00", "DKK"), Money.of("48.08", "DKK"))


@pytest.mark.capability("E29")
def test_what_the_agency_claims_is_given_up_in_the_books_unless_it_is_recalled(here: House) -> None:
    here.until("2026-04-21")
    case = here.hands_over("1001")
    here.until("2026-05-05").sees()
    here.recalls(case, "1001")
    # It rests until somebody lets it go on, and its charges are the creditor's again.
    here.seen().sees("CollectionHeld 1001 taken_back")
    here.until("2026-05-25").sees()
    here.asks("1001", lambda terms: ResumeInvoice(ANNA, terms))
    here.seen().sees("InvoiceResumed 1001", "ReadyForCollection 1001")
    here.hands_over("1001")
    here.until("2026-06-22").sees()
    here.until("2026-06-24").sees(
        "ChargesWrittenOff 1001 aged", "ChargesWrittenOff 1001 handed_over"
    )


@pytest.mark.capability("E27")
@pytest.mark.capability("Y15")
def test_charges_are_given_up_by_hand_once_and_waived_only_where_that_is_said(here: House) -> None:
    here.until("2026-03-23")
    give_up = WriteOffCharges
    here.asks("1001", lambda terms: give_up("manual", True, terms, written_off_by=ANNA))
    here.seen().sees("ChargesWrittenOff 1001 manual")
    assert here.last("ChargesWrittenOff").claim_waived
    lines = here.last("ChargePostingSought").lines
    assert [(line.amount, bool(line.settles)) for line in lines] == [
        (Money.of("-100.00", "DKK"), True),
        (Money.of("-56.10", "DKK"), True),
    ]


def test_a_letter_that_could_not_go_charges_nothing_and_uses_no_step(here: House) -> None:
    here.until("2026-03-20")
    here.letters_leave = False
    here.until("2026-03-23").sees(*SECOND[:2])
    here.fails(here.last("ReminderIssued"))
    here.seen().sees("ReminderDue 1001")
    here.letters_leave = True
    here.sends("1001")
    here.seen().sees(*SECOND[1:])


def test_without_a_rate_the_letter_waits_and_says_so(here: House) -> None:
    here.invoice("1002", "2500.00", due="2026-06-22", debtor=here.debtor("Beta"))
    here.until("2026-06-30")
    here.seen()
    here.until("2026-07-10")
    here.seen()
    here.until("2026-07-13").sees("ReminderSkipped 1002 rule_missing")
    here.until("2026-07-17").sees()


def test_while_the_ledger_disagrees_with_itself_nobody_is_written_to(here: House) -> None:
    here.drifts()
    here.until("2026-03-09").sees("ReminderSkipped 1001 ledger_drifts")
    here.agrees()
    here.until("2026-03-10").sees(*FIRST)


def test_three_fees_are_all_that_one_arrears_bears_in_letters_of_the_same_morning(
    here: House,
) -> None:
    here.sets(ReminderRules(collective=False))
    here.sets(ChargePolicy(fee_clause=True, compensation=True))
    alfa = here.invoices["1001"].debtor_id
    numbers = ["1001", "1002", "1003", "1004"]
    for number in numbers[1:]:
        here.invoice(number, "10000.00", due="2026-03-02", debtor=alfa)
    here.seen()
    here.until("2026-03-23")
    here.seen()
    letters = here.seen_lately("ReminderIssued")[-4:]
    assert sorted(letter.lines[0].number for letter in letters) == numbers
    charged = [one.charge.kind for one in here.seen_lately("ChargeAdded")]
    assert (charged.count("fee"), charged.count("compensation")) == (3, 1)
