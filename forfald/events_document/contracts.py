"""All contracts there are, in one order: by publisher, then as their file lists them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import shared.contracts
from shared.contracts.base import CONTRACTS, Contract
from shared.stream.subscriptions import snake


def contracts() -> list[type[Contract]]:
    """Every contract of every module in `shared.contracts`, whatever else has been defined by now."""
    modules = [
        importlib.import_module(f"shared.contracts.{module.name}").__name__
        for module in pkgutil.iter_modules(shared.contracts.__path__)
    ]
    known = [contract for contract in CONTRACTS.values() if contract.__module__ in modules]
    return sorted(known, key=lambda contract: contract.publisher)


def says(contract: type[Contract]) -> str:
    """What the event says: its docstring, or its name read aloud where that is all there is."""
    return inspect.cleandoc(contract.__doc__ or f"{spoken(contract.__name__)}.")


def spoken(name: str) -> str:
    """`LedgerDriftCleared` as `Ledger drift cleared`."""
    return snake(name).replace("_", " ").capitalize()
