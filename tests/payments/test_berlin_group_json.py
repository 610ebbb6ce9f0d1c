from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.gateways import berlin_group_json
from services.payments.gateways.bank import BadBatchError, BankBatch, BankOrder
from shared.money import Money
from shared.references.instruction import InstructionKind, PaymentInstruction

TODAY = date(2026, 12, 1)
DEBTOR = "DK5000400440116243"
FIK = PaymentInstruction(InstructionKind.FIK71, "80882939", "026840149965328")


def order(
    end_to_end_id: str, minor: int, instruction: PaymentInstruction = FIK, on: date = TODAY
) -> BankOrder:
    return BankOrder(end_to_end_id, Money(minor, "DKK"), "Nordhavn Møbler A/S", instruction, on)


def batch(*orders: BankOrder) -> BankBatch:
    return BankBatch("M-1", DEBTOR, orders or (order("E-1", 1250_00),))


@pytest.mark.property_("P1")
@pytest.mark.property_("P8")
def test_the_bytes_that_are_sent_say_what_was_approved() -> None:
    asked = batch(order("E-1", 1250_00), order("E-2", 900_00))
    body = berlin_group_json.render(asked)
    assert berlin_group_json.parse(body) == asked
    assert (asked.count, asked.control_sum) == (2, {"DKK": Money(2150_00, "DKK")})


def test_the_same_batch_gives_the_same_bytes() -> None:
    assert berlin_group_json.render(batch()) == berlin_group_json.render(batch())


INSTRUCTIONS = [
    ("DKK", FIK),
    ("DKK", PaymentInstruction(InstructionKind.FIK73, "80882939", None)),
    ("DKK", PaymentInstruction(InstructionKind.FIK75, "80882939", "0268401499653281")),
    ("DKK", PaymentInstruction(InstructionKind.GIRO01, "5377700", None)),
    ("DKK", PaymentInstruction(InstructionKind.GIRO04, "5377700", "0000000000012345")),
    ("DKK", PaymentInstruction(InstructionKind.GIRO15, "5377700", "0000000000012345")),
    ("DKK", PaymentInstruction(InstructionKind.DK_ACCOUNT, "53010000123456", "Faktura 17")),
    ("SEK", PaymentInstruction(InstructionKind.BANKGIRO, "9912346", "1234567897")),
    ("SEK", PaymentInstruction(InstructionKind.BANKGIRO, "9912346", "Faktura 17")),
    ("SEK", PaymentInstruction(InstructionKind.PLUSGIRO, "4789001", "1234567897")),
    ("SEK", PaymentInstruction(InstructionKind.SE_ACCOUNT, "50001234567", None)),
    ("NOK", PaymentInstruction(InstructionKind.NO_ACCOUNT, "12345678903", "123456785")),
    ("NOK", PaymentInstruction(InstructionKind.NO_ACCOUNT, "12345678903", "12345678-")),
    ("EUR", PaymentInstruction(InstructionKind.IBAN, "FI2112345600000785", "13013")),
    ("EUR", PaymentInstruction(InstructionKind.IBAN, "DE89370400440532013000", "RF18539007547034")),
    (
        "EUR",
        PaymentInstruction(InstructionKind.IBAN, "DE89370400440532013000", "2026-17", "COBADEFF"),
    ),
]


@pytest.mark.parametrize(
    ("currency", "instruction"), INSTRUCTIONS, ids=lambda value: getattr(value, "kind", value)
)
def test_each_rail_is_carried_and_read_back(currency: str, instruction: PaymentInstruction) -> None:
    asked = batch(BankOrder("E-1", Money(1, currency), "Acme", instruction, TODAY))
    assert berlin_group_json.parse(berlin_group_json.render(asked)) == asked


@given(
    minor=st.integers(1, 10**14),
    name=st.text(min_size=1, max_size=70).filter(str.isprintable),
    text=st.text(min_size=1, max_size=140).filter(str.isprintable),
)
@pytest.mark.property_("P17")
def test_no_name_and_no_text_can_change_what_a_batch_says(minor: int, name: str, text: str) -> None:
    instruction = PaymentInstruction(InstructionKind.DK_ACCOUNT, "53010000123456", text)
    asked = batch(BankOrder("E-1", Money(minor, "DKK"), name, instruction, TODAY))
    assert berlin_group_json.parse(berlin_group_json.render(asked)) == asked


def test_a_slip_carries_its_card_type_before_the_reference() -> None:
    (element,) = json.loads(berlin_group_json.render(batch()))["payments"]
    assert element["creditorAccount"]["other"]["identification"] == "80882939"
    assert element["remittanceInformationStructured"]["reference"] == "71/026840149965328"


@pytest.mark.property_("P15")
@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda: order("", 1), "end-to-end id"),
        (lambda: order("E" * 36, 1), "end-to-end id"),
        (lambda: order("E-1", 0), "more than nothing"),
        (lambda: order("E-1", -5), "more than nothing"),
        (lambda: BankOrder("E-1", Money(1, "DKK"), "N" * 71, FIK, TODAY), "1 to 70"),
        (lambda: BankOrder("E-1", Money(1, "DKK"), "N\n", FIK, TODAY), "printable"),
        (lambda: BankBatch("M-1", DEBTOR, ()), "at least one"),
        (lambda: batch(order("E-1", 1), order("E-1", 2)), "once"),
        (lambda: batch(order("E-1", 1), order("E-2", 2, on=date(2026, 12, 2))), "one day"),
        (lambda: berlin_group_json.render(BankBatch("M-1", "?", (order("E-1", 1),))), "IBAN"),
        (lambda: berlin_group_json.parse(b"{}"), "not a bulk payment"),
        (lambda: berlin_group_json.parse(b"\xff"), "not a bulk payment"),
        (
            lambda: berlin_group_json.render(
                batch(order("E-1", 1, PaymentInstruction(InstructionKind.NO_ACCOUNT, "1", None)))
            ),
            "paid in NOK",
        ),
    ],
)
def test_a_batch_that_no_bank_would_take_is_refused_with_the_rule(
    change: Callable[[], object], rule: str
) -> None:
    with pytest.raises(BadBatchError, match=rule):
        change()
