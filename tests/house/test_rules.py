"""What must not come back, as tests over the sources: each names all places that break its rule."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from tests.house.sources import ROOT, SOURCES, nodes_of, relative, text_of, where

A_DOCUMENT = re.compile(r"[\w-]+\.md\b")


def test_the_rules_are_kept_over_all_of_the_house() -> None:
    packages = {relative(path).partition("/")[0] for path in SOURCES}
    assert packages == {"forfald", "services", "shared", "simulators"}


def test_only_the_clock_reads_the_time() -> None:
    calls = [
        where(path, node)
        for path in SOURCES
        if relative(path) != "shared/clock.py"
        for node in nodes_of(path)
        if isinstance(node, ast.Attribute)
        and (node.attr in {"utcnow", "today"} or (node.attr == "now" and is_class(node.value)))
    ]
    assert calls == []


def is_class(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in {"datetime", "date"}


def test_no_unfinished_marks_stand_in_the_code() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error")
    found = [(relative(path), mark) for path in SOURCES for mark in marks if mark in text_of(path)]
    assert found == []


def test_no_source_cites_a_document_that_a_reader_has_not() -> None:
    there = {path.name for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))}
    cited = {
        (relative(path), name) for path in SOURCES for name in A_DOCUMENT.findall(text_of(path))
    }
    assert sorted((path, name) for path, name in cited if name not in there) == []


def test_nothing_is_published_by_a_way_that_loses_keys() -> None:
    assert naming("publish_batch") == set()


def test_the_broker_framework_stays_in_its_room() -> None:
    assert naming("faststream") == {"shared/stream/kafka_member.py"}


def test_pages_are_closed_to_forms_of_other_sites_by_where_their_routers_are_made() -> None:
    between_services = {
        f"services/{name}/internal.py" for name in ("notifications", "sync", "tenants")
    }
    probes = "shared/web/app.py"
    assert naming("APIRouter(") == {"shared/web/routers.py", probes, *between_services}


def naming(word: str) -> set[str]:
    return {relative(path) for path in SOURCES if word in text_of(path)}


OTHER_WAYS_OUT = {"aiohttp", "httpx", "http.client", "requests", "urllib.request", "urllib3"}
NOT_OUTWARD = {
    "forfald/ingress.py": "passes requests on as they come, while they come",
    "services/tenants/gateways/fragments.py": "asks all services of the house at once",
    "shared/http.py": "the transport itself",
    "shared/testing/site.py": "calls an application in the same process",
    "shared/testing/visiting.py": "keeps the cookies of somebody in front of such an application",
}


def test_there_is_one_transport_outward_and_what_needs_another_still_does() -> None:
    assert {relative(path) for path in SOURCES if OTHER_WAYS_OUT & imported(path)} == set(
        NOT_OUTWARD
    )


def imported(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it."""
    found = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_services_do_not_shadow_the_standard_library() -> None:
    assert str(ROOT / "services") not in sys.path
