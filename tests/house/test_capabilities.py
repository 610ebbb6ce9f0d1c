"""What has been promised by number is shown by a test that bears the number.

The numbers are those of the product's table of capabilities, of the acceptance cases and of the
security properties. A mark is looked for where pytest would find it: on a test, or on its file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TESTS = [path for path in sorted((ROOT / "tests").rglob("test_*.py")) if "soak" not in path.parts]


def numbered(letter: str, text: str) -> set[str]:
    """`1-3 8` of letter S: S1, S2, S3, S8."""
    spans = (span.partition("-") for span in text.split())
    return {
        f"{letter}{number}"
        for first, _, last in spans
        for number in range(int(first), int(last or first) + 1)
    }


CAPABILITIES = (
    numbered("S", "1-10 12-26 28-30")
    | numbered("E", "1-48 51-52 80-93 99-103")
    | numbered("R", "1-17")
    | numbered("Y", "1-17")
    | numbered("F", "8-10")
)
CASES = {
    "rails": {1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 15, 16, 17, 18},
    "integrations": {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15},
    "law": set(range(1, 21)),
}
PROPERTIES = numbered("P", "1-2 4-9 11-12 15-16 19-21 24")

Mark = tuple[str, tuple[Any, ...]]


def marks_of(tree: ast.Module) -> Iterator[Mark]:
    """Every mark that a test of this file bears."""
    tests = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assigned = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    if tests and "pytestmark" in assigned:
        yield from marks_in(assigned["pytestmark"], assigned)
    for test in tests:
        for decorator in test.decorator_list:
            yield from marks_in(decorator, assigned)


def marks_in(expression: ast.expr, assigned: dict[str, ast.expr]) -> Iterator[Mark]:
    """`pytest.mark.name(number)`, or `map(pytest.mark.name, NUMBERS)`."""
    for node in ast.walk(expression):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="mark"), attr=name)):
                if all(isinstance(argument, ast.Constant) for argument in node.args):
                    yield name, tuple(map(ast.literal_eval, node.args))
            case ast.Call(
                func=ast.Name(id="map"),
                args=[ast.Attribute(value=ast.Attribute(attr="mark"), attr=name), ast.Name(id=of)],
            ):
                for number in ast.literal_eval(assigned[of]):
                    yield name, (number,)


@cache
def all_marks() -> set[Mark]:
    return {
        mark for path in TESTS for mark in marks_of(ast.parse(path.read_text(encoding="utf-8")))
    }


@pytest.mark.parametrize("number", sorted(CAPABILITIES))
def test_a_capability_is_shown(number: str) -> None:
    assert ("capability", (number,)) in all_marks()


@pytest.mark.parametrize(
    ("document", "number"),
    [(document, number) for document, numbers in CASES.items() for number in sorted(numbers)],
)
def test_an_acceptance_case_is_shown(document: str, number: int) -> None:
    assert ("case", (document, number)) in all_marks()


@pytest.mark.parametrize("number", sorted(PROPERTIES))
def test_a_security_property_is_shown(number: str) -> None:
    assert ("property_", (number,)) in all_marks()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("@pytest.mark.capability('S1')\ndef test_it(): ...", {("capability", ("S1",))}),
        ("pytestmark = [pytest.mark.case('rails', 2)]\ndef test_it(): ...", {("case", ("rails", 2))}),
        ("BY = ('S1',)\npytestmark = [*map(pytest.mark.capability, BY)]\ndef test_it(): ...",
         {("capability", ("S1",))}),
        ("pytestmark = pytest.mark.capability('S1')\ndef helper(): ...", set()),
        ("@pytest.mark.capability('S1')\ndef not_a_test(): ...", set()),
        ("# pytest.mark.capability('S1')\ndef test_it(): ...", set()),
    ],
)  # fmt: skip
def test_a_mark_counts_where_a_test_bears_it(source: str, found: set[Mark]) -> None:
    assert set(marks_of(ast.parse(source))) == found
