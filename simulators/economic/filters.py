"""e-conomic's filter grammar, read and applied: `(a$eq:1$or:b$like:x*)$and:c$in:[1,2]`.

Source: the filtering section of the vendor's OpenAPI documentation. `$and:` binds before `$or:`;
strings are compared without case; a property that may not be filtered on is refused with 400.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import InvalidOperation
from fnmatch import fnmatchcase
from typing import Any

from simulators.economic.problems import ProblemError, invalid

Row = Mapping[str, Any]
Test = Callable[[Row], bool]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
_ESCAPED = "$()*,[]"
_LONGEST_LIST = 200


def parsed(text: str, fields: Mapping[str, type]) -> Test:
    """The test that a filter means, over properties of known types."""
    if not text:
        return lambda _row: True
    reader = _Reader(text, fields)
    test = reader.either()
    if reader.at < len(text):
        raise _malformed(text)
    return test


class _Reader:
    def __init__(self, text: str, fields: Mapping[str, type]) -> None:
        self.text = text
        self.fields = fields
        self.at = 0

    def either(self) -> Test:
        tests = [self.both()]
        while self._take("$or:"):
            tests.append(self.both())
        return lambda row: any(test(row) for test in tests)

    def both(self) -> Test:
        tests = [self.one()]
        while self._take("$and:"):
            tests.append(self.one())
        return lambda row: all(test(row) for test in tests)

    def one(self) -> Test:
        if self._take("("):
            inside = self.either()
            if not self._take(")"):
                raise _malformed(self.text)
            return inside
        return self._predicate()

    def _predicate(self) -> Test:
        head = re.compile(r"([A-Za-z.]+)\$([a-z]+):").match(self.text, self.at)
        if head is None:
            raise _malformed(self.text)
        field, op = head.groups()
        self.at = head.end()
        if field not in self.fields:
            raise invalid("FilterNotAllowed", f"{field} cannot be filtered on")
        kind = self.fields[field]
        if op in {"in", "nin"}:
            wanted = self._list(kind)
            return lambda row: (row.get(field) in wanted) is (op == "in")
        value = self._value(kind)
        if op == "like" and kind is str:
            pattern = str(value) if "*" in str(value) else f"*{value}*"
            return lambda row: fnmatchcase(str(row.get(field, "")).lower(), pattern.lower())
        if op not in _COMPARE:
            raise invalid("FilterNotAllowed", f"{field} has no operator {op}")
        return _comparison(field, _COMPARE[op], op, value)

    def _list(self, kind: type) -> list[Any]:
        if not self._take("["):
            raise _malformed(self.text)
        values = [self._value(kind)]
        while self._take(","):
            values.append(self._value(kind))
        if not self._take("]") or len(values) > _LONGEST_LIST:
            raise _malformed(self.text)
        return values

    def _value(self, kind: type) -> Any:
        if self._take("$null:"):
            return None
        characters = []
        while self.at < len(self.text):
            here, following = self.text[self.at], self.text[self.at + 1 : self.at + 2]
            if here == "$" and following and following in _ESCAPED:
                characters.append(following)
                self.at += 2
            elif here in "$()[],":
                break
            else:
                characters.append(here)
                self.at += 1
        return _typed("".join(characters), kind, self.text)

    def _take(self, literal: str) -> bool:
        if self.text.startswith(literal, self.at):
            self.at += len(literal)
            return True
        return False


def _comparison(field: str, compare: Callable[[Any, Any], bool], op: str, value: Any) -> Test:
    def test(row: Row) -> bool:
        here = row.get(field)
        if here is None or value is None:
            same = here is None and value is None
            return same if op == "eq" else op == "ne" and not same
        if isinstance(here, str):
            return compare(here.lower(), str(value).lower())
        return compare(here, value)

    return test


def _typed(text: str, kind: type, whole: str) -> Any:
    try:
        if kind is datetime:
            return datetime.fromisoformat(text)
        if kind is date:
            return date.fromisoformat(text[:10])
        return kind(text)
    except (ValueError, InvalidOperation) as error:
        raise _malformed(whole) from error


def _malformed(text: str) -> ProblemError:
    return invalid("FilterMalformed", f"the filter cannot be read: {text}")
