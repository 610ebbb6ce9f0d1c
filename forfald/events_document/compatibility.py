"""Whether readers of a schema can go on reading once it has become another.

A reader of yesterday meets events of tomorrow, and a reader of tomorrow replays events of yesterday.
So a field may be added if it can be absent, and nothing else may change. Titles and descriptions are
free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Shape = Mapping[str, Any]
_WORDS = {"title", "description", "$schema", "$id", "$defs"}
_FIELDS = {"properties", "required"}


def broken(before: Shape, after: Shape) -> list[str]:
    """What a reader would stumble over, one sentence for each; empty when compatible."""
    return list(_broken(before, after, (before.get("$defs", {}), after.get("$defs", {})), ""))


def withdrawn(before: Mapping[str, Shape], after: Mapping[str, Shape]) -> list[str]:
    """The same over all schemas by type name: an event that is gone is broken too."""
    found = [f"{name}: the event is gone" for name in before if name not in after]
    for name, schema in before.items():
        if name in after:
            found += [f"{name}: {sentence}" for sentence in broken(schema, after[name])]
    return found


def _broken(before: Shape, after: Shape, defs: tuple[Shape, Shape], path: str) -> Iterator[str]:
    before, after = _resolved(before, defs[0]), _resolved(after, defs[1])
    yield from _fields(before, after, defs, path)
    for key in sorted((before.keys() | after.keys()) - _WORDS - _FIELDS):
        yield from _facet(key, before.get(key), after.get(key), defs, path)


def _fields(before: Shape, after: Shape, defs: tuple[Shape, Shape], path: str) -> Iterator[str]:
    old, new = before.get("properties", {}), after.get("properties", {})
    promised, asked = set(before.get("required", [])), set(after.get("required", []))
    for name in sorted(old.keys() - new.keys()):
        yield f"{path}{name} is removed"
    for name in sorted(asked - promised):
        yield f"{path}{name} is newly required: events of before do not have it"
    for name in sorted((promised - asked) & new.keys()):
        yield f"{path}{name} is no longer promised"
    for name in sorted(old.keys() & new.keys()):
        yield from _broken(old[name], new[name], defs, f"{path}{name}.")


def _facet(
    key: str, before: Any, after: Any, defs: tuple[Shape, Shape], path: str
) -> Iterator[str]:
    where = path.removesuffix(".") or "the event"
    match before, after:
        case dict(), dict():
            yield from _broken(before, after, defs, path)
        case list(), list() if key == "anyOf" and len(before) == len(after):
            for old, new in zip(before, after, strict=True):
                yield from _broken(old, new, defs, path)
        case _ if before != after:
            yield f"{where} is retyped: {key} was {before!r} and is {after!r}"


def _resolved(shape: Shape, definitions: Shape) -> Shape:
    reference = shape.get("$ref")
    return shape if reference is None else definitions[reference.rpartition("/")[2]]
