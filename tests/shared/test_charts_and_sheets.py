"""Charts that the server draws, and tables as files."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from shared.money import Money
from shared.ui import charts
from shared.ui.charts import Bar, Ends, Point, Words
from shared.ui.reader import Reader
from shared.ui.sheets import Head, Sheet, csv_of

WORDS = Words("Open <by> age", "Not due 8,000.", "age")
DANISH = Reader("da", ZoneInfo("Europe/Copenhagen"), date(2026, 3, 2))


def bars(*values: int) -> list[Bar]:
    return [Bar(f"B{n}", Decimal(value), f"{value}") for n, value in enumerate(values)]


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg.replace("&mdash;", ""))


@pytest.mark.parametrize(
    "svg",
    [
        charts.lying(bars(5, 0, 3), WORDS),
        charts.standing(bars(5, 0, 3), WORDS),
        charts.lying([], WORDS),
        charts.standing([], WORDS),
        charts.line([Point("Jan", Decimal(1)), Point("Feb", Decimal(2))], Ends("2", "Feb"), WORDS,
                    [(Decimal(0), "0"), (Decimal(2), "2")]),
    ],
)  # fmt: skip
def test_a_chart_is_an_image_with_a_name_and_its_finding_in_words(svg: str) -> None:
    root = drawn(svg)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "age-t age-d"
    title, finding = root[0], root[1]
    assert (title.text, title.get("id")) == ("Open <by> age", "age-t")
    assert (finding.text, finding.get("id")) == ("Not due 8,000.", "age-d")
    assert not [each for each in root.iter() if each.get("style")]


def test_a_label_from_outside_stays_a_text() -> None:
    svg = charts.lying([Bar("<script>", Decimal(1), "1")], WORDS)
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg


def test_bars_are_as_long_as_their_values() -> None:
    rects = [each for each in drawn(charts.lying(bars(100, 50), WORDS)) if each.tag == "rect"]
    one, other = (float(rect.get("width", "0")) for rect in rects)
    assert one == pytest.approx(2 * other, rel=0.01)


def test_the_falling_edge_stands_between_what_is_in_time_and_what_is_late() -> None:
    in_time, late = Bar("Not due", Decimal(1), "1", "rest"), Bar("1-30", Decimal(1), "1")
    assert 'class="due"' in charts.lying([in_time, late], WORDS)
    assert 'class="due"' not in charts.lying([late, late], WORDS)


@pytest.mark.parametrize(
    ("most", "last"),
    [("36000", 40000), ("29000", 30000), ("5", 6), ("0", 1), ("349.32", 400), ("100", 100)],
)
def test_the_highest_tick_is_round_and_not_below_the_highest_value(most: str, last: int) -> None:
    ticks = charts.round_ticks(Decimal(most))
    assert ticks[-1] == last
    assert len(ticks) <= 5


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1"])
def test_a_text_is_never_a_formula(text: str) -> None:
    written = csv_of([Sheet("S", [Head("Name")], [[text]])], None).decode()
    assert list(csv.reader(io.StringIO(written, newline="")))[1] == [f"'{text}"]


def test_an_amount_takes_a_column_for_its_currency() -> None:
    heads = [Head("Amount", is_money=True), Head("Day")]
    sheet = Sheet("S", heads, [[Money(-123450, "DKK"), date(2026, 3, 2)], [None, None]])
    assert csv_of([sheet], DANISH, "Valuta").decode().lstrip("\N{ZERO WIDTH NO-BREAK SPACE}") == (
        "Amount;Valuta;Day\r\n-1234,50;DKK;2026-03-02\r\n;;\r\n"
    )
