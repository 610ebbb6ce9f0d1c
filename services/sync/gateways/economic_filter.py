"""e-conomic's filter grammar: `field$op:value`, joined by `$and:` and `$or:`.

Source: the filtering section of the vendor's OpenAPI documentation. The characters $ ( ) * , [ ]
are escaped by a dollar sign. Percent-encoding is the transport's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

_LONGEST_LIST: Final = 200


def where(field: str, operator: str, value: str | int | date) -> str:
    """One predicate, such as `entryNumber$gt:17`."""
    return f"{field}${operator}:{escaped(str(value))}"


def all_of(*predicates: str) -> str:
    return "$and:".join(predicates)


def either(*predicates: str) -> str:
    return f"({'$or:'.join(predicates)})"


def among(field: str, numbers: Iterable[int]) -> Iterator[str]:
    """Predicates that are true where the field is one of these: a list has no more than 200 values."""
    every = sorted(set(numbers))
    for start in range(0, len(every), _LONGEST_LIST):
        some = every[start : start + _LONGEST_LIST]
        yield f"{field}$in:[{','.join(map(str, some))}]"


def escaped(value: str) -> str:
    return re.sub(r"([$()*,\[\]])", r"$\1", value)
