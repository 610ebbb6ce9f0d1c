"""The sources that the house's rules are kept over, each read and parsed once."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = tuple(
    path
    for package in ("forfald", "services", "shared", "simulators")
    for path in sorted((ROOT / package).rglob("*.py"))
)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a source's tree."""
    return tuple(ast.walk(ast.parse(text_of(path))))


def where(path: Path, node: ast.expr) -> str:
    return f"{relative(path)}:{node.lineno}"
