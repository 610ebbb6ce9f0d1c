"""Who publishes and who reads, as the services' own sources say it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

SERVICES = Path(__file__).parents[2] / "services"
_CONTRACTS = "shared.contracts"


def readers(services: Path = SERVICES) -> Mapping[str, list[str]]:
    """Per event in snake case, the services whose `subscriptions.py` has a handler named after it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(services.glob("*/subscriptions.py")):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("on_"):
                found[node.name.removeprefix("on_")].append(path.parent.name)
    return found


def tellers(services: Path = SERVICES) -> Mapping[str, set[str]]:
    """Per contract's class name, the services whose code makes one."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(services.rglob("*.py")):
        for name in _made(_tree(path)):
            found[name].add(path.relative_to(services).parts[0])
    return found


def _made(tree: ast.Module) -> Iterator[str]:
    """The contracts that a module calls: by name, or through a module of `shared.contracts`."""
    names, modules = _imported(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in names:
                yield names[name]
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)) if (
                module in modules
            ):
                yield name


def _imported(tree: ast.Module) -> tuple[dict[str, str], set[str]]:
    names: dict[str, str] = {}
    modules: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        if node.module == _CONTRACTS:
            modules |= {alias.asname or alias.name for alias in node.names}
        elif (node.module or "").startswith(f"{_CONTRACTS}."):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
    return names, modules


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
