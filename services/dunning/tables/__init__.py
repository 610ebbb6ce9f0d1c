"""The read tables: those that guards and lists rest on (`standing.py`), and the facts of the reports."""

from __future__ import annotations

from services.dunning.tables import choices, facts, people, standing
from services.dunning.tables.metadata import read

__all__ = ["choices", "facts", "people", "read", "standing"]
