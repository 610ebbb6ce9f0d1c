"""The sheet of paper that an e-invoice is shown as."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import services.sync
from services.sync.model.drawing import Formats, Row, Sheet, SheetLine, draw, pay_line
from services.sync.model.ubl import read
from shared.references.instruction import InstructionKind, PaymentInstruction
from tests.sync.documents import NAMES, document

pytestmark = pytest.mark.capability("S15")

PLAIN = Formats(
    money=lambda amount, currency: f"{amount:,.{0 if currency == 'JPY' else 2}f}",
    number=str,
    day=lambda day: f"{day:%d.%m.%Y}",
    word=str,
)
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(services.sync.__file__).parent / "pages" / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)


def sheet(data: bytes) -> Sheet:
    return draw(read(data), PLAIN)


def shown(data: bytes) -> str:
    return TEMPLATES.get_template("sync/sheet.html").render(sheet=sheet(data))


def test_a_sheet_says_who_what_when_and_how_much() -> None:
    drawn = sheet(document("peppol-dk-fik71.xml"))
    assert drawn.title == "Lindtoft Tømmerhandel A/S"
    assert drawn.sender == ("Savværksvej 14, 7400 Herning", "VAT no. DK31884209")
    assert drawn.facts == (
        Row("Invoice", "2048311"),
        Row("Date", "12.02.2026"),
        Row("Due", "02.03.2026", strong=True),
        Row("To", "Fjordvig Byg ApS, Havnevej 3, 8000 Aarhus C"),
        Row("Your order", "1182"),
        Row("Your reference", "Kongevejen 40"),
    )
    assert drawn.lines[2] == SheetLine(
        "Kørsel med kran, Kongevejen 40", "1", "2,396.00", "2,396.00"
    )
    assert drawn.lines[-1] == SheetLine("Aftalt rabat", "", "", "-560.00")
    assert drawn.totals == (
        Row("Before VAT", "68,992.00"),
        Row("VAT", "17,248.00"),
        Row("To pay, DKK", "86,240.00", strong=True),
    )
    assert drawn.pay_by == Row("Pay by", "+71<026840149965328 +80882939<")


def test_what_is_prepaid_and_rounded_stands_above_the_total() -> None:
    labels = [row.label for row in sheet(document("rounding.xml")).totals]
    assert labels == ["Before VAT", "VAT", "Paid already", "Rounding", "To pay, SEK"]


def test_a_credit_note_is_credited_and_not_paid() -> None:
    drawn = sheet(document("credit-note.xml"))
    assert drawn.facts[0] == Row("Credit note", "K-2048317")
    assert Row("Credits invoice", "2048311") in drawn.facts
    assert drawn.totals[-1].label == "Credited, DKK"
    assert drawn.pay_by is None


@pytest.mark.parametrize("name", NAMES)
def test_every_document_is_shown_whatever_stands_against_it(name) -> None:
    page = shown(document(name))
    assert page.count("<article") == page.count("</article>") == 1
    assert read(document(name)).number in page


def test_what_a_document_says_stays_text() -> None:
    script = b"&lt;script&gt;alert(1)&lt;/script&gt;"
    page = shown(document("peppol-dk-fik71.xml").replace(b"Aftalt rabat", script))
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("kind", "account", "reference", "line"),
    [
        (InstructionKind.FIK73, "80882939", None, "+73< +80882939<"),
        (InstructionKind.GIRO04, "1234567", "0" * 16, "+04<0000000000000000 +1234567<"),
        (InstructionKind.DK_ACCOUNT, "34090012400781", None, "3409 0012400781"),
        (InstructionKind.BANKGIRO, "50501055", "77310266", "Bankgiro 5050-1055, 77310266"),
        (InstructionKind.PLUSGIRO, "4150", None, "PlusGiro 415-0"),
        (InstructionKind.SE_ACCOUNT, "50001234567", None, "50001234567"),
        (InstructionKind.NO_ACCOUNT, "86011117947", "18", "8601 11 17947, 18"),
        (InstructionKind.IBAN, "FI2112345600000785", None, "FI21 1234 5600 0007 85"),
    ],
)
def test_an_instruction_is_printed_as_its_country_prints_it(kind, account, reference, line) -> None:
    assert pay_line(PaymentInstruction(kind, account, reference)) == line
