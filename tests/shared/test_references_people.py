"""Who a number belongs to, whether somebody can be reached, and what a customer quotes when paying."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.references import contact, id_numbers
from shared.references.billing import reference_of
from shared.references.fik import Card, id_faults, make
from shared.references.instruction import InstructionKind, PaymentInstruction, faults


@pytest.mark.parametrize(
    ("country", "written", "kind", "number"),
    [
        ("DK", "31 88 42 09", "company", "31884209"),
        ("DK", "DK13585628", "company", "13585628"),
        ("DK", "070761-4285", "person", "0707614285"),
        ("DK", "010185-1234", "person", "0101851234"),  # no modulus 11 since 2007
        ("DK", "31884208", None, "31884208"),
        ("DK", "310285-1234", None, "3102851234"),  # 31 February
        ("SE", "556016-0680", "company", "5560160680"),
        ("SE", "16556016-0680", "company", "5560160680"),
        ("SE", "811228-9874", "person", "8112289874"),
        ("SE", "19811228-9874", "person", "8112289874"),
        ("SE", "701063-2391", "person", "7010632391"),  # samordningsnummer: the third, and 60
        ("SE", "811228-9875", None, "8112289875"),
        ("NO", "NO 923 609 016 MVA", "company", "923609016"),
        ("NO", "151086 95088", "person", "15108695088"),
        ("NO", "923609017", None, "923609017"),
        ("NO", "15108695089", None, "15108695089"),
        ("FI", "0112038-9", "company", "01120389"),
        ("FI", "131052-308T", "person", "131052-308T"),
        ("FI", "131052X308T", "person", "131052X308T"),  # a sign of 2023's
        ("FI", "131052-308U", None, "131052-308U"),
        ("DE", "DE136695976", None, "136695976"),
        ("DK", "", None, ""),
    ],
)
def test_a_number_says_whether_it_is_a_companys_or_a_persons(country, written, kind, number):
    assert id_numbers.read(country, written) == id_numbers.IdNumber(kind, number)


@pytest.mark.parametrize("dated", ["120390", "520390", "124390", "128390", "127790"])
def test_norwegian_numbers_of_all_series_are_persons(dated):
    """An ordinary one, a D-number, and the synthetic ones: month + 40, + 80 and + 65."""
    assert id_numbers.read("NO", norwegian(dated)).kind == "person"
    assert id_numbers.read("NO", norwegian("129990")).kind is None


def norwegian(dated):
    """The first number of a date that has check digits: modulus 11 gives some serials none."""
    for serial in range(100, 999):
        body = f"{dated}{serial}"
        first = _check(body, (3, 7, 6, 1, 8, 9, 4, 5, 2))
        second = _check(f"{body}{first}", (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) if first < 10 else 10
        if second < 10:
            return f"{body}{first}{second}"
    raise AssertionError(dated)


def _check(body, weights):
    return -sum(w * int(digit) for w, digit in zip(weights, body, strict=True)) % 11


@given(st.sampled_from(["811228-9874", "556016-0680", "701063-2391"]), st.integers(0, 9), st.data())
def test_one_wrong_digit_of_a_swedish_number_is_seen(number, digit, data):
    places = [at for at, char in enumerate(number) if char.isdigit() and char != str(digit)]
    at = data.draw(st.sampled_from(places))
    assert id_numbers.read("SE", number[:at] + str(digit) + number[at + 1 :]).kind is None


@pytest.mark.parametrize(
    ("written", "country", "mobile"),
    [
        ("20 12 34 56", "DK", "+4520123456"),
        ("+45 2012 3456", None, "+4520123456"),
        ("0045 20123456", "SE", "+4520123456"),
        ("070-123 45 67", "SE", "+46701234567"),
        ("+46 (0)70 123 45 67", "DK", "+46701234567"),
        ("412 34 567", "NO", "+4741234567"),
        ("040 1234567", "FI", "+358401234567"),
        ("+49 151 23456789", "DK", "+4915123456789"),
        ("08-123 456 78", "SE", None),  # Stockholm's, and no mobile
        ("12 34 56 78", "NO", None),
        ("20 12 34", "DK", None),
        ("20123456", "DE", None),  # no country code, and we do not know theirs
        ("ring efter kl. 12", "DK", None),
        ("", "DK", None),
    ],
)
def test_a_mobile_number_is_said_in_full(written, country, mobile):
    assert contact.mobile(written, country) == mobile


@pytest.mark.parametrize(
    ("code", "country", "right"),
    [
        ("2200", "DK", True),
        ("DK-2200", "DK", True),
        ("220", "DK", False),
        ("113 30", "SE", True),
        ("1133", "SE", False),
        ("N-0150", "NO", True),
        ("00100", "FI", True),
        ("SW1A 1AA", "GB", True),
        ("", "GB", False),
    ],
)
def test_a_postal_code_has_its_countrys_form(code, country, right):
    assert contact.is_postal_code(code, country) is right


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("bogholderi@klarup.example.dk", True),
        (" åse.ødegård@bærum.example.no ", True),
        ("a@b", False),
        ("a b@c.dk", False),
        ("a@b.dk; c@d.dk", False),
        ("a@.dk", False),
        (f"{'a' * 250}@b.dk", False),
    ],
)
def test_an_email_address_has_the_form_of_one(written, right):
    assert contact.is_email(written) is right


@pytest.mark.parametrize(
    ("written", "code"),
    [("Danmark", "DK"), (" SVERIGE ", "SE"), ("no", "NO"), ("Suomi", "FI"), ("Utopia", None)],
)
def test_a_country_is_known_by_its_name_in_any_nordic_language(written, code):
    assert contact.country_of(written) == code


@pytest.mark.parametrize(
    ("kind", "account", "agreed", "reference"),
    [
        (InstructionKind.FIK71, "81234567", {}, "000000000047118"),
        (InstructionKind.FIK73, "81234567", {}, None),
        (InstructionKind.BANKGIRO, "50501055", {}, "47118"),
        (InstructionKind.BANKGIRO, "50501055", {"length_digit": True}, "471169"),
        (InstructionKind.NO_ACCOUNT, "86011117947", {"digits": 10}, "0000047118"),
        (InstructionKind.NO_ACCOUNT, "86011117947", {"modulus": 11}, "47112"),
        (InstructionKind.IBAN, "FI2112345600000785", {}, "47115"),
        (InstructionKind.IBAN, "DK5000400440116243", {}, "4711"),
        (InstructionKind.DK_ACCOUNT, "00400440116243", {}, "4711"),
    ],
)
def test_what_a_customer_quotes_is_made_from_the_invoices_number(kind, account, agreed, reference):
    made = reference_of(kind, account, "4711", **agreed)
    assert made == reference
    if made is not None:
        assert faults(PaymentInstruction(kind, account, made)) == ()


def test_a_number_with_letters_is_no_reference_where_digits_are_wanted():
    assert reference_of(InstructionKind.FIK71, "81234567", "F-4711") is None
    assert reference_of(InstructionKind.BANKGIRO, "50501055", "F-4711") is None


@given(st.integers(0, 10**14 - 1))
def test_every_payment_id_that_is_made_is_sound(number):
    assert id_faults(Card.FIK_71, make(Card.FIK_71, str(number))) == ()
