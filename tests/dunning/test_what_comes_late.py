"""What comes back, crosses a letter, or is found out late: nothing is charged, kept or sent for it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from services.dunning.acts import by_hand
from services.dunning.commands.receivable import (
    DisputeInvoice,
    ResumeInvoice,
    SettleDispute,
)
from services.dunning.model.defaults import TIMELINES
from services.dunning.model.receivable import State
from services.dunning.queries import standing as queries
from services.dunning.values import ChargePolicy
from shared.contracts.collections import CaseClosed
from shared.contracts.notifications import NoticeOutcomeUnknown
from shared.contracts.sync import InvoiceWithdrawn
from shared.decider import Rejected
from shared.money import Money
from shared.postgres import Server
from shared.work import Work
from tests.dunning.house import ANNA, House, house, moves_in


@pytest.fixture
def here(postgres_server: Server) -> Iterator[House]:
    """A Danish creditor whose letters go by themselves, and 10,000.00 that fell due on Monday 2 March."""
    with house(postgres_server) as empty:
        there = moves_in(empty)
        there.sets(msgspec.structs.replace(TIMELINES["DK"], mode="automatic"))
        there.invoice("1001", "10000.00", due="2026-03-02", debtor=there.debtor("Alfa"))
        there.seen()
        yield there


def dkk(amount: str) -> Money:
    return Money.of(amount, "DKK")


def lawful(here: House, number: str = "1001") -> list[Money]:
    return [one.lawful for one in here.state(number).charges.values()]


def test_a_warning_that_comes_back_holds_what_was_ready_and_is_written_anew(here: House) -> None:
    here.until("2026-04-21")
    here.letters_leave = False
    here.fails(here.last("CollectionWarningIssued"), "undeliverable", was_sent=True)
    told = here.seen().told
    assert "CollectionHeld 1001 warning_failed" in told
    assert "ChargesReversed 1001 letter_failed" in told
    here.letters_leave = True
    here.until("2026-04-22").sees(
        "CollectionWarningIssued 1001: 10336.23",
        "ChargeAdded 1001 fee 100.00",
        "ChargeAdded 1001 interest 80.13",
    )


def test_a_letter_that_comes_back_takes_nothing_from_the_one_that_is_on_its_way(
    here: House,
) -> None:
    here.until("2026-03-09")
    first = here.last("ReminderIssued")
    here.letters_leave = False
    here.until("2026-03-23")
    second = here.last("ReminderIssued")
    here.fails(first, "undeliverable", was_sent=True)
    here.seen().sees("ReminderSkipped 1001 letter_under_way")
    here.say(here.sent(second.notice_id, second.debtor_id))
    here.settle()
    here.seen().sees("ChargeAdded 1001 fee 100.00", "ChargeAdded 1001 interest 56.10")


def test_an_invoice_that_was_gone_and_is_there_again_is_followed_again(here: House) -> None:
    known = here.invoices["1001"]
    here.say(InvoiceWithdrawn(invoice_id=known.invoice_id, side="receivable"))
    here.settle()
    assert here.state("1001").state is State.WITHDRAWN
    here.invoice("1001", "10000.00", due="2026-03-02", debtor=known.debtor_id)
    assert here.state("1001").state is State.OPEN
    here.seen()
    here.until("2026-03-09").sees("ReminderDue 1001", "ReminderIssued 1001: 10000.00")


def test_an_invoice_that_is_gone_stays_gone_when_the_agency_lets_go_of_it(here: House) -> None:
    here.until("2026-04-21")
    case = here.hands_over("1001")
    here.say(InvoiceWithdrawn(invoice_id=here.invoices["1001"].invoice_id, side="receivable"))
    here.recalls(case, "1001")
    assert here.state("1001").state is State.WITHDRAWN


def test_charges_that_were_given_up_and_fall_leave_nobody_a_credit(here: House) -> None:
    here.until("2026-03-23")
    here.paid("1001", on="2026-03-25")
    here.fails(here.last("ReminderIssued"), "undeliverable", was_sent=True)
    charges = here.state("1001").charges.values()
    assert [(one.lawful, one.written_off, one.open) for one in charges] == [(dkk("0.00"),) * 3] * 2
    here.seen()
    posted = [line.amount for one in here.seen_lately("ChargePostingSought") for line in one.lines]
    assert sum(one.minor for one in posted) == 0


def test_after_an_upheld_dispute_nothing_goes_before_somebody_has_seen_to_it(here: House) -> None:
    here.until("2026-03-20")
    here.asks("1001", lambda terms: DisputeInvoice("goods", ANNA, terms))
    here.asks("1001", lambda terms: SettleDispute(True, ANNA, terms))
    here.seen()
    here.until("2026-04-13").sees()
    here.asks("1001", lambda terms: ResumeInvoice(ANNA, terms))
    here.until("2026-04-14")
    assert here.last("ReminderIssued").level == 2


def test_a_dispute_over_what_is_paid_ends_with_its_charges(here: House) -> None:
    here.until("2026-03-23")
    here.asks("1001", lambda terms: DisputeInvoice("goods", ANNA, terms))
    here.paid("1001", on="2026-03-25")
    here.seen()
    here.asks("1001", lambda terms: SettleDispute(False, ANNA, terms))
    here.seen().sees("DisputeSettled 1001", "ChargesWrittenOff 1001 principal_paid")


def test_what_is_ready_is_held_while_the_ledger_disagrees_and_ready_again_after(
    here: House,
) -> None:
    here.until("2026-04-21")
    here.drifts()
    here.seen().sees("CollectionHeld 1001 ledger_drifts")
    here.until("2026-04-22").sees()
    here.agrees()
    here.seen().sees("ReadyForCollection 1001")


def test_a_letter_under_way_is_called_back_when_the_ledger_disagrees(here: House) -> None:
    here.letters_leave = False
    here.until("2026-03-09")
    here.drifts()
    told = here.seen().told
    assert "NoticeRecalled ledger_drifts" in told


def test_what_was_paid_at_the_agency_is_settled_when_its_case_is_closed(here: House) -> None:
    here.until("2026-04-21")
    case = here.hands_over("1001")
    here.paid("1001", on="2026-04-24")
    here.seen()
    known = here.invoices["1001"]
    here.say(
        CaseClosed(
            case_id=case, debtor_id=known.debtor_id, invoices=(known.invoice_id,), code="paid",
            closed_on=here.today_on,
        )
    )  # fmt: skip
    here.settle()
    here.seen().sees("ReceivableSettled 1001", "ChargesWrittenOff 1001 principal_paid")


def test_who_turns_out_to_be_a_consumer_gets_back_what_only_companies_owe(here: House) -> None:
    here.sets(ChargePolicy(fee_clause=True, compensation=True))
    here.until("2026-03-23")
    compensation = [
        one for one in here.state("1001").charges.values() if one.charge.kind == "compensation"
    ]
    assert [one.lawful for one in compensation] == [dkk("310.00")]
    here.debtor("Alfa", "person")
    here.settle()
    assert dkk("310.00") not in lawful(here)
    assert "ChargesReversed 1001 corrected" in here.seen().told


def test_what_turns_out_to_be_a_consumers_is_told_to_be_so_before_it_goes(here: House) -> None:
    here.until("2026-04-21")
    assert here.last("ReadyForCollection").debtor_kind == "company"
    here.debtor("Alfa", "person")
    here.settle()
    here.seen()
    assert here.last("ReadyForCollection").debtor_kind == "consumer"


def test_a_letter_that_crossed_the_payment_charges_nothing(here: House) -> None:
    here.until("2026-03-20")
    here.letters_leave = False
    here.until("2026-03-23")
    letter = here.last("ReminderIssued")
    here.recalls_arrive = False
    here.paid("1001", on="2026-03-20")
    here.say(here.sent(letter.notice_id, letter.debtor_id))
    here.settle()
    charges = list(here.state("1001").charges.values())
    fee, interest = charges
    assert (fee.lawful, interest.lawful) == (dkk("0.00"), dkk("48.08"))
    assert [one.open for one in charges] == [dkk("0.00")] * 2


def test_what_comes_onto_the_list_after_the_hour_does_not_go_on_a_saturday(here: House) -> None:
    payment = here.pays(here.invoices["1001"].debtor_id, "500.00", on="2026-03-05")
    here.until("2026-03-13", hour=11).sees("ReminderSkipped 1001 open_items")
    here.matches("1001", payment, "500.00", on="2026-03-05")
    here.seen().sees("ReminderDue 1001")
    here.until("2026-03-15").sees()
    here.until("2026-03-16").sees("ReminderIssued 1001: 9500.00")


def nobody_answered(here: House) -> NoticeOutcomeUnknown:
    """The second letter was tried on Monday 23 March, and nobody ever answered."""
    here.until("2026-03-20")
    here.letters_leave = False
    here.until("2026-03-23")
    told = here.nobody_knows()
    here.until("2026-03-30").sees()
    return told


def says(here: House, *, left: bool) -> None:
    """What became of the letter, as somebody has found out."""

    def say(work: Work) -> None:
        row = queries.receivable(work.sql, work.tenant_id, here.invoices["1001"].invoice_id)
        assert row is not None
        by_hand.say_what_became(work, row, left=left)

    here.work(say)
    here.settle()


def test_a_letter_of_which_nobody_knows_counts_from_its_day_when_somebody_says_that_it_arrived(
    here: House,
) -> None:
    told = nobody_answered(here)
    says(here, left=True)
    here.seen().sees("ChargeAdded 1001 fee 100.00", "ChargeAdded 1001 interest 56.10")
    assert here.state("1001").letters[-1].sent_on == told.tried_at.date()
    with pytest.raises(Rejected) as refused:
        says(here, left=True)
    assert refused.value.code == "outcome_known"


def test_a_letter_of_which_nobody_knows_is_written_anew_when_somebody_says_that_it_never_arrived(
    here: House,
) -> None:
    nobody_answered(here)
    here.letters_leave = True
    says(here, left=False)
    here.seen().sees("ReminderDue 1001")
    told = here.until("2026-03-31").told
    assert [one.partition(" ")[0] for one in told] == [
        "ReminderIssued",
        "ChargeAdded",
        "ChargeAdded",
    ]


def test_a_fee_letter_that_came_back_is_none_of_the_three(here: House) -> None:
    here.until("2026-03-23")
    here.fails(here.last("ReminderIssued"), "undeliverable", was_sent=True)
    here.until("2026-05-04")
    assert [one.charge.kind for one in here.seen_lately("ChargeAdded")].count("fee") == 3
