"""e-conomic's filter grammar: `field$op:value`, joined by `$and:`.

Source: the filtering section of the vendor's OpenAPI documentation. The characters $ ( ) * , [ ]
are escaped by a dollar sign. Percent-encoding is the transport's.
"""

from __future__ import annotations

import re
from datetime import date


def where(field: str, operator: str, value: str | int | date) -> str:
    """One predicate, such as `entryNumber$gt:17`."""
    return f"{field}${operator}:{escaped(str(value))}"


def all_of(*predicates: str) -> str:
    return "$and:".join(predicates)


def escaped(value: str) -> str:
    return re.sub(r"([$()*,\[\]])", r"$\1", value)
