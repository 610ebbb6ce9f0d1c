"""What letters say, one module per language, all of one structure."""

from __future__ import annotations

from typing import Final

from services.notifications.model.letters import da, en, fi, nb, sv
from services.notifications.model.letters.words import LetterWords
from services.notifications.model.texts import Language

_WORDS: Final = {
    Language.DANISH: da.LETTERS,
    Language.SWEDISH: sv.LETTERS,
    Language.NORWEGIAN: nb.LETTERS,
    Language.FINNISH: fi.LETTERS,
    Language.ENGLISH: en.LETTERS,
}


def letters_in(language: Language) -> LetterWords:
    return _WORDS[language]
