"""The documents as files: what they should be, and the one way to write them."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from forfald.events_document.asyncapi import document
from forfald.events_document.catalogue import with_catalogue
from forfald.events_document.compatibility import withdrawn
from forfald.events_document.contracts import contracts
from forfald.events_document.schemas import schemas
from forfald.events_document.sources import readers

FOLDER = Path(__file__).parents[2] / "docs" / "events"


class Incompatible(Exception):
    """A change that needs a new version of an event; each line is one."""


def committed(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """The schemas as they stand in the folder, by type name."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((folder / "schemas").glob("*.json"))
    }


def expected(folder: Path = FOLDER) -> dict[str, str]:
    """Every document's text by its path in the folder, as the code says it now."""
    known = contracts()
    texts = {f"schemas/{name}.json": _json(schema) for name, schema in schemas(known).items()}
    texts["asyncapi.json"] = _json(document(known, version("forfald")))
    page = (folder / "README.md").read_text(encoding="utf-8")
    texts["README.md"] = with_catalogue(page, known, readers())
    return texts


def write(folder: Path = FOLDER) -> int:
    """Write what has changed and return how many files that were. Raises Incompatible."""
    if sentences := withdrawn(committed(folder), schemas(contracts())):
        raise Incompatible("\n".join(sentences))
    (folder / "schemas").mkdir(parents=True, exist_ok=True)
    changed = 0
    for name, text in expected(folder).items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed += 1
    return changed


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
