"""Payment instructions: what is wrong with one, and how it is shown, masked and told apart."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.references.fault import Fault
from shared.references.instruction import (
    InstructionKind,
    PaymentInstruction,
    account_key,
    faults,
    masked,
    reference_shown,
    shown,
)
from shared.references.ocr import OcrControl
from shared.references.reading import normalised, read_line

K = InstructionKind

FIK = PaymentInstruction(K.FIK71, "80882939", "026840149965328")
SOUND = [
    FIK,
    PaymentInstruction(K.FIK73, "80882939", None),
    PaymentInstruction(K.FIK75, "80882939", "1234567890123452"),
    PaymentInstruction(K.GIRO01, "1234567", None),
    PaymentInstruction(K.GIRO04, "1234567", "1234567890123452"),
    PaymentInstruction(K.GIRO15, "12345678", "1234567890123452"),
    PaymentInstruction(K.DK_ACCOUNT, "34090012400781", None),
    PaymentInstruction(K.DK_ACCOUNT, "34090012400781", "Faktura 2026-17"),
    PaymentInstruction(K.DK_ACCOUNT, "34090012400781", "RF18539007547034"),
    PaymentInstruction(K.BANKGIRO, "5073127", "123455"),
    PaymentInstruction(K.BANKGIRO, "5073127", "Faktura 17"),
    PaymentInstruction(K.PLUSGIRO, "42", None),
    PaymentInstruction(K.SE_ACCOUNT, "12341234567", "17"),
    PaymentInstruction(K.NO_ACCOUNT, "86011117947", "123456785"),
    PaymentInstruction(K.NO_ACCOUNT, "86011117947", "1009-"),
    PaymentInstruction(K.IBAN, "FI2112345600000785", "1234561"),
    PaymentInstruction(K.IBAN, "NO9386011117947", "12345674", "DABANO22"),
    PaymentInstruction(K.IBAN, "DE89370400440532013000", "Rechnung 17", "COBADEFFXXX"),
]


@pytest.mark.parametrize("instruction", SOUND, ids=shown)
def test_a_sound_instruction_has_no_faults(instruction: PaymentInstruction) -> None:
    assert faults(instruction) == ()


@pytest.mark.case("rails", 1)
def test_a_fik_line_with_the_right_last_digit_can_be_paid() -> None:
    instruction = read_line("+71<026840149965328+80882939<")
    assert instruction == FIK
    assert faults(instruction) == ()


@pytest.mark.case("rails", 1)
def test_a_fik_line_that_ends_in_9_is_told_to_expect_8() -> None:
    instruction = read_line("+71<026840149965329+80882939<")
    assert instruction is not None
    [fault] = faults(instruction)
    assert fault == Fault(
        code=fault.code,
        field="reference",
        text="the payment id ends in 9; its check digit is 8",
        expected="8",
    )
    assert fault.code == "reference_check_digit"


@pytest.mark.parametrize(
    ("instruction", "found"),
    [
        (PaymentInstruction(K.FIK71, "80882939", None), ["reference_missing"]),
        (PaymentInstruction(K.FIK71, "80882939", ""), ["reference_missing"]),
        (PaymentInstruction(K.FIK71, "80882939", "1234567890123452"), ["reference_length"]),
        (PaymentInstruction(K.FIK71, "80882939", "02684014996532A"), ["reference_characters"]),
        (PaymentInstruction(K.FIK73, "80882939", "18"), ["reference_not_allowed"]),
        (PaymentInstruction(K.GIRO01, "1234567", "18"), ["reference_not_allowed"]),
        (PaymentInstruction(K.FIK73, "70882939", None), ["account_not_a_creditor"]),
        (PaymentInstruction(K.FIK73, "8088293", None), ["account_length"]),
        (PaymentInstruction(K.GIRO01, "123456", None), ["account_length"]),
        (PaymentInstruction(K.GIRO01, "12345a7", None), ["account_characters"]),
        (PaymentInstruction(K.DK_ACCOUNT, "3409", None), ["account_length"]),
        (PaymentInstruction(K.DK_ACCOUNT, "", None), ["account_missing"]),
        (PaymentInstruction(K.DK_ACCOUNT, "34090012400781", "a\nb"), ["reference_characters"]),
        (PaymentInstruction(K.DK_ACCOUNT, "34090012400781", "a" * 141), ["reference_length"]),
        (PaymentInstruction(K.DK_ACCOUNT, "34090012400781", "RF19539007547034"), ["reference_check_digit"]),
        (PaymentInstruction(K.BANKGIRO, "5073128", None), ["account_check_digit"]),
        (PaymentInstruction(K.BANKGIRO, "507312", None), ["account_length"]),
        (PaymentInstruction(K.BANKGIRO, "5073127", "123456"), ["reference_check_digit"]),
        (PaymentInstruction(K.PLUSGIRO, "9020034", None), ["account_check_digit"]),
        (PaymentInstruction(K.SE_ACCOUNT, "1234", None), ["account_length"]),
        (PaymentInstruction(K.NO_ACCOUNT, "86011117947", "123456789"), ["reference_check_digit"]),
        (PaymentInstruction(K.IBAN, "DK5100400440116243", None), ["invalid_iban"]),
        (PaymentInstruction(K.IBAN, "NO9386011117947", "123456789"), ["reference_check_digit"]),
        (PaymentInstruction(K.IBAN, "FI2112345600000785", "1234562"), ["reference_check_digit"]),
        (PaymentInstruction(K.IBAN, "FI2112345600000785", None, "NDEA"), ["invalid_bic"]),
        (PaymentInstruction(K.BANKGIRO, "5073127", None, "NDEASESS"), ["bic_not_allowed"]),
        (
            PaymentInstruction(K.FIK71, "8088", "1", "NDEA"),
            ["account_length", "reference_length", "bic_not_allowed"],
        ),
    ],
)  # fmt: skip
def test_every_broken_rule_is_named(instruction: PaymentInstruction, found: list[str]) -> None:
    assert [fault.code for fault in faults(instruction)] == found
    assert all(fault.text for fault in faults(instruction))


def test_a_payee_with_hard_control_is_not_paid_without_an_ocr_number() -> None:
    instruction = PaymentInstruction(K.BANKGIRO, "5073127", None)
    assert faults(instruction) == ()
    [fault] = faults(instruction, ocr_control=OcrControl.HARD)
    assert fault.code == "reference_missing"


def test_a_payee_with_soft_control_takes_any_reference() -> None:
    instruction = PaymentInstruction(K.BANKGIRO, "5073127", "123456")
    assert faults(instruction, ocr_control=OcrControl.SOFT) == ()


@pytest.mark.parametrize(
    ("given_as", "instruction"),
    [
        ((K.DK_ACCOUNT, "3409-12400781"), PaymentInstruction(K.DK_ACCOUNT, "34090012400781", None)),
        ((K.BANKGIRO, "507-3127", "12 34 55"), PaymentInstruction(K.BANKGIRO, "5073127", "123455")),
        ((K.PLUSGIRO, "90 20 03\u20113", " "), PaymentInstruction(K.PLUSGIRO, "9020033", None)),
        ((K.NO_ACCOUNT, "8601.11.17947", "1009-"), PaymentInstruction(K.NO_ACCOUNT, "86011117947", "1009-")),
        ((K.IBAN, "dk50 0040 0440 1162 43", "rf18 5390 0754 7034", "ndea dkkk"), PaymentInstruction(K.IBAN, "DK5000400440116243", "RF18539007547034", "NDEADKKK")),
        ((K.BANKGIRO, "507-3127", "2026-1001"), PaymentInstruction(K.BANKGIRO, "5073127", "2026-1001")),
        ((K.DK_ACCOUNT, "3409 12400781", " 12 34 "), PaymentInstruction(K.DK_ACCOUNT, "34090012400781", "12 34")),
    ],
)  # fmt: skip
def test_people_s_spellings_are_normalised(
    given_as: tuple[InstructionKind, str], instruction: PaymentInstruction
) -> None:
    assert normalised(*given_as) == instruction


def test_a_danish_account_that_cannot_be_read_is_refused_and_not_repaired() -> None:
    instruction = normalised(K.DK_ACCOUNT, "400-12345678901")
    assert [fault.code for fault in faults(instruction)] == ["account_characters"]
    assert shown(instruction) == "400-12345678901"


@given(
    st.sampled_from(InstructionKind),
    st.text(max_size=20),
    st.none() | st.text(max_size=30),
    st.none() | st.text(max_size=12),
)
def test_any_text_is_normalised_once_and_judged(
    kind: InstructionKind, account: str, reference: str | None, bic: str | None
) -> None:
    once = normalised(kind, account, reference, bic)
    assert normalised(once.kind, once.account, once.reference, once.bic) == once
    assert {fault.field for fault in faults(once)} <= {"account", "reference", "bic"}


@pytest.mark.parametrize(
    ("instruction", "text"),
    [
        (FIK, "+71<026840149965328 +80882939<"),
        (PaymentInstruction(K.FIK73, "80882939", None), "+73< +80882939<"),
        (PaymentInstruction(K.BANKGIRO, "5073127", "123455"), "Bankgiro 507-3127"),
        (PaymentInstruction(K.PLUSGIRO, "9020033", None), "PlusGiro 902003-3"),
        (PaymentInstruction(K.DK_ACCOUNT, "34090012400781", None), "3409 0012400781"),
        (PaymentInstruction(K.NO_ACCOUNT, "86011117947", None), "8601 11 17947"),
        (PaymentInstruction(K.SE_ACCOUNT, "12341234567", None), "12341234567"),
        (PaymentInstruction(K.IBAN, "DK5000400440116243", None), "DK50 0040 0440 1162 43"),
        (PaymentInstruction(K.BANKGIRO, "50731", None), "Bankgiro 50731"),
    ],
)
def test_an_instruction_is_shown_as_people_write_it(
    instruction: PaymentInstruction, text: str
) -> None:
    assert shown(instruction) == text


@pytest.mark.parametrize(
    ("instruction", "text"),
    [
        (PaymentInstruction(K.IBAN, "FI2112345600000785", "1234561"), "12 34561"),
        (PaymentInstruction(K.IBAN, "FI2112345600000785", "RF341234561"), "RF34 1234 561"),
        (PaymentInstruction(K.BANKGIRO, "5073127", "123455"), "123455"),
        (PaymentInstruction(K.FIK73, "80882939", None), ""),
    ],
)
def test_a_reference_is_shown_in_groups(instruction: PaymentInstruction, text: str) -> None:
    assert reference_shown(instruction) == text


@pytest.mark.property_("P21")
def test_a_log_sees_the_last_four_of_the_account_and_nothing_of_the_reference() -> None:
    assert masked(FIK) == "fik71 …2939"
    assert masked(PaymentInstruction(K.BANKGIRO, "5073127", "123455")) == "bankgiro …3127"
    assert masked(PaymentInstruction(K.PLUSGIRO, "42", None)) == "plusgiro …"


@pytest.mark.property_("P21")
@given(st.sampled_from(SOUND))
def test_no_masked_instruction_gives_its_account_away(instruction: PaymentInstruction) -> None:
    text = masked(instruction)
    assert instruction.account not in text
    assert instruction.reference is None or instruction.reference not in text


def test_a_creditor_is_one_account_on_every_card_and_whatever_is_paid() -> None:
    assert account_key(FIK) == "fik:80882939"
    assert account_key(PaymentInstruction(K.FIK73, "80882939", None)) == account_key(FIK)
    giro = PaymentInstruction(K.GIRO01, "80882939", None)
    assert account_key(giro) == "giro:80882939"


def test_an_account_at_another_bank_is_another_account() -> None:
    def at(bic: str | None) -> str:
        return account_key(PaymentInstruction(K.IBAN, "DK5000400440116243", None, bic))

    assert at(None) == "iban:DK5000400440116243"
    assert at("NDEADKKKXXX") == at("NDEADKKK") == "iban:DK5000400440116243:NDEADKKK"
    assert len({at(None), at("NDEADKKK"), at("DABADKKK"), at("DABADKKK123")}) == 4
    assert at("BANKMXXX").endswith(":BANKMXXX")


@pytest.mark.parametrize("instruction", SOUND, ids=shown)
def test_an_instruction_survives_being_stored(instruction: PaymentInstruction) -> None:
    stored = msgspec.json.encode(instruction)
    assert msgspec.json.decode(stored, type=PaymentInstruction) == instruction
