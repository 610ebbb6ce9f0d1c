"""Codes in words: what an invoice is, what is charged, who is written to how, and what happened.

Each text stands once in English here and once per language in the catalogues.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from services.dunning.model.notice import State as NoticeState
from services.dunning.model.receivable import State
from services.dunning.queries.standing import Row
from services.dunning.values import NoticeKind
from shared.ui.states import RECEIVABLE_STATES
from shared.ui.states import State as Shape

Say = Callable[[str], str]
UNDER_WAY = Shape("Letter on its way", "s-go", "go")
WITHDRAWN = Shape("Withdrawn", "s-void")
BY_ITSELF = Shape("Goes by itself", "s-clock", "go")
ASKED = Shape("Waits for you", "s-half", "go")
TAKEN_BACK = Shape("Back from the agency", "s-back", "wait")
FROZEN = Shape("Frozen", "s-stop", "wait")
EXCLUDED = Shape("Excluded", "s-hold")
NO_ADDRESS = RECEIVABLE_STATES["no_address"]


def shape(one: Row, today: date) -> Shape:
    """The one word that says where an invoice is."""
    if one.state is State.WITHDRAWN:
        return WITHDRAWN
    if one.state is State.SETTLED:
        return RECEIVABLE_STATES["settled"]
    if one.state is State.AT_AGENCY:
        return RECEIVABLE_STATES["in_collection"]
    if one.disputed is not None:
        return RECEIVABLE_STATES["disputed"]
    if one.taken_back is not None:
        return TAKEN_BACK
    if one.paused is not None:
        return RECEIVABLE_STATES["paused"]
    if one.notice_id is not None:
        return UNDER_WAY
    if one.listed_on is not None:
        return RECEIVABLE_STATES["listed"]
    return _later(one, today)


def _later(one: Row, today: date) -> Shape:
    if one.ready_on is not None:
        return RECEIVABLE_STATES["ready_for_collection"]
    if one.held is not None:
        return RECEIVABLE_STATES["handover_held"]
    if one.skipped in {"no_address", "no_mail"}:
        return RECEIVABLE_STATES["no_address"]
    if one.skipped in {"rule_missing", "rule_unverified"}:
        return RECEIVABLE_STATES["rule_missing"]
    if one.last_kind is NoticeKind.WARNING:
        return RECEIVABLE_STATES["warned"]
    if one.last_kind is not None:
        return RECEIVABLE_STATES["reminded"]
    return RECEIVABLE_STATES["overdue" if one.due_on < today else "not_due"]


def letter(kind: NoticeKind, level: int, gettext: Say, *, charged: bool) -> str:
    """The name of a letter."""
    match kind:
        case NoticeKind.WARNING:
            return gettext("Collection warning")
        case NoticeKind.STATEMENT:
            return gettext("Account statement")
        case NoticeKind.REMINDER:
            said = gettext("Reminder %(level)s") if charged else gettext(
                "Reminder %(level)s, without charges")  # fmt: skip
            return said % {"level": level}


def channel(code: str, gettext: Say) -> str:
    return {
        "mail": gettext("by e-mail"),
        "letter": gettext("by post"),
        "portal": gettext("by portal"),
    }.get(code, code)


def charge(kind: str, gettext: Say) -> str:
    return {
        "fee": gettext("Reminder fee"),
        "interest": gettext("Interest"),
        "compensation": gettext("Compensation"),
        "absorbed": gettext("Fees taken into the compensation"),
    }[kind]


def delivery(state: NoticeState) -> Shape:
    return {
        NoticeState.NEW: Shape("On its way", "s-clock", "go"),
        NoticeState.COMPOSED: Shape("On its way", "s-clock", "go"),
        NoticeState.RECALLED: Shape("Called back", "s-void"),
        NoticeState.UNKNOWN: Shape("Outcome unknown", "s-lost", "lost"),
        NoticeState.SENT: Shape("Sent", "s-done", "ok"),
        NoticeState.WITHHELD: Shape("Not sent", "s-void"),
        NoticeState.FAILED: Shape("Came back", "s-refused", "stop"),
    }[state]


def pauses(gettext: Say) -> dict[str, str]:
    return {
        "promised": gettext("The debtor has promised to pay"),
        "agreed": gettext("Agreed with the debtor"),
        "checking": gettext("We are looking into it"),
        "other": gettext("Another reason"),
    }


def pause(code: str | None, gettext: Say) -> str:
    """Why it is paused: one of those that a person can choose, or what a settled dispute left."""
    own = {"upheld": gettext("The debtor was right, and a credit note is to follow")}
    return {**pauses(gettext), **own}.get(code or "", "")


def disputes(gettext: Say) -> dict[str, str]:
    return {
        "not_delivered": gettext("Nothing was delivered"),
        "faulty": gettext("What was delivered is faulty"),
        "wrong_amount": gettext("The amount is wrong"),
        "already_paid": gettext("The debtor says that it is paid"),
        "other": gettext("Another reason"),
    }


def exclusions(gettext: Say) -> dict[str, str]:
    return {
        "agreed": gettext("Agreed with the debtor"),
        "by_hand": gettext("We follow it up ourselves"),
        "important": gettext("A customer whom we call"),
        "other": gettext("Another reason"),
    }


def frozen(code: str, gettext: Say) -> str:
    insolvent = gettext("Insolvent")
    return {"insolvent": insolvent, "deceased": gettext("Deceased")}.get(code, code)


def write_off(code: str, gettext: Say) -> str:
    return {
        "manual": gettext("given up by hand"),
        "principal_paid": gettext("the invoice itself is paid"),
        "aged": gettext("they are as old as your rule lets them be"),
        "handed_over": gettext("the agency claims them now"),
    }.get(code, code)


def fault(code: str, field: str, gettext: Say) -> str:
    """What is wrong with an address."""
    named = {
        "mail": gettext("e-mail address"),
        "email": gettext("e-mail address"),
        "letter": gettext("postal address"),
        "address": gettext("postal address"),
        "postal": gettext("postal address"),
        "id_number": gettext("id number"),
    }.get(field, field)
    said = {
        "missing": gettext("no %(what)s"),
        "bounced": gettext("the %(what)s does not work: a letter came back"),
        "invalid": gettext("the %(what)s cannot be right"),
    }.get(code, gettext("something is wrong with the %(what)s"))
    return said % {"what": named}
