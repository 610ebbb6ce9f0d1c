"""What settings are called, and what is wrong with them, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from services.dunning.model.basis import Basis
from services.dunning.values import NoticeKind, Step
from shared.contracts.values import Fault
from shared.ui import formats
from shared.ui.reader import Reader

Say = Callable[[str], str]


def letter(step: Step, gettext: Say) -> str:
    if step.kind is NoticeKind.WARNING:
        return gettext("Collection warning")
    if step.kind is NoticeKind.STATEMENT:
        return gettext("Statement of account")
    return gettext("Reminder with charges") if step.charged else gettext("Reminder")


def kinds(gettext: Say) -> Mapping[str, str]:
    return {
        "reminder": gettext("Reminder"),
        "charged": gettext("Reminder with charges"),
        "warning": gettext("Collection warning"),
        "statement": gettext("Statement of account"),
    }


def modes(gettext: Say) -> Mapping[str, str]:
    return {
        "automatic": gettext("Letters go by themselves at nine"),
        "ask": gettext("Somebody sends what is on the list"),
        "off": gettext("Nothing is sent"),
    }


def basis(one: Basis, reader: Reader, gettext: Say) -> str:
    """A rule as it stands beside a step: what it allows, and its paragraph."""
    if one.what == "fee" and one.amount is not None:
        text = gettext("fee of at most %(sum)s") % {"sum": formats.money(one.amount, reader)}
    elif one.what == "rate":
        text = gettext("interest of %(rate)s %% a year") % {"rate": number(one.number, reader)}
    else:
        text = gettext("deadline of %(days)s days") % {"days": one.number}
    if one.is_ours:
        ours = gettext("our default")
        return f"{text} ({ours})"
    return f"{text} ({one.law})" if one.law else text


def number(text: str, reader: Reader) -> str:
    """A decimal as the reader writes it."""
    return text if reader.language == "en" else text.replace(".", ",")


def fault(one: Fault, gettext: Say) -> str:
    """What is wrong, with the paragraph where a law says so."""
    words = {
        "NAME": gettext("The name has 1 to 40 characters."),
        "STEPS": gettext("A timeline has 1 to 20 letters."),
        "LIST_DAYS": gettext("The list is shown on at least one weekday."),
        "GAP": gettext("The days between two letters are too few."),
        "ORDER": gettext("Each must come after the one before."),
        "DAYS": gettext("This number of days is not possible."),
        "MONTHS": gettext("This number of months is not possible."),
        "STATEMENT": gettext("A statement stands alone and charges nothing."),
        "WARNING_LAST": gettext("The warning is the last letter: after it comes collection."),
        "TOO_EARLY": gettext("A letter that early after the due date may not cost anything."),
        "DEADLINE_RUNS": gettext("The next charge must wait until the deadline before has passed."),
        "COUNT": gettext("So many letters may not bear a fee."),
        "CONTRACT_CLAUSE": gettext(
            "This fee is owed only where it was agreed before the debt arose: say so under charges."
        ),
        "ABOVE_CAP": gettext("The fee is higher than the law allows."),
        "RATE_ABOVE_LEGAL": gettext("The rate is higher than consumers may be asked for."),
        "RATE": gettext("The rate is a number from 0 to 100."),
        "TIERS": gettext("Write at least one own fee."),
        "FOREIGN_CURRENCY": gettext("Fees are set in the currency of the country."),
        "NEGATIVE": gettext("This cannot be less than nothing."),
        "CURRENCY_TWICE": gettext("Each currency has one amount."),
        "RULE_MISSING": gettext("The law of this day is not known here yet."),
        "unknown_timeline": gettext("There is no timeline of this name."),
        "NOT_AN_AMOUNT": gettext("Write an amount with the decimals of its currency."),
        "NOT_A_NUMBER": gettext("Write a number."),
    }
    text = words.get(one.code, one.expected or one.code)
    law = _law_of(one.expected or "")
    return f"{text} ({law})" if law else text


def _law_of(sentence: str) -> str:
    """The paragraph behind the engine's sentence: the last brackets of it."""
    if not sentence.endswith(")"):
        return ""
    depth = 0
    for place in range(len(sentence) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(sentence[place], 0)
        if depth == 0:
            return sentence[place + 1 : -1]
    return ""
