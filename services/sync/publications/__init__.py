"""Own events in the public language: of connections and parties, entries, documents and vouchers."""

from services.sync.publications import items, standing, vouchers
from services.sync.publications.registry import publications

__all__ = ["items", "publications", "standing", "vouchers"]
