"""What letters look like and say: golden by hash, conforming, and the same bytes every time.

`python -m tests.notifications.draw_letters FOLDER` writes them as PDF and PNG, to be looked at before a
hash here is changed.
"""

from __future__ import annotations

import io
import json
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec
import pikepdf
import pytest

from services.notifications.gateways.typesetting import (
    Attachment,
    Typeset,
    typeset,
    with_pages_of,
)
from services.notifications.model.document import compose_document
from services.notifications.model.letter_mail import as_html, as_text
from services.notifications.model.letter_texts import LetterTexts
from services.notifications.model.letters import letters_in
from services.notifications.model.payment_slip import Owed, code
from services.notifications.model.texts import Language
from services.notifications.values import LetterKind
from shared.money import Money
from tests.notifications.letters import PAID_TO, addressed, document_of, facts_of

GOLDEN = Path(__file__).parent / "golden_letters.json"
LETTERS = [(kind, language) for kind in LetterKind for language in Language]
every_letter = pytest.mark.parametrize(("kind", "language"), LETTERS)
every_language = pytest.mark.parametrize("language", list(Language))


@cache
def drawn(kind: LetterKind, language: Language) -> Typeset:
    return typeset(document_of(kind, language), b"")


def marks(content: bytes) -> dict[str, str]:
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_metadata() as about:
        found = {key.partition("}")[2] or key: str(value) for key, value in about.items()}
        parts = {
            "pdfa": str(about.get("pdfaid:part", "")),
            "level": str(about.get("pdfaid:conformance", "")),
            "pdfua": str(about.get("pdfuaid:part", "")),
        }
        return {**found, **parts}


@pytest.mark.capability("E4")
@pytest.mark.capability("E5")
@pytest.mark.capability("E6")
@every_letter
def test_a_letter_is_the_one_that_was_looked_at(kind: LetterKind, language: Language) -> None:
    golden = json.loads(GOLDEN.read_text())
    assert sha256(drawn(kind, language).content).hexdigest() == golden[f"{kind}-{language}"]


@every_letter
def test_a_letter_is_pdf_a_3_and_pdf_ua_1_tagged_and_on_one_page(
    kind: LetterKind, language: Language
) -> None:
    letter = drawn(kind, language)
    found = marks(letter.content)
    assert (found["pdfa"], found["level"], found["pdfua"]) == ("3", "A", "1")
    with pikepdf.open(io.BytesIO(letter.content)) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == language.value
        assert str(pdf.docinfo["/Title"]) == document_of(kind, language).title
    assert letter.pages == 1


def test_the_same_letter_is_the_same_bytes_and_another_day_is_another_letter() -> None:
    document = document_of(LetterKind.CHARGED, Language.DANISH)
    assert typeset(document, b"").content == typeset(document, b"").content
    later = msgspec.structs.replace(document, issued_on=document.issued_on + timedelta(days=1))
    assert typeset(later, b"").content != typeset(document, b"").content


@pytest.mark.parametrize(
    "text",
    [
        '#set document(title: "gone") #pdf.attach("x")',
        "*strong* _it_ $x^2$ `code` <label> @ref \\ // gone",
        "名 and \u202ereversed\u202c and \U0001f600",
    ],
)
def test_no_text_is_read_as_markup_or_turns_conformance_off(text: str) -> None:
    document = msgspec.structs.replace(
        document_of(LetterKind.REMINDER, Language.ENGLISH),
        title=text,
        sender=text,
        closing=(text,),
        recipient=(text,),
    )
    found = marks(typeset(document, b"").content)
    assert (found["pdfa"], found["pdfua"]) == ("3", "1")


def test_an_invoice_copy_travels_inside_the_letter() -> None:
    copy = drawn(LetterKind.STATEMENT, Language.DANISH).content
    attachment = Attachment("invoice-1.pdf", copy, "application/pdf", "F-2026-1042")
    letter = typeset(document_of(LetterKind.CHARGED, Language.DANISH), b"", [attachment])
    with pikepdf.open(io.BytesIO(letter.content)) as pdf:
        assert pdf.attachments["invoice-1.pdf"].get_file().read_bytes() == copy
    assert marks(letter.content)["pdfa"] == "3"


@pytest.mark.capability("E52")
def test_an_invoice_copy_is_page_two_of_what_is_printed_and_claims_no_conformance() -> None:
    copy = drawn(LetterKind.STATEMENT, Language.DANISH).content
    letter = drawn(LetterKind.CHARGED, Language.DANISH).content
    whole = with_pages_of(letter, [copy])
    assert whole.pages == 2
    found = marks(whole.content)
    assert (found["pdfa"], found["pdfua"]) == ("", "")
    assert with_pages_of(letter, [copy]).content == whole.content


def say(kind: LetterKind, language: Language) -> str:
    return as_text(document_of(kind, language), "")


