"""Amounts are integers: a float is a duration in seconds, named as one, and nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.sources import SOURCES, relative, text_of

# Everything that an amount passes through, the outside world's books included.
PLACES = ("services/", "simulators/", "shared/contracts/", "shared/references/", "shared/money.py")
DURATION = re.compile(r"(_s|_seconds|seconds)$", re.IGNORECASE)


def floats(tree: ast.AST) -> Iterator[ast.expr]:
    """Every float that is written, and every mention of the type."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node
        if isinstance(node, ast.Name) and node.id == "float":
            yield node


def durations(tree: ast.AST) -> Iterator[ast.AST]:
    """What is bound to a name that says that it is a duration."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.arg(arg=name)
                | ast.Assign(targets=[ast.Name(id=name)])
                | ast.AnnAssign(target=ast.Name(id=name))
            ) if DURATION.search(name):
                yield from ast.walk(node)


def strange_floats(source: str) -> list[int]:
    """The lines of floats that may be money."""
    tree = ast.parse(source)
    told = {id(node) for node in durations(tree)}
    return [node.lineno for node in floats(tree) if id(node) not in told]


@pytest.mark.property_("P15")
def test_no_amount_is_ever_a_float() -> None:
    places = [path for path in SOURCES if relative(path).startswith(PLACES)]
    found = {relative(path): strange_floats(text_of(path)) for path in places}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("fee = 2.5", [1]),
        ("def pay(amount: float) -> None: ...", [1]),
        ("minor = int(float(text) * 100)", [1]),
        ("amount: dict[str, float] = {}", [1]),
        ("_PATIENCE_S = 2.5", []),
        ("def wait(timeout_seconds: float) -> None: ...", []),
        ("seconds = float(setting)", []),
    ],
)
def test_a_float_that_is_no_duration_is_seen(source: str, found: list[int]) -> None:
    assert strange_floats(source) == found
