"""Whatever arrives, the answer is an invoice with its findings, or one of two refusals."""

from __future__ import annotations

import re
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sync.model.einvoice import ABSENT, DOUBTED, STATED, EInvoice, NotAnInvoice
from services.sync.model.safe_xml import UnsafeXml
from services.sync.model.ubl import read
from tests.sync.documents import NAMES, document

pytestmark = [pytest.mark.property_("P16"), pytest.mark.capability("S14")]

QUIET = settings(derandomize=True, deadline=None, max_examples=150)
TEXTS = re.compile(rb">([^<\s][^<]*)<")
PAYABLE = re.compile(rb"(<cbc:PayableAmount[^>]*>)[^<]*<")
NASTY = st.sampled_from(
    [b"", b"NaN", b"-0", b"1e999", b"Infinity", b"9" * 30, b"0." + b"9" * 30, b"+", b"-1", b"RF",
     b"NO", b"FI", b"71#", b"#", b"+71&lt;", b"-", b"SE:BANKGIRO", b"DK:FIK", b"58", b"97", b"59",
     b"JPY", b"KWD", b"0000-00-00", b"9999-12-31Z", "٣".encode(), "²".encode(), b"&#8238;", b" "]
)  # fmt: skip


def answer(data: bytes) -> EInvoice | None:
    with suppress(UnsafeXml, NotAnInvoice):
        return read(data)
    return None


@QUIET
@given(st.sampled_from(NAMES), st.data())
def test_bytes_changed_anywhere_give_an_invoice_or_a_refusal(name, data) -> None:
    mutant = bytearray(document(name))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(mutant)))
        length = data.draw(st.integers(0, 12))
        mutant[at : at + length] = data.draw(st.binary(max_size=6))
    answer(bytes(mutant))


@QUIET
@given(st.sampled_from(NAMES), st.data())
def test_any_text_in_any_place_is_kept_with_findings(name, data) -> None:
    xml = document(name)
    texts = list(TEXTS.finditer(xml))
    for place in sorted(
        data.draw(st.lists(st.sampled_from(texts), min_size=1, max_size=4, unique=True)),
        key=lambda match: -match.start(),
    ):
        text = data.draw(NASTY | st.text("0123456789 .-#<ABCø", max_size=20).map(escaped))
        xml = xml[: place.start(1)] + text + xml[place.end(1) :]
    kept = answer(xml)
    assert kept is not None
    assert {one.confidence for one in kept.fields} <= {STATED, DOUBTED, ABSENT}
    assert kept.blocked or (kept.instruction is not None and kept.to_pay is not None)


def escaped(text: str) -> bytes:
    return text.replace("<", "&lt;").encode()


@QUIET
@given(st.decimals(allow_nan=False, allow_infinity=False) | st.text("0123456789.+-e ", max_size=20))
def test_what_is_to_be_paid_is_what_is_written_or_nothing(amount) -> None:
    written = str(amount).encode()
    kept = read(PAYABLE.sub(lambda match: match[1] + written + b"<", document("no-account.xml")))
    if kept.to_pay is not None:
        assert kept.to_pay.decimal == Decimal(written.decode().strip())
    else:
        assert {one.field for one in kept.findings if one.blocks} >= {"to_pay"}
