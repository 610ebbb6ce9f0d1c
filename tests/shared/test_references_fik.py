"""Danish inpayment forms, in all the ways people write their code line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.references import fik
from shared.references.check_digits import is_digits

LINE_71 = fik.PrintedLine(fik.Card.FIK_71, "026840149965328", "80882939")


@pytest.mark.parametrize(
    "text",
    [
        "+71<026840149965328+80882939<",
        "+71<026840149965328 +80882939<",
        "+71< 026840149965328 + 80882939 <",
        "  +71<026840149965328+80882939<\n",
        ">71<026840149965328+80882939<",
        "+71<026840149965328+80882939",
        "71<026840149965328+80882939<",
        "71 026840149965328 80882939",
        "71-026840149965328-80882939",
        "71/026840149965328/80882939",
        "71#026840149965328#80882939",
        "+71 0268 4014 9965 328 +8088 2939",
        "71 0268 4014 9965 328 8088 2939",
        "7102684014996532880882939",
        "FIK +71<026840149965328+80882939<",
        "fik: 71 026840149965328 80882939",
        "+71<026840149965328\u00a0+80882939<",
    ],
)
def test_a_code_line_is_read_however_it_is_spelt(text: str) -> None:
    assert fik.read_line(text) == LINE_71


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("+73<+80882939<", fik.PrintedLine(fik.Card.FIK_73, None, "80882939")),
        ("+73< +80882939<", fik.PrintedLine(fik.Card.FIK_73, None, "80882939")),
        ("+73<80882939", fik.PrintedLine(fik.Card.FIK_73, None, "80882939")),
        ("+01<+1234567<", fik.PrintedLine(fik.Card.GIRO_01, None, "1234567")),
        (
            "+75<1234567890123452+80882939<",
            fik.PrintedLine(fik.Card.FIK_75, "1234567890123452", "80882939"),
        ),
        (
            "+04<1234567890123452+1234567<",
            fik.PrintedLine(fik.Card.GIRO_04, "1234567890123452", "1234567"),
        ),
        (
            "15 1234567890123452 12345678",
            fik.PrintedLine(fik.Card.GIRO_15, "1234567890123452", "12345678"),
        ),
    ],
)
def test_every_card_type_has_its_own_shape(text: str, line: fik.PrintedLine) -> None:
    assert fik.read_line(text) == line
    assert fik.read_line(fik.printed(line)) == line


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+71<",
        "+71<026840149965328",
        "+71<+80882939<",
        "+72<026840149965328+80882939<",
        "+73<123+80882939<",
        "+71<026840149965328+808829<",
        "73 80882939",
        "7380882939",
        "01-02-2026",
        "15-11-2026 10:30",
        "DK5000400440116243",
        "Faktura 71 af 80882939",
        "+\u0667\u0661<026840149965328+80882939<",
    ],
)
def test_what_is_not_a_code_line_is_not_read_as_one(text: str) -> None:
    assert fik.read_line(text) is None


def test_leading_zeros_that_got_lost_are_not_made_up() -> None:
    line = fik.read_line("+71<26840149965328+80882939<")
    assert line is not None
    [fault] = fik.id_faults(line.card, line.payment_id)
    assert (fault.code, fault.expected) == ("reference_length", "15")


@given(st.sampled_from(fik.Card), st.text("0123456789", min_size=16, max_size=16))
def test_what_is_printed_can_be_read_again(card: fik.Card, digits: str) -> None:
    length = fik.ID_LENGTH.get(card)
    line = fik.PrintedLine(card, digits[:length] if length else None, "8" + digits[:7])
    assert fik.read_line(fik.printed(line)) == line


@given(st.text("0123456789+<>/#- FIKGRO\u00e6\n", max_size=40))
def test_no_text_upsets_the_reader(text: str) -> None:
    line = fik.read_line(text)
    assert line is None or is_digits(line.creditor)
