"""What the parts refuse, and what stands in the pages that they draw."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment, UndefinedError

from shared.money import Money
from shared.ui.assets import asset_href, assets, published_assets
from shared.ui.environment import draw, environment
from shared.ui.parts import Act, Card, Caution, Link, NavEntry, TimelineEntry, with_now
from shared.ui.reader import Reader
from tests.shared.gallery import content

STATIC = Path(__file__).parents[2] / "shared" / "ui" / "static"
READER = Reader("en", ZoneInfo("Europe/Copenhagen"), content.MONDAY)


@pytest.fixture(scope="module")
def pages() -> Environment:
    return environment(Path(__file__).parent / "gallery" / "templates")


@pytest.fixture
def drawn(tmp_path: Path):
    def draw_text(text: str, language: str = "en", **matter: object) -> str:
        (tmp_path / "one.html").write_text(text, encoding="utf-8")
        reader = Reader(language, READER.zone, READER.day)  # type: ignore[arg-type]  # by name
        return draw(environment(tmp_path), "one.html", reader, **matter)

    return draw_text


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "https://elsewhere.test/",
        "//elsewhere.test",
        "\\\\elsewhere.test",
        "/\\elsewhere.test",
        "/\t\\elsewhere.test",
    ],
)
def test_a_link_never_leaves_the_site(href: str) -> None:
    with pytest.raises(ValueError, match="stays on this site"):
        Link("payee", href)
    with pytest.raises(ValueError, match="stays on this site"):
        NavEntry("Today", href)


def test_a_possible_act_has_exactly_one_way_and_an_impossible_one_none() -> None:
    with pytest.raises(ValueError, match="one way"):
        Act("Send", "now")
    with pytest.raises(ValueError, match="one way"):
        Act("Send", "now", href="/send", form="send")
    with pytest.raises(ValueError, match="none"):
        Act("Send again", "may be paid", possible=False, href="/send")


def test_an_odd_payment_cannot_be_ticked() -> None:
    with pytest.raises(ValueError, match="never ticked"):
        Card("Kronborg", "#p", Money(1, "DKK"), "", [Caution("Account differs")], value="1")


def test_now_stands_between_what_is_planned_and_what_happened() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    plan, past = TimelineEntry("later", "Plan", kind="plan"), TimelineEntry("before", "Done")
    assert [entry.title for entry in with_now([plan, past], now, "Now")] == ["Plan", "Now", "Done"]


def test_a_text_from_outside_is_written_as_text(drawn) -> None:
    fact = '{% from "parts/act.html" import facts %}{{ facts(all) }}'
    html = drawn(fact, all=[{"term": "Payee", "value": "<script>alert(1)</script>"}])
    assert "&lt;script&gt;" in html
    assert "<script" not in html


def test_a_text_from_outside_is_escaped_inside_a_translated_sentence_too(drawn) -> None:
    gap = '{% from "parts/notice.html" import gap %}{{ gap(name, "/") }}'
    assert "<b>&lt;i&gt; mangler her</b>" in drawn(gap, "da", name="<i>")


def test_a_name_that_is_not_there_stops_the_drawing(drawn) -> None:
    with pytest.raises(UndefinedError):
        drawn("{{ amount_due }}")


def test_a_service_cannot_replace_the_base_page(tmp_path: Path) -> None:
    (tmp_path / "base.html").write_text("replaced", encoding="utf-8")
    page = draw(environment(tmp_path), "base.html", READER, page=content.page("Today", "t"))
    assert page.startswith("<!doctype html>")


def test_zero_is_shown_and_quiet(drawn) -> None:
    money = '{% from "parts/money.html" import money %}{{ money(value) }}'
    html = drawn(money, value=Money.zero("DKK"))
    assert html == '<span class="m"><span class="nil">0.00</span><i>DKK</i></span>'


def test_a_chip_is_a_word_in_the_readers_language_beside_a_silent_shape(drawn) -> None:
    chip = (
        '{% from "parts/state.html" import chip %}'
        "{{ chip(PAYMENT.partly_approved, given=1, needed=2) }}"
    )
    html = drawn(chip, "da")
    assert html.endswith("1 af 2 godkendt</span>")
    assert '<svg aria-hidden="true"' in html


def test_every_form_of_a_page_that_changes_something_carries_the_token(pages) -> None:
    for template, matter in (
        ("gallery.html", content.gallery()),
        ("approvals.html", content.approvals()),
    ):
        html = draw(pages, template, READER, page=content.page("One", "the-token"), **matter)
        forms = [form for form in html.split("<form")[1:] if 'method="post"' in form[:200]]
        assert forms
        assert all('name="form_token" value="the-token"' in form for form in forms)


def test_no_page_has_inline_style_or_script(pages) -> None:
    html = draw(pages, "gallery.html", READER, page=content.page("One", ""), **content.gallery())
    assert "<style" not in html
    assert " style=" not in html
    assert " on" not in {part[:3] for part in html.split('"')[2::2]}
    assert html.count("<script") == html.count('<script src="/static/')


def test_the_vendored_script_is_the_one_that_was_written_down() -> None:
    fingerprint = sha256((STATIC / "htmx.min.js").read_bytes()).hexdigest()
    assert fingerprint in (STATIC / "VENDORED.md").read_text(encoding="utf-8")


def test_a_static_file_is_named_after_its_content() -> None:
    sheet = assets()["forfald.css"]
    assert sha256(sheet.body).hexdigest()[:32] in sheet.published
    assert asset_href("forfald.css") == "/static/" + sheet.published
    assert published_assets()[sheet.published] is sheet


def test_colours_stand_only_among_the_tokens_of_the_stylesheet() -> None:
    _, _, rules = (STATIC / "forfald.css").read_text(encoding="utf-8").partition("/* 2 Base")
    named = [
        line for line in rules.splitlines() if "#" in line.replace("#000", "").replace("#fff", "")
    ]
    assert not named