@pytest.mark.capability("E9")
def test_one_letter_holds_several_invoices_each_with_its_own_reference() -> None:
    document = document_of(LetterKind.REMINDER, Language.SWEDISH)
    assert [row.number for row in document.rows] == ["F-2026-1042", "F-2026-1067"]
    assert [(one.reference_label, one.reference) for one in document.slip] == [
        ("OCR", "1234574"),
        ("OCR", "123455"),
    ]


@pytest.mark.capability("E11")
@pytest.mark.capability("E12")
def test_case_and_registration_numbers_stand_at_their_invoices() -> None:
    rows = document_of(LetterKind.REMINDER, Language.DANISH).rows
    assert [row.references for row in rows] == ["Sagsnr. 2026-118", "Reg.nr. AB 12 345"]


@pytest.mark.capability("E44")
def test_a_statement_lists_what_is_matched_with_nothing_as_negative_lines() -> None:
    document = document_of(LetterKind.STATEMENT, Language.DANISH)
    last = document.rows[-1]
    assert (last.number, last.total) == ("Indbetaling 4711", "-500,00")
    assert (document.total_label, document.total) == ("Saldo", "14.860,00\u00a0DKK")


@pytest.mark.capability("E45")
def test_a_reminder_says_that_open_items_may_change_the_balance_and_nets_nothing() -> None:
    document = document_of(LetterKind.CHARGED, Language.DANISH)
    [note] = document.notes
    assert "på i alt 500,00\u00a0DKK" in note
    assert document.total == "12.683,90\u00a0DKK"
    assert document_of(LetterKind.REMINDER, Language.DANISH).notes == ()


@pytest.mark.capability("E46")
@every_language
def test_the_page_of_the_debtors_ledger_is_named_in_letter_and_mail(language: Language) -> None:
    document = document_of(LetterKind.WARNING, language)
    assert document.portal in as_text(document, "")
    assert f'href="{document.portal}"' in as_html(document, "")


def test_each_charge_stands_with_its_law_and_how_it_came_about() -> None:
    fee, interest, earlier = document_of(LetterKind.WARNING, Language.DANISH).charges
    assert (fee.what, fee.law, fee.amount) == ("Rykkergebyr", "renteloven § 9 b", "100,00")
    assert interest.how == "8,75 % om året af 12.500,00 i 28 dage, 10.02.2026 til 09.03.2026"
    assert (earlier.what, earlier.amount) == ("Tidligere gebyr og renter", "100,00")


def test_what_nobody_has_verified_is_marked() -> None:
    interest = document_of(LetterKind.CHARGED, Language.FINNISH).charges[1]
    assert interest.law == "korkolaki 4 § (vahvistamatta)"


@every_language
def test_a_warning_names_its_law_its_deadline_and_what_follows(language: Language) -> None:
    facts = facts_of(LetterKind.WARNING, language)
    [clause] = [
        one.text
        for one in document_of(LetterKind.WARNING, language).body
        if one.clause == "collection_notice"
    ]
    assert facts.law in clause
    assert document_of(LetterKind.WARNING, language).due_on in clause


@pytest.mark.capability("E99")
@pytest.mark.capability("E100")
def test_a_foreign_currency_is_written_in_english_or_in_the_language_that_was_asked_for() -> None:
    facts = facts_of(LetterKind.REMINDER, Language.ENGLISH)
    to = addressed(Language.ENGLISH)
    for language, amount in (
        (Language.ENGLISH, "15,360.00\u00a0EUR"),
        (Language.DANISH, "15.360,00\u00a0EUR"),
    ):
        texts = letters_in(language).texts[LetterKind.REMINDER]
        assert compose_document(facts, texts, language, to).total == amount


@pytest.mark.capability("E14")
def test_a_creditors_own_words_stand_in_the_letter_with_their_facts_filled_in() -> None:
    own = LetterTexts("Hej {debtor_name}", "{invoices}: {charges}\n\n{payment_demand}", "Tak", 4)
    language = Language.DANISH
    facts = facts_of(LetterKind.CHARGED, language)
    document = compose_document(facts, own, language, addressed(language))
    assert document.title == "Hej Søren Ærø-Kjærgaard"
    assert document.body[0].text == "F-2026-1042: 183,90\u00a0DKK"
    assert document.version == "2026.1/charged/da/4"


def test_one_payment_in_euros_is_read_by_a_banking_app() -> None:
    owed = Owed("1", Money(1_268_390, "EUR"), PAID_TO["EUR"])
    lines = code([owed], "Rantala Oy", None).splitlines()
    assert lines[:4] == ["BCD", "002", "1", "SCT"]
    assert lines[5:8] == ["Rantala Oy", "FI2112345600000785", "EUR12683.90"]
    assert lines[9] == "RF341234561"
    assert code([owed, owed], "Rantala Oy", None) == ""


def test_one_payment_in_kronor_to_a_giro_is_read_by_a_banking_app() -> None:
    owed = Owed("1", Money(1_268_390, "SEK"), PAID_TO["SEK"])
    found = json.loads(code([owed], "Ekhammar AB", None))
    assert (found["due"], found["pt"], found["acc"]) == (12683.9, "BG", "50501055")
