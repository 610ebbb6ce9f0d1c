"""E-invoices as read: every one is kept and shown; what must not be paid is blocked with a reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from services.sync.model.einvoice import Dialect, EInvoice, Kind, NotAnInvoice, ReadField
from services.sync.model.ubl import read
from shared.money import Money
from shared.references.instruction import InstructionKind, PaymentInstruction
from tests.sync.documents import document, sample

pytestmark = pytest.mark.capability("S14")

FIK = PaymentInstruction(InstructionKind.FIK71, "80882939", "026840149965328")
DANISH = PaymentInstruction(InstructionKind.DK_ACCOUNT, "34090012400781", None)
# 86240.00 in digits that Python would take for a number.
ARABIC = "".join(chr(0x660 + int(digit)) for digit in "86240") + ".00"
CREDIT_ACCOUNT = "<cac:CreditAccount><cbc:AccountID>81234567</cbc:AccountID></cac:CreditAccount>"
AGAIN = """<cac:PaymentMeans>
  <cbc:PaymentMeansCode>31</cbc:PaymentMeansCode>
  <cbc:PaymentID>001 0452 001</cbc:PaymentID>
  <cac:PayeeFinancialAccount><cbc:ID>8601.11.17947</cbc:ID></cac:PayeeFinancialAccount>
</cac:PaymentMeans>"""
FACTORING = """<cac:PayeeParty>
  <cac:PartyName><cbc:Name>Nordisk Factoring</cbc:Name></cac:PartyName>
