"""A creditor's own words for one kind of letter in one language.

    (ours) --ChangeTexts--> own, version n --ChangeTexts (other words)--> own, version n + 1
       ^                          |
       '--------RestoreTexts------'

Each change has a number of its own, which stands in every document that was made with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID, uuid5

from services.notifications.commands import ChangeTexts, RestoreTexts, TextsCommand
from services.notifications.events import TextsChanged, TextsEvent, TextsRestored
from services.notifications.model.letter_texts import LetterTexts, checked
from services.notifications.model.texts import Language
from services.notifications.values import LetterKind
from shared.decider import Decider, Rejected


@dataclass(frozen=True, slots=True)
class OwnTexts:
    """`texts` is none where the words that come with the product are used."""

    version: int = 0
    texts: LetterTexts | None = None


def texts_stream(tenant_id: UUID, kind: LetterKind, language: str) -> UUID:
    return uuid5(tenant_id, f"texts:{kind}:{language}")


def decide(command: TextsCommand, own: OwnTexts) -> Sequence[TextsEvent]:
    """Raises Rejected, which names the field and the rule."""
    match command:
        case ChangeTexts():
            return change(command, own)
        case RestoreTexts():
            if own.texts is None:
                return []
            return [TextsRestored(command.kind, command.language, own.version + 1)]
        case _:
            assert_never(command)


def change(command: ChangeTexts, own: OwnTexts) -> Sequence[TextsEvent]:
    if command.language not in set(Language):
        raise Rejected(
            "Letters are written in da, sv, nb, fi and en.",
            code="language_unknown",
            field="language",
        )
    texts = checked(command.kind, LetterTexts(command.title, command.body, command.closing))
    if own.texts is not None and replace(own.texts, version=0) == texts:
        return []
    return [
        TextsChanged(
            command.kind,
            command.language,
            own.version + 1,
            texts.title,
            texts.body,
            texts.closing,
        )
    ]


def evolve(_own: OwnTexts, event: TextsEvent) -> OwnTexts:
    match event:
        case TextsChanged():
            texts = LetterTexts(event.title, event.body, event.closing, event.version)
            return OwnTexts(event.version, texts)
        case TextsRestored():
            return OwnTexts(event.version)
        case _:
            assert_never(event)


TEXTS: Decider[TextsCommand, OwnTexts, TextsEvent] = Decider(decide, evolve, OwnTexts())
