"""What counts as a name, a country, a language and a role here."""

from __future__ import annotations

import re
from typing import Final

from services.tenants.values import Letterhead
from shared.decider import Rejected

ADMINISTRATOR: Final = "administrator"
APPROVER: Final = "approver"
BOOKKEEPER: Final = "bookkeeper"
OPERATIONS: Final = "operations"

ROLES: Final = frozenset({ADMINISTRATOR, APPROVER, BOOKKEEPER, OPERATIONS})
COUNTRIES: Final = frozenset({"DK", "SE", "NO", "FI"})
LANGUAGES: Final = frozenset({"da", "sv", "nb", "fi", "en"})
_NAME_LENGTH_MAX: Final = 200
_LINE_LENGTH_MAX: Final = 80
_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def known_name(name: str) -> str:
    """The name without space around it; a name has at least one character that is seen."""
    stripped = name.strip()
    if not stripped or len(stripped) > _NAME_LENGTH_MAX or not stripped.isprintable():
        raise Rejected(
            f"A name has 1 to {_NAME_LENGTH_MAX} printable characters.", code="name", field="name"
        )
    return stripped


def known_country(country: str) -> str:
    return _one_of(country, COUNTRIES, "country")


def known_language(language: str) -> str:
    return _one_of(language, LANGUAGES, "language")


def known_role(role: str) -> str:
    return _one_of(role, ROLES, "role")


def _one_of(word: str, words: frozenset[str], field: str) -> str:
    if word not in words:
        listed = ", ".join(sorted(words))
        raise Rejected(f"The {field} is one of {listed}.", code=f"unknown_{field}", field=field)
    return word


def known_letterhead(letterhead: Letterhead) -> Letterhead:
    """Its lines without space around them. Raises Rejected, which names the line."""
    lines = {name: getattr(letterhead, name).strip() for name in Letterhead.__struct_fields__}
    for name, line in lines.items():
        if len(line) > _LINE_LENGTH_MAX or not line.isprintable() or "://" in line:
            raise Rejected(
                f"A line of a letterhead has at most {_LINE_LENGTH_MAX} printable characters "
                "and holds no web address.",
                code="letterhead",
                field=name,
            )
    if lines["email"] and not _EMAIL.fullmatch(lines["email"]):
        raise Rejected("This is not one mail address.", code="email", field="email")
    return Letterhead(**lines)
