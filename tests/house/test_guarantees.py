"""Every promise names where it is kept and a test that exists."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "guarantees.md"
HEAD = ["Guarantee", "Kept in", "Shown by", "Command", "Limits"]
MARKED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Promise:
    says: str
    kept_in: list[str]
    shown_by: list[str]
    command: str


def rows(text: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|") and not line.startswith("|---")
    ]


def promises(text: str) -> list[Promise]:
    return [
        Promise(row[0], MARKED.findall(row[1]), MARKED.findall(row[2]), row[3].strip("`"))
        for row in rows(text)
        if row != HEAD
    ]


PROMISES = promises(PAGE.read_text(encoding="utf-8"))


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_row_has_the_columns_of_its_table() -> None:
    assert PROMISES
    assert {len(row) for row in rows(PAGE.read_text(encoding="utf-8"))} == {len(HEAD)}


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.says[:60])
def test_a_promise_is_kept_somewhere_and_shown_by_tests_that_its_command_runs(
    promise: Promise,
) -> None:
    assert promise.kept_in
    assert [name for name in promise.kept_in if not (ROOT / name).is_file()] == []
    assert promise.command.startswith("pytest tests/")
    assert promise.shown_by
    files = promise.command.removeprefix("pytest ").split()
    assert set(promise.shown_by) <= {name for file in files for name in functions_of(ROOT / file)}


def test_every_file_named_on_the_page_exists() -> None:
    named = [
        name
        for name in MARKED.findall(PAGE.read_text(encoding="utf-8"))
        if "/" in name and " " not in name and not name.startswith(".")
    ]
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_numbers_are_those_that_the_checker_reports() -> None:
    """I6 is asked by `forfald verify` through a rebuild beside the living tables."""
    checker = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "forfald" / "verify").glob("*.py")
    )
    named = {
        number for promise in PROMISES for number in re.findall(r"\bI\d+[a-z]?\b", promise.says)
    }
    assert named
    assert {number for number in named if f'"{number}"' not in checker} == set()
