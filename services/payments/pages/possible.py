"""What can be done with a payment now, and what cannot, with its reason: a table, read by the state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from services.payments.pages.words import Say
from services.payments.values import AT_BANK, BEFORE_RELEASE, CANCELLABLE, OVER, PAID, State
from shared.ui.parts import Act

_BLOCKED = frozenset({State.BLOCKED, State.HELD})
_ASKED = frozenset({State.AWAITING_APPROVAL, State.APPROVED, State.SCHEDULED})
_ALIVE = BEFORE_RELEASE | AT_BANK
_UNKNOWN = frozenset({State.OUTCOME_UNKNOWN})
VOIDED_BY_A_CHANGE = _ASKED | {State.HELD}
"""Here somebody may have said yes already."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One act: the states in which it is possible, and those in which it is worth a line that it is
    not, each with its reason.
    """

    title: str
    where: str
    states: frozenset[State]
    reason: str
    refused: Sequence[tuple[frozenset[State], str]] = ()
    tone: Literal["", "first", "danger"] = ""

    def act(self, state: State) -> Act | None:
        if state in self.states:
            form = "" if self.where.startswith("#") else self.where
            href = "" if form else self.where
            return Act(self.title, self.reason, form=form, href=href, tone=self.tone)
        why = next((why for states, why in self.refused if state in states), "")
        return Act(self.title, why, possible=False) if why else None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the acts of one payment depend on.

    `cut_off` is the last moment for a yes that keeps the day, `together` how many orders left at
    once, and `left` what a new order would pay, where one is possible.
    """

    state: State
    cut_off: str
    together: int
    left: str


@dataclass(frozen=True, slots=True)
class Clearing:
    """One matter that a second person may clear: what they do, what they are asked to write, why it
    stands, and the reasons that it consists of. `is_own`: this person cannot be the second one;
    `other`: the payment to compare it with, and its invoice number.
    """

    anchor: str
    title: str
    asked: str
    text: str
    values: Sequence[str]
    is_own: bool
    other: tuple[str, str] | None = None

    def act(self, gettext: Say) -> Act:
        if self.is_own:
            own = gettext("You prepared this payment: somebody else must take the responsibility.")
            return Act(self.title, own, possible=False)
        return Act(self.title, gettext("In writing, under your name."), href=f"#{self.anchor}")


def acts(
    standing: Standing,
    gettext: Say,
    *,
    clearings: Sequence[Clearing],
    prepares: bool,
    answers: bool,
) -> list[Act]:
    """For a person who may prepare payments, be the second person for them, or both."""
    cleared = [clearing.act(gettext) for clearing in clearings]
    ways = [
        *(_answering(gettext) if answers else ()),
        *(_preparing(standing, gettext) if prepares else ()),
    ]
    return [*cleared, *(act for way in ways if (act := way.act(standing.state)))]


def _answering(gettext: Say) -> Iterator[_Way]:
    yield _Way(
        gettext("Record the bank’s word"),
        "#bank-word",
        _UNKNOWN,
        gettext("After a call to the bank. Counts when a second person says the same."),
        tone="first",
    )
    yield _Way(
        gettext("Let it go on"),
        "#go-on",
        frozenset({State.HELD}),
        gettext("On the first day that the bank can."),
        tone="first",
    )


def _preparing(standing: Standing, gettext: Say) -> Iterator[_Way]:
    gone = (AT_BANK, gettext("Not possible: it has left for the bank."))
    yield _Way(
        gettext("Send to approval"),
        "send",
        frozenset({State.DRAFT}),
        gettext("The approvers get a mail."),
        (
            (_BLOCKED, gettext("Not possible before the reasons are gone.")),
            (_ASKED, gettext("It is with the approvers, or they have said yes.")),
        ),
        "first",
    )
    change = (
        gettext("Every yes is void then. For the planned day it must be approved by %(at)s.")
        if standing.state in VOIDED_BY_A_CHANGE
        else gettext("For the planned day it must be approved by %(at)s.")
    )
    yield _Way(
        gettext("Change date or amount"),
        "#change",
        BEFORE_RELEASE,
        change % {"at": standing.cut_off},
        (gone,),
    )
    yield _Way(
        gettext("Withdraw"),
        "withdraw",
        BEFORE_RELEASE,
        gettext("It is not paid; the invoice stays open in the ledger."),
        (gone,),
        "danger",
    )
    yield _Way(
        gettext("Send again"),
        "",
        frozenset(),
        "",
        ((
            _UNKNOWN,
            gettext("Not possible: it may already be paid. Opens when the bank’s word is proved."),
        ),),
    )  # fmt: skip
    yield _stop(standing.together, gettext)
    if standing.left:
        yield _Way(
            gettext("Pay what remains"),
            "again",
            OVER | PAID,
            gettext("A new order for the same invoice, over %(sum)s.") % {"sum": standing.left},
        )


def _stop(together: int, gettext: Say) -> _Way:
    one = gettext("A request: the bank may already have paid.")
    several = gettext(
        "A request: the bank may already have paid. %(count)s payments left in one message, and "
        "it stops all of them."
    )
    return _Way(
        gettext("Ask the bank to stop it"),
        "stop",
        CANCELLABLE,
        one if together <= 1 else several % {"count": together},
        ((
            _UNKNOWN,
            gettext("Not possible yet: nobody knows of an order at the bank to call back."),
        ),),
        "danger",
    )  # fmt: skip
