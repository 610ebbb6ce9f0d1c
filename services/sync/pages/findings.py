"""What was found in an e-invoice, in sentences, and its fields as people write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from babel.numbers import format_decimal

from services.sync.model.einvoice import Finding, ReadField
from services.sync.pages.words import Say, labels
from shared.money import Money, MoneyError
from shared.ui import formats
from shared.ui.language import translator
from shared.ui.reader import Reader

_AMOUNTS: Final = frozenset({"to_pay", "gross"})
_DAYS: Final = frozenset({"issued_on", "due_on"})
_RAILS: Final = {
    "fik71": "FIK 71", "fik73": "FIK 73", "fik75": "FIK 75", "giro01": "Giro 01",
    "giro04": "Giro 04", "giro15": "Giro 15", "bankgiro": "Bankgiro", "plusgiro": "PlusGiro",
    "iban": "IBAN",
}  # fmt: skip


def told(finding: Finding, reader: Reader) -> str:
    """One finding with its field's name before it, which says where to look."""
    gettext = translator(reader.language).gettext
    label = labels(gettext).get(finding.field)
    said = sentence(finding, reader)
    return f"{label}: {said}" if label and finding.field != "document" else said


def sentence(finding: Finding, reader: Reader) -> str:
    """What is wrong, with what was written and what should have stood there, where that is known."""
    gettext = translator(reader.language).gettext
    known = {
        **_of_form(gettext),
        **_of_amounts(gettext),
        **_of_means(gettext),
        **_of_digits(gettext),
    }
    text = known.get(finding.code, gettext("it cannot be right as it stands"))
    if finding.code == "unreadable" and finding.field == "lines":
        text = gettext("%(stated)s of %(expected)s lines have no amount")
    if finding.code == "missing" and finding.field == "due_on":
        text = gettext("the document names no due date: a day has to be chosen")
    return text % {
        "stated": _written(finding.stated, reader),
        "expected": _written(finding.expected, reader),
    }


def value(field: ReadField, currency: str, reader: Reader) -> str:
    """A field as it was read, in the reader's way of writing; as it stands where it is none."""
    gettext = translator(reader.language).gettext
    if field.name == "rail":
        return rail(field.value, gettext)
    if field.name in _DAYS:
        return _written(field.value, reader)
    if field.name in _AMOUNTS:
        try:
            return formats.money(Money.of(Decimal(field.value), currency), reader)
        except (InvalidOperation, MoneyError):
            return field.value
    return field.value


def rail(kind: str, gettext: Say) -> str:
    named = {
        "dk_account": gettext("Danish account"),
        "se_account": gettext("Swedish account"),
        "no_account": gettext("Norwegian account"),
    }
    return named.get(kind) or _RAILS.get(kind, kind)


def _written(text: str, reader: Reader) -> str:
    """A day or a figure as the reader writes it; anything else as it is, in signs for "or" and "to"."""
    try:
        return formats.full_day(date.fromisoformat(text), reader)
    except ValueError:
        pass
    try:
        # With as many decimals as were written.
        pattern = (
            "#,##0." + "0" * decimals if (decimals := len(text.partition(".")[2])) else "#,##0"
        )
        return format_decimal(Decimal(text), pattern, reader.locale).replace("-", "\N{MINUS SIGN}")
    except InvalidOperation:
        return text.replace(" or ", " / ").replace(" to ", "–")


def _of_form(gettext: Say) -> dict[str, str]:
    return {
        "said_twice": gettext("it stands %(stated)s times, not once"),
        "unreadable": gettext("“%(stated)s” is not what stands there by the standard"),
        "missing": gettext("the document does not say it"),
        "due_before_issue": gettext("due %(stated)s, before it was issued, %(expected)s"),
        "paid_to_another": gettext("it is to be paid to %(stated)s, not to the sender"),
        "credit_note": gettext("A credit note: nothing is to be paid."),
    }


def _of_amounts(gettext: Say) -> dict[str, str]:
    return {
        "another_currency": gettext("it is in %(stated)s, the document in %(expected)s"),
        "not_money": gettext("%(stated)s is no amount of its currency"),
        "currency_without_decimals": gettext(
            "%(stated)s has no decimals: make sure that the amount is not a hundredfold"
        ),
        "nothing_to_pay": gettext("it is zero"),
        "negative_total": gettext("it is less than nothing: %(stated)s"),
        "does_not_add_up": gettext("%(stated)s is stated, but its parts make %(expected)s"),
    }


def _of_means(gettext: Say) -> dict[str, str]:
    return {
        "too_many_means": gettext(
            "there are more than %(expected)s ways to pay; the rest is not looked at"
        ),
        "direct_debit": gettext(
            "the sender collects it by direct debit: paying it too would be paying twice"
        ),
        "payers_means": gettext("one of the accounts is the payer’s own and is set aside"),
        "several_means": gettext(
            "%(stated)s ways to pay are offered: compare the one that was read with the invoice"
        ),
        "nemkonto": gettext("a NemKonto, which only public payers can reach: there is no account"),
        "account_not_understood": gettext(
            "no IBAN, and something is missing that a domestic account has (country, branch, "
            "card type)"
        ),
        "not_a_transfer": gettext(
            "its way of payment (%(stated)s) is no transfer; it may be paid already"
        ),
        "no_account": gettext("the document names no account"),
        "reference_is_text": gettext("“%(stated)s” is no reference and goes along as text"),
    }


def _of_digits(gettext: Say) -> dict[str, str]:
    """What an account or a reference gives away by its own digits."""
    return {
        "account_missing": gettext("the document names no account"),
        "account_characters": gettext("it has signs that no account of this kind has"),
        "account_length": gettext("it has the wrong length: %(expected)s digits are right"),
        "account_check_digit": gettext("its check digit does not fit"),
        "account_not_a_creditor": gettext(
            "it is no creditor number: those begin with %(expected)s"
        ),
        "invalid_iban": gettext("it is no valid IBAN: a digit is wrong or missing"),
        "invalid_bic": gettext("it is no valid bank code"),
        "bic_not_allowed": gettext("a bank code does not go with this kind of account"),
        "reference_missing": gettext("the payment reference is missing"),
        "reference_not_allowed": gettext("this way of payment carries no reference"),
        "reference_characters": gettext("it has signs that no reference of this kind has"),
        "reference_length": gettext("it has the wrong length: %(expected)s digits are right"),
        "reference_length_digit": gettext("its length digit does not fit"),
        "reference_check_digit": gettext("its check digit does not fit: %(expected)s is right"),
    }
