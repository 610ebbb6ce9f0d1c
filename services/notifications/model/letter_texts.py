"""A creditor's own words in a letter, and the clauses that they cannot leave out.

The grammar is the one of all texts here: `{name}` and nothing else. Some names are facts (`{total}`);
others are clauses, whole paragraphs in the words of the law, which stand alone in theirs and whose
wording no creditor changes. What a kind of letter must say is therefore there or the text is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from services.notifications.model.wording import GAP, UnknownGap, check
from services.notifications.values import LetterKind
from shared.decider import Rejected

FACTS: Final = frozenset(
    {
        "debtor_name",
        "creditor_name",
        "total",
        "principal",
        "charges",
        "deadline",
        "invoices",
        "issued_on",
        "level",
    }
)
"""`invoices` are their numbers with commas; `deadline` is empty in a statement."""
CLAUSES: Final = frozenset({"payment_demand", "charges_notice", "collection_notice"})
MANDATORY: Final[dict[LetterKind, tuple[str, ...]]] = {
    LetterKind.REMINDER: ("payment_demand",),
    # Renteloven (DK) § 9 b, inkassoloven (NO) § 17: a fee is owed for a letter that sets a deadline.
    LetterKind.CHARGED: ("payment_demand", "charges_notice"),
    # Inkassoloven (DK) § 10, inkassolagen (SE) § 5, inkassoloven (NO) § 9.
    LetterKind.WARNING: ("payment_demand", "charges_notice", "collection_notice"),
    LetterKind.STATEMENT: (),
}
LENGTHS: Final = {"title": 80, "body": 2_000, "closing": 600}
_BREAK: Final = re.compile(r"\n\s*\n")
_ADDRESS: Final = re.compile(r"\w+://|\bwww\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LetterTexts:
    """`body` and `closing` are paragraphs with an empty line between. `version` 0 is our own text."""

    title: str
    body: str
    closing: str
    version: int = 0


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in _BREAK.split(text) if part.strip())


def checked(kind: LetterKind, texts: LetterTexts) -> LetterTexts:
    """The texts in their tidy form. Raises Rejected, which names the field and the rule."""
    title = " ".join(texts.title.split())
    body = "\n\n".join(paragraphs(texts.body))
    closing = "\n\n".join(paragraphs(texts.closing))
    for field, text in (("title", title), ("body", body), ("closing", closing)):
        _plain(field, text)
        _known(field, text, FACTS | CLAUSES if field == "body" else FACTS)
    if not title:
        raise Rejected("A letter has a title.", code="empty", field="title")
    _clauses(kind, body)
    return LetterTexts(title, body, closing, texts.version)


def _plain(field: str, text: str) -> None:
    if len(text) > LENGTHS[field]:
        raise Rejected(
            f"This text has at most {LENGTHS[field]} characters.", code="too_long", field=field
        )
    if any(not sign.isprintable() for sign in text if sign != "\n"):
        raise Rejected("A text has no control signs.", code="control_signs", field=field)
    if _ADDRESS.search(text):
        raise Rejected(
            "A text holds no web address: letters lead to the debtor’s page alone.",
            code="web_address",
            field=field,
        )


def _known(field: str, text: str, names: frozenset[str]) -> None:
    try:
        check(text, names)
    except UnknownGap as unknown:
        raise Rejected(
            f"Unknown placeholder: {unknown}", code="placeholder_unknown", field=field
        ) from None


def _clauses(kind: LetterKind, body: str) -> None:
    """Each mandatory clause stands there once; any clause has its paragraph to itself."""
    parts = paragraphs(body)
    for part in parts:
        inside = set(GAP.findall(part)) & CLAUSES
        if inside and not GAP.fullmatch(part):
            raise Rejected(
                f"{{{min(inside)}}} has its paragraph to itself.",
                code="clause_not_alone",
                field="body",
            )
    for clause in sorted(CLAUSES):
        found = parts.count(f"{{{clause}}}")
        if clause in MANDATORY[kind] and found == 0:
            raise Rejected(
                f"This kind of letter must say {{{clause}}}: the law asks for it.",
                code="clause_missing",
                field="body",
            )
        if found > 1:
            raise Rejected(f"{{{clause}}} stands twice.", code="clause_twice", field="body")
