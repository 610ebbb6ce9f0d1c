"""What is asked of every page that a journey comes to, and the pictures that are taken there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from services.tenants.acts.demo import Persona
from shared.testing.browser import DESKTOP, PHONE, View, page_at

PICTURES: Final = os.environ.get("FORFALD_PICTURES", "")
"""The folder that pictures go to; without it none are taken."""
_FOLD: Final = 800
_TALLEST: Final = 1800
_COLOURS: Final = 64


def look(view: View, name: str, answer: Locator) -> None:
    """The page is sound on a phone, where its answer is seen without scrolling, and fits a desk.

    What axe says at a desk is asked by each service's own tests.
    """
    answer.wait_for()
    view.page.wait_for_load_state("load")
    before = view.page.viewport_size
    assert before is not None
    for width in (DESKTOP, PHONE):
        view.page.set_viewport_size({"width": width, "height": _FOLD})
        view.must_be_sound() if width == PHONE else view.must_fit()
        picture(view, f"{name}-{'phone' if width == PHONE else 'desk'}")
    assert above_the_fold(answer), f"{name}: what answers lies at {answer.bounding_box()}"
    view.page.set_viewport_size(before)


def look_without_script(view: View, name: str, answer: Locator) -> None:
    """As much as can be asked on a phone that runs no script: axe is a script, too."""
    answer.wait_for()
    view.page.wait_for_load_state("load")
    assert not view.blocked(), view.blocked()
    assert not view.complaints, view.complaints
    assert view.sideways() <= 0, f"{view.sideways()} px too wide"
    assert above_the_fold(answer), f"{name}: what answers lies at {answer.bounding_box()}"
    picture(view, f"{name}-phone")


def above_the_fold(answer: Locator) -> bool:
    box = answer.bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= _FOLD


def picture(view: View, name: str) -> None:
    """Of the page from its top, in few colours: a picture for a document."""
    if not PICTURES:
        return
    Path(PICTURES).mkdir(parents=True, exist_ok=True)
    taken = Image.open(BytesIO(view.page.screenshot(full_page=True)))
    shown = taken.convert("RGB").crop((0, 0, taken.width, min(taken.height, _TALLEST)))
    shown.quantize(_COLOURS).save(Path(PICTURES) / f"{name}.png", optimize=True)


@contextmanager
def somebody(
    browser: Browser, site: str, who: Persona, *, width: int = DESKTOP, script: bool = True
) -> Iterator[View]:
    """Signed in as one of the cast, and reading in English."""
    with page_at(browser, width, height=_FOLD, script=script) as view:
        view.open(f"{site}/sign-in")
        sign_in(view, who)
        in_english(view, site)
        yield view


def in_english(view: View, site: str) -> None:
    view.open(f"{site}/me")
    view.page.get_by_role("combobox").select_option("en")
    view.page.locator("form[action='/me/language'] button").click()
    expect(view.page.locator("html")).to_have_attribute("lang", "en")


def sign_in(view: View, who: Persona) -> None:
    view.page.get_by_role("button", name=who.name).click()
