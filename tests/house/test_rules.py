"""What must not come back, as tests over the sources."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for package in ("forfald", "services", "shared", "simulators")
    for path in sorted((ROOT / package).rglob("*.py"))
]


A_DOCUMENT = re.compile(r"[\w-]+\.md\b")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_only_the_clock_reads_the_time(path: Path) -> None:
    if relative(path) == "shared/clock.py":
        return
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and (node.attr in {"utcnow", "today"} or (node.attr == "now" and is_class(node.value)))
    ]
    assert not calls, [f"line {node.lineno}" for node in calls]


def is_class(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in {"datetime", "date"}


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_no_unfinished_marks_stand_in_the_code(path: Path) -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error")
    assert not [mark for mark in marks if mark in path.read_text()]


def test_no_source_cites_a_document_that_a_reader_has_not() -> None:
    there = {path.name for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))}
    cited = {
        (relative(path), name) for path in SOURCES for name in A_DOCUMENT.findall(path.read_text())
    }
    assert sorted((path, name) for path, name in cited if name not in there) == []


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_nothing_is_published_by_a_way_that_loses_keys(path: Path) -> None:
    assert "publish_batch" not in path.read_text()


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_the_broker_framework_stays_in_its_room(path: Path) -> None:
    if relative(path) != "shared/stream/kafka_member.py":
        assert "faststream" not in path.read_text()


OTHER_WAYS_OUT = {"aiohttp", "httpx", "http.client", "requests", "urllib.request", "urllib3"}
NOT_OUTWARD = {
    "forfald/ingress.py": "passes requests on as they come, while they come",
    "services/tenants/gateways/fragments.py": "asks all services of the house at once",
    "shared/http.py": "the transport itself",
    "shared/testing/site.py": "calls an application in the same process",
    "shared/testing/visiting.py": "keeps the cookies of somebody in front of such an application",
}


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_there_is_one_transport_outward(path: Path) -> None:
    if relative(path) not in NOT_OUTWARD:
        assert not OTHER_WAYS_OUT & imported(path)


def test_what_needs_another_transport_still_does() -> None:
    assert all(imported(ROOT / path) & OTHER_WAYS_OUT for path in NOT_OUTWARD)


def imported(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_services_do_not_shadow_the_standard_library() -> None:
    assert str(ROOT / "services") not in sys.path
