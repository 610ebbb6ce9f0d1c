"""Pages in a real browser: Debian's Chromium, at the widths that count, with axe and the CSP.

with serve(app) as site, chromium() as browser, page_at(browser, 360, dark=True) as view:
    view.open(site + "/payables")
    view.must_be_sound()
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM: Final = Path(os.environ.get("FORFALD_CHROMIUM", "/usr/bin/chromium"))
PHONE: Final = 360
DESKTOP: Final = 1280
_FLAGS: Final = (
    "--no-sandbox",  # tests also run as root, where Chromium refuses its sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# The rules of WCAG 2.2 A and AA, and those that the makers of axe count as good practice.
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OF_COLOURS: Final = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_AXE: Final = 'rules => axe.run({resultTypes: ["violations"], runOnly: rules})'
# What the browser blocks is told to the page before any of its own scripts runs.
_NOTE_BLOCKED: Final = """
window.blocked = [];
document.addEventListener("securitypolicyviolation",
  event => window.blocked.push(`${event.violatedDirective}: ${event.blockedURI}`));
"""


def require_chromium() -> None:
    """Skip the test with the reason where there is none."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser for many pages; it ends with the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True, slots=True)
class View:
    """A page at one width, and what the browser complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        self.page.goto(address, wait_until="load")

    def blocked(self) -> Sequence[str]:
        """What the content policy has blocked on this page; without script, from the console."""
        return [line for line in self.complaints if "Content Security Policy" in line] + list(
            self.page.evaluate("window.blocked ?? []")
        )

    def violations(self, rules: object = _RULES) -> Sequence[str]:
        """What axe finds: the rule and the place. Evaluated, so that the policy does not stop it."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found: dict[str, Any] = self.page.evaluate(_AXE, rules)
        return [
            f"{violation['id']}: {node['html'][:160]} | {node.get('failureSummary', '')}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    def sideways(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def must_be_sound(self) -> None:
        """No violation, nothing blocked, no error in the console, no sideways scroll."""
        assert not (found := self.violations()), found
        self.must_fit()

    def must_be_legible_in_the_dark(self) -> None:
        """Of a page that is sound by light: in the dark only its colours are others."""
        self.page.emulate_media(color_scheme="dark")
        assert not (found := self.violations(_OF_COLOURS)), found
        self.page.emulate_media(color_scheme="light")

    def must_fit(self) -> None:
        """The same, whatever axe would say."""
        assert not (blocked := self.blocked()), blocked
        assert not self.complaints, self.complaints
        assert self.sideways() <= 0, f"{self.sideways()} px too wide"


@contextmanager
def page_at(
    browser: Browser,
    width: int,
    *,
    height: int = 800,
    dark: bool = False,
    script: bool = True,
    language: str = "en-GB",
    cookies: Sequence[tuple[str, str, str]] = (),
) -> Iterator[View]:
    """A fresh page in a context of its own; `cookies` are (site, name, value)."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        java_script_enabled=script,
        reduced_motion="reduce",
        locale=language,
    )
    try:
        context.add_cookies(
            [{"url": site, "name": name, "value": value} for site, name, value in cookies]
        )
        context.add_init_script(_NOTE_BLOCKED)
        view = View(context.new_page())
        view.page.on("console", lambda message: _note(view, message.type, message.text))
        view.page.on("pageerror", lambda error: view.complaints.append(str(error)))
        yield view
    finally:
        context.close()


def _note(view: View, kind: str, text: str) -> None:
    if kind in {"error", "warning"}:
        view.complaints.append(text)
