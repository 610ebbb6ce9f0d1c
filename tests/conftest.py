"""The servers that any test may ask for, what counts as green, and how long it may take."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["shared.testing.kafka", "shared.testing.postgres"]

BUDGET_S = 15 * 60
# Documents from outside, which an environment names; everything else must be there in CI.
_OUTSIDE_DOCUMENTS = ("FORFALD_SPECS", "FORFALD_SAMPLES")
# The long ones first, so that no worker ends alone with the longest.
_LONG = (
    "journeys/test_readme.py",
    "journeys/test_every_address.py",
    "faults/test_crash_points",
    "journeys/",
    "faults/",
    "shared/test_inbox.py",
    "shared/test_watermark.py",
)
_TESTS = Path(__file__).parent
_began = time.monotonic()
# How fast the machine draws or tries examples says nothing of the rule that they try.
settings.register_profile("house", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("house")


def pytest_collection_finish() -> None:
    """What is imported by now stays: no collection need look through it again, a thousand times."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        name = item.path.relative_to(_TESTS).as_posix()
        found = (place for place, start in enumerate(_LONG) if name.startswith(start))
        return next(found, len(_LONG))

    items.sort(key=rank)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """What is marked `browser` needs Chromium; asked before anything is built for it."""
    if item.get_closest_marker("browser") is not None:
        from shared.testing.browser import require_chromium

        require_chromium()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """With CI=true a skipped test is a failed one, so that nothing is left out without a word."""
    report: pytest.TestReport = yield  # type: ignore[assignment]  # the wrapped hook's answer
    in_ci = os.environ.get("CI") == "true"
    reason = str(report.longrepr)
    if in_ci and report.skipped and not any(name in reason for name in _OUTSIDE_DOCUMENTS):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {reason}"
    return report  # type: ignore[return-value]  # a hook wrapper returns


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if hasattr(terminalreporter.config, "workerinput"):
        return
    seconds = time.monotonic() - _began
    terminalreporter.write_line(f"time: {seconds:.0f} s of a budget of {BUDGET_S} s")
