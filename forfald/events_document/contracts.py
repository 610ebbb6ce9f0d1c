"""All contracts there are, in one order: by publisher, then as their file lists them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import shared.contracts
from shared.contracts.base import CONTRACTS, Contract
from shared.stream.subscriptions import snake


def contracts() -> list[type[Contract]]:
    """Every contract of every module in `shared.contracts`."""
    for module in pkgutil.iter_modules(shared.contracts.__path__):
        importlib.import_module(f"shared.contracts.{module.name}")
    return sorted(CONTRACTS.values(), key=lambda contract: contract.publisher)


def says(contract: type[Contract]) -> str:
    """What the event says: its docstring, or its name read aloud where that is all there is."""
    return inspect.cleandoc(contract.__doc__ or f"{spoken(contract.__name__)}.")


def spoken(name: str) -> str:
    """`LedgerDriftCleared` as `Ledger drift cleared`."""
    return snake(name).replace("_", " ").capitalize()
