"""Codes in words: every reason that keeps a payment has its sentence, and one matter has one."""

from __future__ import annotations

from uuid import uuid4

import pytest

from services.payments.model.blocking import CLEARABLE
from services.payments.pages import reasons
from shared.contracts.values import Fault
from shared.references.fault import FaultCode

UNHEARD_OF = reasons.reason(Fault("unheard_of", "field"), str)
OTHER, THIRD = str(uuid4()), str(uuid4())
NUMBERS = {OTHER: "300718841", THIRD: "17"}


@pytest.mark.parametrize("code", [*FaultCode, *sorted(CLEARABLE), "missing_details",
                                  "payment_type_unknown", "foreign_currency", "bank_cannot_carry",
                                  "digest_changed", "mandate_revoked", "nothing_left"])  # fmt: skip
def test_every_reason_has_a_sentence_without_its_code(code: str) -> None:
    said = reasons.reason(Fault(str(code), "reference", "8"), str)
    assert said != UNHEARD_OF
    assert str(code) not in said


def likeness(*fields: str, other: str = OTHER) -> list[Fault]:
    return [Fault("duplicate_soft", field, other) for field in fields]


def test_all_that_makes_an_invoice_look_like_another_is_one_sentence_that_names_it() -> None:
    found = likeness("number", "amount", "reference")
    (said,) = reasons.told(found, str, NUMBERS)
    assert said == (
        "Likely the same as invoice 300718841: the number differs only in zeros, letters or signs, "
        "the same amount, the same payment reference. A second person may say that it is not."
    )


def test_likeness_to_two_invoices_is_two_matters() -> None:
    found = [*likeness("amount"), *likeness("amount", other=THIRD), Fault("already_paid", "x")]
    assert [len(group) for group in reasons.together(found)] == [1, 1, 1]
    assert sum("invoice 17:" in said for said in reasons.told(found, str, NUMBERS)) == 1


def test_an_order_that_is_not_known_any_more_is_not_named() -> None:
    (said,) = reasons.told(likeness("amount"), str, {})
    assert said.startswith("Likely the same as another invoice of this supplier.")


def test_a_bank_reason_keeps_its_code_beside_the_words() -> None:
    assert reasons.bank_said("AC04", str) == "the account is closed (AC04)"
    assert reasons.bank_said("ZZ99", str) == "ZZ99"
