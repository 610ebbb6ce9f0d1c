"""What mails say, one module per language, all of one structure."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from services.notifications.model.texts import da, en, fi, nb, sv
from services.notifications.model.wording import Texts


class Language(StrEnum):
    DANISH = "da"
    SWEDISH = "sv"
    NORWEGIAN = "nb"
    FINNISH = "fi"
    ENGLISH = "en"


def texts_in(language: Language) -> Texts:
    match language:
        case Language.DANISH:
            return da.TEXTS
        case Language.SWEDISH:
            return sv.TEXTS
        case Language.NORWEGIAN:
            return nb.TEXTS
        case Language.FINNISH:
            return fi.TEXTS
        case Language.ENGLISH:
            return en.TEXTS
        case _:
            assert_never(language)
