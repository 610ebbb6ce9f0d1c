"""Why the rules did not do what a person asked for, in sentences; nothing has changed then."""

from __future__ import annotations

from services.dunning.pages.words import Say


def refusal(code: str, gettext: Say) -> str:
    sentences = {
        "in_the_past": gettext("That day is over. Choose today or a later one."),
        "text_missing": gettext("Write something: it is kept with your name."),
        "text_too_long": gettext("That is too long. Shorten it, or write it in two."),
        "unknown_code": gettext("Choose one of the reasons."),
        "unknown_person": gettext("Somebody you mention does not work for this company any more."),
        "unknown_timeline": gettext("There is no timeline of this name. Choose one of the list."),
        "unknown_invoice": gettext("There is no such invoice."),
        "unknown_debtor": gettext("There is no such debtor."),
        "nothing_to_give_up": gettext("No charge is open on this invoice."),
        "debtor_forgotten": gettext("This debtor has been forgotten: nothing is written about it."),
        "letter_under_way": gettext("A letter with this invoice is already on its way."),
        "outcome_known": gettext("It is known meanwhile. Look at it again."),
        "not_listed": gettext("It is not on the list any more."),
        "nothing_chosen": gettext("Choose at least one invoice."),
        "date_unreadable": gettext("Write the day as the field asks for it."),
    }
    return sentences.get(code) or gettext("The rules do not allow it as things stand.")