</cac:PayeeParty>"""
NORWEGIAN = PaymentInstruction(InstructionKind.NO_ACCOUNT, "86011117947", "0010452001")


def invoice(name: str) -> EInvoice:
    return read(document(name))


def changed(name: str, *changes: tuple[str, str]) -> EInvoice:
    """The document with texts exchanged, each of which must stand in it."""
    text = document(name).decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read(text.encode())


def reasons(read_invoice: EInvoice) -> set[tuple[str, str]]:
    return {(one.code, one.field) for one in read_invoice.findings if one.blocks}


def remarks(read_invoice: EInvoice) -> set[tuple[str, str]]:
    return {(one.code, one.field) for one in read_invoice.findings if not one.blocks}


@pytest.mark.parametrize(
    ("name", "instruction", "to_pay"),
    [
        ("peppol-dk-fik71.xml", FIK, Money.of("86240.00", "DKK")),
        ("peppol-dk-account.xml", DANISH, Money.of("86940.00", "DKK")),
        (
            "peppol-se-bankgiro.xml",
            PaymentInstruction(InstructionKind.BANKGIRO, "50501055", "77310266"),
            Money.of("10025.00", "SEK"),
        ),
        ("peppol-no-kid.xml", NORWEGIAN, Money.of("10037.50", "NOK")),
        ("peppol-no-iban-kid.xml", NORWEGIAN, Money.of("10037.50", "NOK")),
        (
            "peppol-fi-iban-rf.xml",
            PaymentInstruction(
                InstructionKind.IBAN, "FI2112345600000785", "RF18539007547034", "NDEAFIHH"
            ),
            Money.of("790.65", "EUR"),
        ),
        ("oioubl-dk-bank.xml", DANISH, Money.of("86940.00", "DKK")),
        ("oioubl-fik71.xml", FIK, Money.of("86940.00", "DKK")),
    ],
)
def test_a_sound_invoice_can_be_paid_as_it_asks(name, instruction, to_pay) -> None:
    sound = invoice(name)
    assert (sound.instruction, sound.to_pay, sound.blocked) == (instruction, to_pay, False)
    assert sound.due_on == date(2026, 3, 2)


def test_a_peppol_invoice_is_read_to_its_end() -> None:
    read_invoice = invoice("peppol-dk-fik71.xml")
    assert (read_invoice.kind, read_invoice.dialect) == (Kind.INVOICE, Dialect.PEPPOL)
    assert (read_invoice.number, read_invoice.issued_on) == ("2048311", date(2026, 2, 12))
    seller = read_invoice.seller
    assert (seller.name, seller.identifier, seller.scheme, seller.vat, seller.country) == (
        "Lindtoft Tømmerhandel A/S", "31884209", "0184", "DK31884209", "DK",
    )  # fmt: skip
    assert seller.address == ("Savværksvej 14", "7400 Herning")
    assert read_invoice.buyer.name == "Fjordvig Byg ApS"
    assert read_invoice.order_reference == "1182"
    assert read_invoice.buyer_reference == "Kongevejen 40"
    first = read_invoice.lines[0]
    assert (first.quantity, first.price, first.total) == (
        Decimal(420), Decimal("118.60"), Decimal("49812.00"),
    )  # fmt: skip
    assert [one.amount for one in read_invoice.adjustments] == [Decimal("-560.00")]
    totals = read_invoice.totals
    assert (totals.net, totals.tax, totals.gross) == (
        Decimal("68992.00"), Decimal("17248.00"), Decimal("86240.00"),
    )  # fmt: skip


def test_the_tax_exclusive_amount_of_oioubl_is_the_tax() -> None:
    totals = invoice("oioubl-dk-bank.xml").totals
    assert (totals.net, totals.tax) == (Decimal("69552.00"), Decimal("17388.00"))


def test_other_registrations_of_sellers_are_not_their_vat_number() -> None:
    assert invoice("peppol-se-bankgiro.xml").seller.vat == "SE556000016701"
    assert invoice("peppol-no-kid.xml").seller.vat == "NO923609016MVA"


def test_the_payable_amount_is_after_what_is_prepaid_and_rounded() -> None:
    rounded = invoice("rounding.xml")
    assert (rounded.totals.gross, rounded.totals.prepaid, rounded.totals.rounding) == (
        Decimal("362.06"), Decimal("100.00"), Decimal("-0.06"),
    )  # fmt: skip
    assert (rounded.to_pay, rounded.blocked) == (Money.of("262.00", "SEK"), False)


def test_a_credit_note_is_kept_and_never_paid() -> None:
    credit = invoice("credit-note.xml")
    assert (credit.kind, credit.invoice_reference) == (Kind.CREDIT_NOTE, "2048311")
    assert (credit.to_pay, credit.instruction) == (Money.of("1355.00", "DKK"), None)
    assert credit.lines[0].quantity == Decimal(4)
    assert reasons(credit) == {("credit_note", "document")}


def test_an_invoice_that_calls_itself_a_credit_note_is_one() -> None:
    credit = changed("peppol-dk-fik71.xml", (">380<", ">381<"))
    assert (credit.kind, credit.instruction, credit.blocked) == (Kind.CREDIT_NOTE, None, True)
    assert len(credit.lines) == 3


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("wrong-iban.xml", "account"),
        ("peppol-no-kid-wrong.xml", "reference"),
        ("oioubl-fik71-wrong-digit.xml", "reference"),
    ],
)
def test_an_instruction_whose_digits_do_not_hold_blocks_the_payment(name, field) -> None:
    faulty = invoice(name)
    assert {where for _, where in reasons(faulty)} == {field}
    assert faulty.instruction is not None
    assert faulty.to_pay is not None


def test_the_right_check_digit_is_told() -> None:
    (finding,) = invoice("oioubl-fik71-wrong-digit.xml").findings
    assert "8" in finding.text


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no-account.xml", ("no_account", "account")),
        ("oioubl-nemkonto.xml", ("nemkonto", "account")),
        ("japanese-yen.xml", ("currency_without_decimals", "currency")),
        ("several-means.xml", ("several_means", "account")),
        ("direct-debit.xml", ("direct_debit", "account")),
        ("negative-total.xml", ("negative_total", "to_pay")),
        ("sums-that-do-not-add-up.xml", ("does_not_add_up", "to_pay")),
    ],
)
def test_what_must_not_be_paid_is_kept_shown_and_blocked(name, reason) -> None:
    kept = invoice(name)
    assert reasons(kept) == {reason}
    assert kept.number
    assert kept.seller.name
    assert kept.lines


def test_a_fik_ranks_before_an_account_and_an_account_before_an_iban() -> None:
    offered = invoice("several-means.xml")
    assert offered.instruction == FIK
    assert len(offered.means) == 3
    without_fik = changed("several-means.xml", (">93<", ">48<"))
    assert without_fik.instruction == DANISH


def test_the_same_account_offered_twice_is_one_way_to_pay() -> None:
    same = changed("peppol-no-kid.xml", ("<cac:PaymentMeans>", f"{AGAIN}<cac:PaymentMeans>"))
    assert (len(same.means), same.instruction, same.blocked) == (2, NORWEGIAN, False)


def test_more_means_than_anybody_offers_block() -> None:
    many = changed("peppol-no-kid.xml", ("<cac:PaymentMeans>", f"{AGAIN * 20}<cac:PaymentMeans>"))
    assert ("too_many_means", "account") in reasons(many)
    assert len(many.means) == 20


def test_a_means_of_the_payer_is_set_aside() -> None:
    two = invoice("two-means-one-the-payers.xml")
    assert [one.payers for one in two.means] == [True, False]
    assert (two.instruction, two.blocked) == (NORWEGIAN, False)
    assert remarks(two) == {("payers_means", "account")}


def test_money_is_not_sent_to_the_account_it_would_come_from() -> None:
    own = changed("two-means-one-the-payers.xml", ("86011117947", "15030012345"))
    assert [one.payers for one in own.means] == [True, True]
    assert (own.instruction, own.blocked) == (None, True)


def test_a_card_is_no_transfer_and_may_be_paid_already() -> None:
    paid = changed("peppol-dk-account.xml", (">31<", ">48<"))
    assert reasons(paid) == {("not_a_transfer", "account")}


@pytest.mark.parametrize("change", [("<cbc:ID>3409</cbc:ID>", ""), (">DK<", ">DE<")])
def test_an_account_that_no_rail_can_place_blocks(change) -> None:
    assert reasons(changed("peppol-dk-account.xml", change)) == {
        ("account_not_understood", "account")
    }


def test_an_unknown_card_type_blocks() -> None:
    unknown = changed("peppol-dk-fik71.xml", (">71#", ">72#"))
    assert reasons(unknown) == {("account_not_understood", "account")}


def test_a_card_without_reference_is_read() -> None:
    plain = changed("peppol-dk-fik71.xml", (">71#026840149965328<", ">73#<"))
    assert plain.instruction == PaymentInstruction(InstructionKind.FIK73, "80882939", None)
    assert not plain.blocked


@pytest.mark.parametrize(("name", "sender"), [("peppol-no-kid.xml", "0010452001"), ("peppol-fi-iban-rf.xml", "RF18 5390 0754 7034")])  # fmt: skip
def test_a_payment_id_that_is_no_reference_goes_along_as_text(name, sender) -> None:
    texted = changed(name, (sender, "Your job in Ålesund"))
    assert texted.instruction is not None
    assert texted.instruction.reference is None
    assert [one.text for one in texted.means] == ["Your job in Ålesund"]
    assert remarks(texted) == {("reference_is_text", "reference")}


def test_a_note_to_the_payee_is_kept_beside_a_danish_account() -> None:
    assert [one.text for one in invoice("oioubl-dk-bank.xml").means] == ["2048313"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ((">86240.00<", ">86240.005<"), ("not_money", "to_pay")),
        ((">86240.00<", ">8.6e4<"), ("unreadable", "to_pay")),
        ((">86240.00<", ">NaN<"), ("unreadable", "to_pay")),
        ((">86240.00<", f">{ARABIC}<"), ("unreadable", "to_pay")),
        ((">86240.00<", ">999999999999999.00<"), ("not_money", "to_pay")),
        ((">86240.00<", "><"), ("missing", "to_pay")),
        ((">DKK</cbc:Doc", ">dkk</cbc:Doc"), ("not_money", "to_pay")),
        ((">DKK</cbc:Doc", ">EUR</cbc:Doc"), ("another_currency", "to_pay")),
        (("<cbc:ID>2048311</cbc:ID>", ""), ("missing", "number")),
        (("2026-02-12", "12.02.2026"), ("unreadable", "issued_on")),
        (("2026-03-02", "2026-02-30"), ("unreadable", "due_on")),
        (("2026-03-02", "20260302"), ("unreadable", "due_on")),
        ((">17248.00<", ">1724.80<"), ("does_not_add_up", "gross")),
        (("</cac:LegalM", '<cbc:PayableAmount currencyID="DKK">1</cbc:PayableAmount></cac:LegalM'),
         ("said_twice", "to_pay")),
        (("<cac:PayeeF", "<cbc:PaymentID>71#1</cbc:PaymentID><cac:PayeeF"),
         ("said_twice", "reference")),
        (("</cac:PayeeF", f"</cac:PayeeFinancialAccount>{CREDIT_ACCOUNT}<cac:PayeeFinancialAccount></cac:PayeeF"),
         ("said_twice", "account")),
    ],
)  # fmt: skip
def test_what_cannot_be_trusted_blocks_and_never_crashes(change, reason) -> None:
    assert reason in reasons(changed("peppol-dk-fik71.xml", change))


def test_an_amount_in_whole_crowns_is_money() -> None:
    assert changed("peppol-dk-fik71.xml", (">86240.00<", ">86240<")).to_pay == Money(8624000, "DKK")


def test_nothing_to_pay_is_not_paid() -> None:
    zero = changed("peppol-dk-fik71.xml", (">86240.00</cbc:PayableA", ">0.00</cbc:PayableA"))
    assert ("nothing_to_pay", "to_pay") in reasons(zero)


@pytest.mark.parametrize(
    ("change", "remark"),
    [
        (("<cbc:DueDate>2026-03-02</cbc:DueDate>", ""), ("missing", "due_on")),
        ((">2026-03-02<", ">2026-01-02<"), ("due_before_issue", "due_on")),
        ((">17344.00<", ">17344.01<"), ("does_not_add_up", "lines")),
        ((">17344.00<", ">many<"), ("unreadable", "lines")),
        (("<cac:PaymentMeans>", f"{FACTORING}<cac:PaymentMeans>"), ("paid_to_another", "payee_name")),
    ],
)  # fmt: skip
def test_what_a_person_should_know_does_not_block(change, remark) -> None:
    known = changed("peppol-dk-fik71.xml", change)
    assert (remarks(known), known.blocked) == ({remark}, False)


def test_a_text_cannot_hide_what_it_says() -> None:
    hidden = changed("peppol-dk-fik71.xml", ("Lindtoft ", "Lind\u202etoft\u200b\u00ad  \n\t"))
    assert hidden.seller.name == "Lindtoft Tømmerhandel A/S"


@pytest.mark.capability("S15")
def test_every_field_tells_where_it_stands_and_how_sure_it_is() -> None:
    fields = {one.name: one for one in invoice("oioubl-fik71-wrong-digit.xml").fields}
    total = "/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount"
    assert fields["to_pay"] == ReadField("to_pay", "86940.00", Decimal(1), total)
    assert fields["due_on"].source == "/Invoice/cac:PaymentMeans/cbc:PaymentDueDate"
    assert fields["rail"].value == "fik71"
    assert fields["reference"] == ReadField(
        "reference", "026840149965329", Decimal("0.5"), "/Invoice/cac:PaymentMeans"
    )


@pytest.mark.capability("S15")
def test_a_field_that_is_absent_is_asked_for() -> None:
    absent = {one.name for one in invoice("no-account.xml").fields if one.confidence == 0}
    assert absent == {"account"}


@pytest.mark.capability("S15")
def test_of_several_means_the_chosen_one_is_named() -> None:
    fields = {one.name: one for one in invoice("several-means.xml").fields}
    assert fields["account"] == ReadField(
        "account", "80882939", Decimal("0.5"), "/Invoice/cac:PaymentMeans[3]"
    )


@pytest.mark.parametrize(
    "xml",
    [
        b"<Invoice/>",
        b'<ApplicationResponse xmlns="urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2"/>',
        b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>',
        b'<html xmlns="http://www.w3.org/1999/xhtml"/>',
    ],
)
def test_what_is_no_invoice_is_refused_by_name(xml) -> None:
    with pytest.raises(NotAnInvoice) as refused:
        read(xml)
    assert refused.value.code == "unknown_document"


def test_an_empty_invoice_is_kept_with_everything_missing() -> None:
    empty = read(b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>')
    lacking = {field for code, field in reasons(empty) if code == "missing"}
    assert lacking == {"number", "issued_on", "currency", "seller_name", "to_pay"}
    assert ("no_account", "account") in reasons(empty)


@pytest.mark.parametrize(
    ("name", "instruction", "blocking"),
    [
        ("happy-path_real.xml", "12341234567890", set()),
        ("dk-bank.xml", "12349876543210", set()),
        ("nemkonto.xml", None, {("nemkonto", "account")}),
        ("credit-note.xml", None, {("credit_note", "document")}),
    ],
)
def test_real_oioubl_documents_are_read(name, instruction, blocking) -> None:
    real = read(sample(name))
    assert real.dialect is Dialect.OIOUBL
    assert real.to_pay in {Money.of("6312.50", "DKK"), Money.of("41178.80", "DKK")}
    assert (real.instruction.account if real.instruction else None) == instruction
    assert reasons(real) == blocking
