"""What a credit note or a late payment takes back of the charges that an invoice bears."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal
from uuid import UUID

from services.dunning.events import receivable as e
from services.dunning.model import pricing
from services.dunning.model.charging import taken_back
from services.dunning.model.defaults import TIMELINES
from services.dunning.model.receivable import Charged, Receivable, Sent, State
from services.dunning.values import (
    Charge,
    ChargeKind,
    ChargePolicy,
    Invoice,
    Movement,
    NoticeKind,
    ReminderRules,
    Terms,
    WriteOffRules,
)
from shared.money import Money

NOTICE = UUID(int=9)
IDS: dict[ChargeKind, UUID] = {
    "fee": UUID(int=1),
    "compensation": UUID(int=2),
    "absorbed": UUID(int=3),
    "interest": UUID(int=4),
}
DUE, SENT_ON = date(2026, 2, 2), date(2026, 2, 12)


def sek(minor: int) -> Money:
    return Money(minor, "SEK")


TERMS = Terms(
    today_on=date(2026, 3, 1),
    country="SE",
    home_currency="SEK",
    debtor_kind="company",
    timeline=TIMELINES["SE"],
    rules=ReminderRules(),
    policy=ChargePolicy(fee_clause=True, compensation=True),
    write_offs=WriteOffRules(),
)


def charged(kind: ChargeKind, minor: int) -> Charged:
    zero = sek(0)
    charge = Charge(IDS[kind], kind, sek(minor), "rule", "law", "version")
    return Charged(charge, SENT_ON, zero, zero, zero, notice_id=NOTICE)


def invoice(**amounts: int) -> Receivable:
    told = Invoice(
        debtor_id=UUID(int=5),
        number="1",
        voucher="1",
        debtor_number="1",
        issued_on=date(2026, 1, 2),
        sent_on=date(2026, 1, 2),
        due_on=DUE,
        due_basis="agreed",
        gross=sek(50_000_00),
        gross_in_base=sek(50_000_00),
    )
    return Receivable(
        state=State.OPEN,
        told=told,
        remaining=sek(50_000_00),
        sent=(Sent(NOTICE, NoticeKind.REMINDER, 0, 1, True, SENT_ON, date(2026, 2, 23)),),
        charges={IDS[kind]: charged(kind, amounts[kind]) for kind in IDS if kind in amounts},
    )


LETTER = invoice(fee=60_00, compensation=450_00, absorbed=-60_00, interest=136_99)


def moved(
    receivable: Receivable,
    kind: Literal["payment", "credit_note"],
    minor: int,
    *,
    correction: bool,
) -> Receivable:
    movement = Movement(
        entry_id=UUID(int=7),
        kind=kind,
        amount=sek(minor),
        value_on=date(2026, 2, 25),
        matched_on=date(2026, 2, 26),
        correction=correction,
    )
    return replace(receivable, movements=(movement,))


def told(after: Receivable, terms: Terms = TERMS) -> dict[UUID, int]:
    wrong = pricing.unlawful(after, terms, LETTER)
    return {one.charge_id: one.amount.minor for one in wrong}


def test_an_invoice_that_was_wrong_altogether_leaves_nothing_charged_or_absorbed() -> None:
    after = moved(LETTER, "credit_note", 50_000_00, correction=True)
    assert told(after) == {
        IDS["fee"]: 60_00,
        IDS["compensation"]: 450_00,
        IDS["absorbed"]: -60_00,
        IDS["interest"]: 136_99,
    }
    (reversed_,) = taken_back(pricing.unlawful(after, TERMS, LETTER), LETTER, "corrected", DUE)
    assert isinstance(reversed_, e.ChargesReversed)
    left = sum(one.lawful.minor for one in LETTER.charges.values())
    assert left == sum(one.amount.minor for one in reversed_.amounts)


def test_a_note_that_corrects_half_takes_back_half_of_the_interest_and_no_fee() -> None:
    after = moved(LETTER, "credit_note", 25_000_00, correction=True)
    assert told(after) == {IDS["interest"]: 68_50}


def test_compensation_stands_when_the_invoice_is_paid_late() -> None:
    assert told(moved(LETTER, "payment", 50_000_00, correction=False)) == {}


def test_what_was_lawful_when_it_was_charged_stays_when_the_creditor_lowers_the_rate() -> None:
    lowered = replace(TERMS, policy=ChargePolicy(interest="own", rate="2.00", fees="none",
                                                 fee_clause=True, compensation=True))  # fmt: skip
    assert told(moved(LETTER, "payment", 10_000_00, correction=False), lowered) == {}


def test_the_same_note_again_takes_nothing_more_back() -> None:
    after = moved(LETTER, "credit_note", 25_000_00, correction=True)
    interest = after.charges[IDS["interest"]]
    righted = {**after.charges, IDS["interest"]: replace(interest, reversed=sek(68_50))}
    again = replace(after, charges=righted)
    assert pricing.unlawful(again, TERMS, again) == ()
