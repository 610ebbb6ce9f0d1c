"""Words: the reader's language, complete catalogues, states that are the same everywhere."""

from __future__ import annotations

import string
from collections import Counter
from pathlib import Path

import pytest

from shared.testing.words import words_used
from shared.ui.icons import icons
from shared.ui.language import LANGUAGES, Language, catalogue, negotiate, translator
from shared.ui.states import (
    ACCOUNT_STATES,
    DELIVERY_STATES,
    EFFECT_STATES,
    LEDGER_STATES,
    MACHINE_STATES,
    PAYMENT_STATES,
    RECEIVABLE_STATES,
    STATION_STATES,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def used() -> dict[str, set[str]]:
    return words_used(ROOT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_every_page_is_in_the_catalogue(
    language: Language, used: dict[str, set[str]]
) -> None:
    words = catalogue(language)
    lacking = {
        word: sorted(files)
        for word, files in used.items()
        if (message := words.get(word)) is None or not all(_strings(message.string))
    }
    assert not lacking


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_catalogue_holds_a_word_that_no_page_uses(
    language: Language, used: dict[str, set[str]]
) -> None:
    held = {_strings(message.id)[0] for message in catalogue(language) if message.id}
    assert held <= set(used)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_stands_twice_in_a_catalogue(language: Language) -> None:
    """Only the first of the two would be read."""
    file = ROOT / "shared/ui/locale" / language / "LC_MESSAGES/forfald.po"
    words = Counter(
        line for line in file.read_text("utf-8").splitlines() if line.startswith("msgid ")
    )
    del words['msgid ""']
    assert [word for word, times in words.items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_figures_and_the_tags_of_its_sentence(language: Language) -> None:
    changed = [
        message.id
        for message in catalogue(language)
        if message.id
        for text in _strings(message.string)
        if _kept(text) != _kept(_strings(message.id)[0])
    ]
    assert not changed


def _strings(text: object) -> list[str]:
    return [str(one) for one in text] if isinstance(text, (tuple, list)) else [str(text)]


def _kept(text: str) -> tuple[list[str], list[str]]:
    figures = sorted(part.partition(")")[0] for part in text.split("%(")[1:])
    tags = sorted(part.partition(">")[0] for part in text.split("<")[1:])
    return figures, tags


def test_words_of_templates_and_of_tables_are_both_found(used: dict[str, set[str]]) -> None:
    assert "shared/ui/templates/parts/list.html" in used["Selection"]
    assert "shared/ui/states.py" in used["Outcome unknown"]
    assert "shared/web/problem.py" in used["There is nothing here"]


def test_finnish_is_marked_as_not_verified() -> None:
    header = catalogue("fi").header_comment
    assert "UNVERIFIED" in header


def test_a_catalogue_answers_in_its_language() -> None:
    assert translator("da").gettext("Outcome unknown") == "Udfald ukendt"
    assert translator("fi").ngettext("%(count)s to do", "%(count)s to do", 2).startswith("%(count)")


@pytest.mark.parametrize(
    ("preferred", "header", "expected"),
    [
        ("sv", "da", "sv"),
        (None, "da-DK,da;q=0.9,en;q=0.5", "da"),
        (None, "de, fi;q=0.3, nn;q=0.8", "nb"),
        (None, "no", "nb"),
        (None, "sv;q=0, da;q=0.1", "da"),
        ("xx", "fi", "fi"),
        (None, None, "en"),
        (None, "", "en"),
        (None, ";;q=,=,,da;q=nan", "en"),
        (None, "da;q=²", "en"),
        (None, "a" * 100_000 + ",da", "en"),
        ("../../etc", None, "en"),
    ],
)
def test_the_language_is_the_chosen_one_or_the_best_that_the_browser_asks_for(
    preferred: str | None, header: str | None, expected: str
) -> None:
    assert negotiate(preferred, header) == expected


STATES = [
    state
    for table in (
        PAYMENT_STATES,
        RECEIVABLE_STATES,
        ACCOUNT_STATES,
        LEDGER_STATES,
        DELIVERY_STATES,
        EFFECT_STATES,
        MACHINE_STATES,
        STATION_STATES,
    )
    for state in table.values()
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.word)
def test_every_state_has_a_shape_that_is_drawn(state) -> None:
    assert state.icon in icons()


@pytest.mark.parametrize("table", [PAYMENT_STATES, RECEIVABLE_STATES])
@pytest.mark.parametrize("language", LANGUAGES)
def test_two_states_of_one_table_never_share_their_word(table, language: Language) -> None:
    words = [translator(language).gettext(state.word) for state in table.values()]
    assert len(set(words)) == len(words)


def test_states_are_named_for_machines_in_small_letters() -> None:
    allowed = set(string.ascii_lowercase + "_")
    assert all(set(key) <= allowed for key in (*PAYMENT_STATES, *RECEIVABLE_STATES))
