"""One JSON Schema (2020-12) per contract: what a reader may rely on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from forfald.events_document.contracts import says
from shared.contracts.base import Contract

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SEALED = "Sealed"


def schema_of(contract: type[Contract]) -> Schema:
    """Its `$id` is a name and not an address: nothing needs fetching to read an event."""
    return {
        "$schema": DIALECT,
        "$id": f"urn:forfald:event:{contract.type_name}",
        **contract.model_json_schema(),
        "title": contract.__name__,
        "description": says(contract),
    }


def sealed_fields(schema: Mapping[str, Any]) -> list[str]:
    """Where personal values stand sealed: `party_name`, `orders[].payee_name`."""
    return list(_sealed(schema, schema.get("$defs", {}), ""))


def _sealed(shape: Mapping[str, Any], definitions: Mapping[str, Any], path: str) -> Iterator[str]:
    if name := shape.get("$ref", "").rpartition("/")[2]:
        if name == _SEALED:
            yield path
            return
        shape = definitions[name]
    for field, inner in shape.get("properties", {}).items():
        yield from _sealed(inner, definitions, f"{path}.{field}" if path else field)
    for choice in shape.get("anyOf", []):
        yield from _sealed(choice, definitions, path)
    if "items" in shape:
        yield from _sealed(shape["items"], definitions, f"{path}[]")


def schemas(contracts: Iterable[type[Contract]]) -> dict[str, Schema]:
    """The schemas by type name."""
    return {contract.type_name: schema_of(contract) for contract in contracts}
