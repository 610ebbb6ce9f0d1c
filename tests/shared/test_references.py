"""Schemes of Sweden, Norway, Finland and the world, and accounts: published examples first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649
from stdnum.no import kontonr

from shared.references import accounts, finnish, iban, kid, ocr, rf, swedish_giro
from shared.references.check_digits import mod11
from shared.references.fault import Fault, FaultCode
from shared.references.ocr import OcrControl


def codes(faults: tuple[Fault, ...]) -> list[tuple[str, str | None]]:
    return [(fault.code.value, fault.expected) for fault in faults]


# --- Swedish and Norwegian ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "shown"),
    [("5073127", "507-3127"), ("50501055", "5050-1055"), ("9008004", "900-8004")],
)
def test_a_bankgiro_number_is_checked_and_shown(number: str, shown: str) -> None:
    assert not swedish_giro.bankgiro_faults(number)
    assert swedish_giro.bankgiro_shown(number) == shown


@pytest.mark.parametrize(("number", "shown"), [("9020033", "902003-3"), ("42", "4-2")])
def test_a_plusgiro_number_is_checked_and_shown(number: str, shown: str) -> None:
    assert not swedish_giro.plusgiro_faults(number)
    assert swedish_giro.plusgiro_shown(number) == shown


def test_ocr_numbers_are_made_as_published() -> None:
    assert ocr.make("12345") == "123455"
    assert ocr.make("12345", length_digit=True) == "1234574"
    assert ocr.make("9876543210987") == "98765432109875"
    assert ocr.make("9876543210987", length_digit=True) == "987654321098759"


@pytest.mark.parametrize(
    ("reference", "control", "found"),
    [
        ("123455", OcrControl.UNKNOWN, []),
        ("123456", OcrControl.UNKNOWN, [("reference_check_digit", "5")]),
        ("Faktura 12", OcrControl.UNKNOWN, []),
        ("7", OcrControl.UNKNOWN, [("reference_length", "2 to 25")]),
        ("1" * 26, OcrControl.UNKNOWN, [("reference_length", "2 to 25")]),
        ("123456", OcrControl.SOFT, []),
        ("123455", OcrControl.HARD, []),
        ("123456", OcrControl.HARD, [("reference_check_digit", "5")]),
        ("Faktura 12", OcrControl.HARD, [("reference_characters", None)]),
        ("1234574", OcrControl.HARD_WITH_LENGTH_DIGIT, []),
        ("123455", OcrControl.HARD_WITH_LENGTH_DIGIT, [("reference_length_digit", "6")]),
        ("18", OcrControl.HARD_WITH_LENGTH_DIGIT, [("reference_length", "3 to 25")]),
    ],
)
def test_an_ocr_number_is_held_to_what_the_payee_agreed(
    reference: str, control: OcrControl, found: list[tuple[str, str | None]]
) -> None:
    assert codes(ocr.faults(reference, control)) == found


@given(st.text("0123456789", min_size=1, max_size=23))
def test_an_ocr_number_we_make_passes_the_strictest_control(body: str) -> None:
    number = ocr.make(body, length_digit=True)
    assert not ocr.faults(number, OcrControl.HARD_WITH_LENGTH_DIGIT)


@pytest.mark.parametrize("reference", ["123456782", "123456785", "12345674", "100000040", "1009-"])
def test_a_kid_passes_by_either_modulus(reference: str) -> None:
    assert not kid.faults(reference)


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("123456789", [("reference_check_digit", "2 or 5")]),
        ("12345678-", [("reference_check_digit", "2 or 5")]),
        ("1", [("reference_length", "2 to 25")]),
        ("1" * 26, [("reference_length", "2 to 25")]),
        ("-", [("reference_characters", None)]),
        ("12-45", [("reference_characters", None)]),
    ],
)
def test_a_wrong_kid_says_what_would_be_right(
    reference: str, found: list[tuple[str, str | None]]
) -> None:
    assert codes(kid.faults(reference)) == found


def test_a_norwegian_account_is_checked_and_shown() -> None:
    assert not accounts.norwegian_faults("86011117947")
    assert accounts.norwegian_shown("86011117947") == "8601 11 17947"
    assert codes(accounts.norwegian_faults("86011117949")) == [("account_check_digit", "7")]
    assert codes(accounts.norwegian_faults("8601111794")) == [("account_length", "11")]


def test_first_ten_digits_that_no_account_has_leave_nothing_to_expect() -> None:
    assert mod11("0000001009") == "-"
    assert codes(accounts.norwegian_faults("00000010090")) == [("account_check_digit", None)]


@given(st.text("0123456789", min_size=11, max_size=11).filter(lambda n: not n.startswith("0000")))
def test_norwegian_accounts_agree_with_another_implementation(account: str) -> None:
    assert bool(accounts.norwegian_faults(account)) is not kontonr.is_valid(account)


# --- Danish and Swedish accounts ----------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["3409 12400781", "3409-12400781", "3409/0012400781", "34090012400781", "3409 0012 400 781"],
)
def test_a_danish_account_is_padded_to_fourteen_digits(text: str) -> None:
    assert accounts.danish(text) == "34090012400781"
    assert not accounts.danish_faults("34090012400781")
    assert accounts.danish_shown("34090012400781") == "3409 0012400781"


@pytest.mark.parametrize(
    "text", ["", "3409", "400-12345678901", "34091 2400781", "3409 12345678901", "3409 1240O781"]
)
def test_a_danish_account_is_never_guessed_at(text: str) -> None:
    assert accounts.danish(text) is None


@pytest.mark.parametrize(
    ("account", "found"),
    [
        ("12341234567", []),
        ("832791234567890", []),
        ("1234123456", [("account_length", "11 to 15")]),
        ("1234567890123456", [("account_length", "11 to 15")]),
        ("8327-9123456", [("account_characters", None)]),
    ],
)
def test_a_swedish_account_is_held_to_its_length_alone(
    account: str, found: list[tuple[str, str | None]]
) -> None:
    assert codes(accounts.swedish_faults(account)) == found


# --- Finland and everywhere ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reference", "shown"),
    [
        ("123456", "1234561", "12 34561"),
        ("123", "1232", "1232"),
        ("123456712345678", "1234567123456784", "1 23456 71234 56784"),
    ],
)
def test_a_finnish_reference_is_made_checked_and_shown(
    body: str, reference: str, shown: str
) -> None:
    assert finnish.make(body) == reference
    assert not finnish.faults(reference)
    assert not finnish.faults(reference.zfill(20))
    assert finnish.shown(reference) == shown


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("1234562", [("reference_check_digit", "1")]),
        ("123", [("reference_length", "4 to 20")]),
        ("0000123", [("reference_length", "4 to 20")]),
        ("1" * 21, [("reference_length", "4 to 20")]),
        ("12345A", [("reference_characters", None)]),
    ],
)
def test_a_wrong_finnish_reference_says_what_would_be_right(
    reference: str, found: list[tuple[str, str | None]]
) -> None:
    assert codes(finnish.faults(reference)) == found


@pytest.mark.parametrize("reference", ["RF341234561", "RF332348236", "RF18539007547034"])
def test_a_published_rf_reference_passes(reference: str) -> None:
    assert not rf.faults(reference)
    assert rf.make(reference[4:]) == reference


def test_a_wrong_rf_reference_says_what_would_be_right() -> None:
    assert codes(rf.faults("RF351234561")) == [("reference_check_digit", "34")]
    assert codes(rf.faults("RF34")) == [("reference_length", "5 to 25")]
    assert codes(rf.faults("RF3412345-1")) == [("reference_characters", None)]
    assert rf.shown("RF341234561") == "RF34 1234 561"


@given(st.text("0123456789ABCXYZ", min_size=1, max_size=21))
def test_rf_references_agree_with_another_implementation(body: str) -> None:
    assert iso11649.is_valid(rf.make(body))


@pytest.mark.parametrize(
    "number",
    ["DK5000400440116243", "SE4550000000058398257466", "NO9386011117947", "FI2112345600000785"],
)
def test_a_published_iban_passes(number: str) -> None:
    assert not iban.iban_faults(number)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("DK5100400440116243", "50"),
        ("DK500040044011624", None),
        ("XX5000400440116243", None),
        ("5000400440116243", None),
        ("dk5000400440116243", None),
        ("DK50 0040 0440 1162 43", None),
        ("DK", None),
        ("", None),
        ("DK50\u0660\u0660400440116243", None),
    ],
)
def test_a_wrong_iban_is_refused(number: str, expected: str | None) -> None:
    assert codes(iban.iban_faults(number)) == [("invalid_iban", expected)]


@given(st.text())
def test_no_text_upsets_the_iban_check(text: str) -> None:
    assert {fault.code for fault in iban.iban_faults(text)} <= {FaultCode.INVALID_IBAN}
    assert {fault.code for fault in iban.bic_faults(text)} <= {FaultCode.INVALID_BIC}


@pytest.mark.parametrize("bic", ["DABADKKK", "NDEASESSXXX"])
def test_a_bic_of_eight_or_eleven_passes(bic: str) -> None:
    assert not iban.bic_faults(bic)


@pytest.mark.parametrize("bic", ["", "DABADKK", "DABADKKKXX", "DABAXXKK", "dabadkkk"])
def test_a_wrong_bic_is_refused(bic: str) -> None:
    assert codes(iban.bic_faults(bic)) == [("invalid_bic", None)]
