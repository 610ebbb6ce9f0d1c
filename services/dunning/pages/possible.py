"""What can be done with an invoice now, and what cannot, with its reason and the day it opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.dunning.model.receivable import Receivable, State
from services.dunning.pages.words import Say
from services.dunning.queries.standing import Row
from shared.money import Money
from shared.ui import formats
from shared.ui.parts import Act
from shared.ui.reader import Reader


@dataclass(frozen=True, slots=True)
class Standing:
    """What the acts of one invoice depend on. `why_not` is empty where it stands on the list."""

    row: Row
    receivable: Receivable
    why_not: str
    today_on: date
    letter_unknown: bool = False

    @property
    def is_open(self) -> bool:
        return self.row.state is State.OPEN


def acts(standing: Standing, home: str, reader: Reader, gettext: Say) -> list[Act]:
    if standing.row.state is State.WITHDRAWN:
        return []
    return [
        *_unknown(standing, gettext),
        *_letter(standing, home, gettext),
        *_waiting(standing, gettext),
        *_charges(standing, reader, gettext),
        Act(gettext("Write a note"), gettext("For colleagues; the debtor never sees it."),
            href="#note"),
        *_collection(standing, home, reader, gettext),
    ]  # fmt: skip


def _unknown(standing: Standing, gettext: Say) -> Iterator[Act]:
    """Nobody knows whether its letter arrived: the debtor, or the mail server’s log, may."""
    if not standing.letter_unknown:
        return
    why = gettext("It counts from the day on which it was tried, with what it charges.")
    yield Act(gettext("The letter has arrived"), why, form="letter-left", tone="first")
    why = gettext("It charges nothing, and its step is written of anew.")
    yield Act(gettext("The letter never arrived"), why, form="letter-lost")


def _letter(standing: Standing, home: str, gettext: Say) -> Iterator[Act]:
    title = gettext("Send today’s letter")
    if standing.row.listed_on is not None:
        why = gettext("It stands on today’s list, with what it charges.")
        yield Act(title, why, href=f"{home}/reminders", tone="first")
    elif standing.why_not:
        yield Act(title, standing.why_not, possible=False)
    invoice = standing.receivable.invoice
    if standing.is_open and invoice.historical and not standing.receivable.included:
        why = gettext(
            "Booked before the ledger was connected: reminders begin with the first step."
        )
        yield Act(gettext("Follow it up"), why, form="include")


def _waiting(standing: Standing, gettext: Say) -> Iterator[Act]:
    row = standing.row
    if not standing.is_open:
        return
    if row.paused is not None or row.taken_back is not None:
        why = gettext("Its next step comes as the timeline says, today at the earliest.")
        yield Act(gettext("Resume"), why, form="resume")
    else:
        why = gettext("Letters wait; interest goes on, and deadlines already told stay.")
        yield Act(gettext("Pause reminders"), why, href="#pause")
    if row.disputed is not None:
        why = gettext("Say whether the debtor was right.")
        yield Act(gettext("Settle the dispute"), why, href="#settle")
    else:
        why = gettext("Nothing more is sent or handed over until it is settled.")
        yield Act(gettext("Note a dispute"), why, href="#dispute")


def _charges(standing: Standing, reader: Reader, gettext: Say) -> Iterator[Act]:
    open_: Money = standing.receivable.open_charges
    title = gettext("Give up charges")
    if open_.minor > 0:
        why = gettext("%(sum)s; taken out of the books the same day.")
        yield Act(title, why % {"sum": formats.money(open_, reader)}, href="#give-up")
    else:
        yield Act(title, gettext("No charge is open."), possible=False)


def _collection(standing: Standing, home: str, reader: Reader, gettext: Say) -> Iterator[Act]:
    """Handing over is collection's own; here stands from when on it is possible."""
    row, title = standing.row, gettext("Send to collection")
    warning = standing.receivable.warning
    if row.ready_on is not None:
        cases = home.replace("/dunning/", "/collections/", 1) + "/cases"
        yield Act(title, gettext("It is ready: see the list of collection."), href=cases)
    elif standing.is_open and (warning is None or warning.deadline_on is None):
        yield Act(title, gettext("Not before a collection warning has been sent."), possible=False)
    elif standing.is_open and warning is not None and warning.deadline_on is not None:
        if warning.deadline_on >= standing.today_on:
            day = formats.day(warning.deadline_on, reader)
            why = gettext("Not before the deadline of the warning is over, at the end of %(day)s.")
            yield Act(title, why % {"day": day}, possible=False)
        else:
            why = gettext("It is held: see the reason above.")
            yield Act(title, why, possible=False)
