"""Why an invoice is not on today's list, and why its next step comes when it does, in sentences.

Who can mend it stands in the sentence, since a reason that nobody can act on is no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.dunning.pages import words
from services.dunning.pages.words import Say
from services.dunning.queries.standing import DebtorRow, Row
from shared.contracts.values import Fault
from shared.money import Money
from shared.ui import formats
from shared.ui.reader import Reader


@dataclass(frozen=True, slots=True)
class Facts:
    """What a reason may name."""

    row: Row
    debtor: DebtorRow | None = None
    credit: Money | None = None
    overdue: Money | None = None
    minimum: Money | None = None


def title(code: str, gettext: Say) -> str:
    """A few words, for the list of reasons."""
    return _titles(gettext).get(code, gettext("Waits"))


def _titles(gettext: Say) -> dict[str, str]:
    return {
        "at_agency": gettext("With the agency"),
        "not_followed": gettext("Not followed up"),
        "historical": gettext("Booked before the ledger was connected"),
        "dunned_elsewhere": gettext("Reminded by another system"),
        "disputed": gettext("Disputed"),
        "taken_back": gettext("Back from the agency"),
        "paused": gettext("Paused"),
        "insolvent": gettext("The debtor is insolvent"),
        "deceased": gettext("The debtor is deceased"),
        "excluded": gettext("The debtor is excluded"),
        "no_address": gettext("No usable address"),
        "no_mail": gettext("No e-mail address, another currency"),
        "ledger_drifts": gettext("The ledger does not agree"),
        "timeline_off": gettext("The timeline is off"),
        "statement_debtor": gettext("Gets statements"),
        "letter_under_way": gettext("A letter is on its way"),
        "no_step_left": gettext("No step is left"),
        "not_due_yet": gettext("Its day has not come"),
        "open_items": gettext("Unmatched payment or credit note"),
        "nothing_overdue": gettext("Credits cover what is overdue"),
        "below_minimum": gettext("Below your minimum"),
        "rule_missing": gettext("A rate is missing"),
        "rule_unverified": gettext("A rule is not verified"),
        "next_list": gettext("On the next list"),
    }


def why_not(code: str, facts: Facts, reader: Reader, gettext: Say) -> str:
    """The rule in a sentence, with what it rests on and who can mend it."""
    row = facts.row
    named = _named(facts, reader)
    match code:
        case "paused" if row.paused_until_on is not None:
            return gettext("Paused until %(until)s: %(why)s. It goes on by itself after that day.") % {
                "until": formats.day(row.paused_until_on, reader),
                "why": words.pause(row.paused, gettext).lower()}  # fmt: skip
        case "paused":
            why = words.pause(row.paused, gettext).lower()
            return gettext("Paused until somebody resumes it: %(why)s.") % {"why": why}
        case "disputed":
            why = words.disputes(gettext).get(row.disputed or "", "").lower()
            return gettext("The debtor contests it: %(why)s. Nothing goes before that is settled.") % {
                "why": why}  # fmt: skip
        case "excluded" if facts.debtor is not None and facts.debtor.excluded_until_on is not None:
            until = formats.day(facts.debtor.excluded_until_on, reader)
            return gettext("The debtor is excluded until %(until)s.") % {"until": until}
        case "not_due_yet" if row.planned_on is not None:
            day = formats.day(row.planned_on, reader)
            said = gettext("The next step comes %(day)s: %(because)s.")
            return said % {"day": day, "because": because(row, gettext)}
        case _:
            return _sentences(gettext).get(code, gettext("It waits.")) % named


def _named(facts: Facts, reader: Reader) -> Mapping[str, str]:
    def money(amount: Money | None) -> str:
        return "" if amount is None else formats.money(amount, reader)

    return {
        "credit": money(facts.credit),
        "overdue": money(facts.overdue),
        "minimum": money(facts.minimum),
        "currency": facts.row.gross.currency,
    }


def _sentences(gettext: Say) -> dict[str, str]:
    return {
        "at_agency": gettext("With the agency: no letter of ours goes any more."),
        "historical": gettext(
            "Booked before the ledger was connected: somebody must say that it is to be followed up."
        ),
        "dunned_elsewhere": gettext("Another system reminds of it, by what the ledger says."),
        "insolvent": gettext(
            "The debtor is insolvent: no letter and no fee until somebody says so."
        ),
        "deceased": gettext("The debtor is deceased: no letter and no fee until somebody says so."),
        "excluded": gettext("The debtor is excluded until somebody includes it again."),
        "taken_back": gettext("Back from the agency: resume it if it is to be reminded again."),
        "no_address": gettext(
            "There is no address to write to. Add an e-mail or postal address in the ledger."
        ),
        "no_mail": gettext(
            "Letters in %(currency)s go by e-mail only, and there is no address. Add it in the ledger."
        ),
        "ledger_drifts": gettext(
            "The ledger does not agree with what was read from it: nothing is sent before it does."
        ),
        "timeline_off": gettext("The timeline of this debtor is switched off."),
        "statement_debtor": gettext("This debtor gets account statements instead of reminders."),
        "letter_under_way": gettext("A letter with it is on its way and has not been sent yet."),
        "no_step_left": gettext("The timeline has no further step."),
        "not_due_yet": gettext("Its day has not come."),
        "open_items": gettext(
            "%(credit)s of the debtor’s stands unmatched. Match it in the ledger, or let reminders go "
            "all the same in the settings."
        ),
        "nothing_overdue": gettext("The debtor’s credits cover all that is overdue."),
        "below_minimum": gettext(
            "The debtor owes %(overdue)s that is overdue: less than your minimum of %(minimum)s."
        ),
        "rule_missing": gettext(
            "A rate that the law asks for is not known yet, so nothing can be charged and it waits."
        ),
        "rule_unverified": gettext(
            "A charge would rest on a rule that nobody has verified. Accept such rules in the settings, "
            "or wait until it is."
        ),
        "next_list": gettext("Nothing stands in its way: it stands on the list that is made next."),
    }


def because(row: Row, gettext: Say) -> str:
    """What decided the day of the next step."""
    planned_on, last = row.planned_on or row.due_on, row.last_sent_on or row.due_on
    after_due = gettext("%(days)s days after the due date") % {
        "days": (planned_on - row.due_on).days}  # fmt: skip
    after_last = gettext("%(days)s days after the last letter") % {
        "days": (planned_on - last).days}  # fmt: skip
    return {
        "due_date": after_due,
        "gap": after_last,
        "deadline": gettext("the deadline of the last letter is over then"),
        "resumed": gettext("it was resumed then"),
        "paused": gettext("the pause is over then"),
        "excluded": gettext("the debtor is excluded until then"),
        "list_day": gettext("the list is shown on that weekday"),
    }.get(row.because or "", "")


def held(code: str, gettext: Say) -> str:
    """Why it is not handed over although its deadline has passed."""
    return {
        "only_charges_left": gettext("Only charges are left: those are not handed over."),
        "unmatched_items": gettext(
            "The debtor has a payment or credit note that is not matched. Match it in the ledger."
        ),
        "paused": gettext("It is paused."),
        "disputed": gettext("The debtor contests it."),
        "insolvent": gettext("The debtor is insolvent."),
        "deceased": gettext("The debtor is deceased."),
        "settled": gettext("Nothing is owed any more."),
        "warning_failed": gettext(
            "The collection warning came back: it is to be sent again first."
        ),
        "ledger_drifts": gettext(
            "The ledger does not agree with what was read from it: nothing is sent before it does."
        ),
    }.get(code, gettext("It waits."))


def address(faults: tuple[Fault, ...], gettext: Say) -> list[str]:
    """What is wrong with the addresses, if anything."""
    return [words.fault(one.code, one.field, gettext) for one in faults]
