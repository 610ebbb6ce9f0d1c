"""Payments as people read them: names opened, states in words, days and sums for the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.payments.pages import words
from services.payments.pages.words import Say
from services.payments.queries import Moment, Payable
from services.payments.values import State
from shared.money import Money
from shared.ui.parts import Station, TimelineEntry
from shared.ui.states import State as Shape
from shared.vault import Vault

_RAILS = {
    "fik71": "FIK 71", "fik73": "FIK 73", "fik75": "FIK 75", "giro01": "Giro 01",
    "giro04": "Giro 04", "giro15": "Giro 15", "bankgiro": "Bankgiro", "plusgiro": "PlusGiro",
    "iban": "IBAN",
}  # fmt: skip
_WAITING = {State.BLOCKED, State.HELD}
TABS: tuple[tuple[str, frozenset[State]], ...] = (
    ("ready", frozenset({State.DRAFT})),
    ("blocked", frozenset({State.BLOCKED})),
    ("approval", frozenset({State.AWAITING_APPROVAL, State.APPROVED})),
    ("held", frozenset({State.HELD})),
    ("scheduled", frozenset({State.SCHEDULED})),
    ("bank", frozenset({
        State.RELEASING, State.SUBMITTED, State.ACCEPTED, State.AWAITING_FUNDS,
        State.CANCEL_PENDING})),
    ("unknown", frozenset({State.OUTCOME_UNKNOWN})),
    ("paid", frozenset({State.EXECUTED, State.RECONCILED})),
    ("refused", frozenset({
        State.BANK_REJECTED, State.RETURNED, State.CANCELLED})),
)  # fmt: skip


def tab_title(key: str, gettext: Say) -> str:
    return {
        "ready": gettext("Ready"),
        "blocked": gettext("Blocked"),
        "approval": gettext("With approvers"),
        "held": gettext("Held"),
        "scheduled": gettext("Scheduled"),
        "bank": gettext("At the bank"),
        "unknown": gettext("Outcome unknown"),
        "paid": gettext("Paid"),
        "refused": gettext("Refused or returned"),
    }[key]


OPEN_STATES = frozenset().union(*(states for key, states in TABS if key not in {"paid", "refused"}))


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list."""

    payment_id: UUID
    payee: str
    detail: str
    href: str
    amount: Money
    due_on: date
    late: str
    pays_on: date | None
    shape: Shape
    reasons: Sequence[str]
    can_send: bool


def line(one: Payable, vault: Vault, tenant_id: UUID, today: date, gettext: Say) -> Line:
    rail = _RAILS.get(one.account_kind or "", "")
    account = gettext("account ending %(last4)s") % {"last4": one.account_last4}
    tail = rail or (account if one.account_last4 else "")
    number = gettext("invoice %(number)s") % {"number": one.number}
    over = (today - one.due_on).days
    open_ = one.state in OPEN_STATES
    return Line(
        payment_id=one.payment_id,
        payee=vault.open(tenant_id, one.party_name),
        detail=", ".join(part for part in (number, tail) if part),
        href=f"/payments/{tenant_id}/payables/{one.payment_id}",
        amount=one.amount,
        due_on=one.due_on,
        late=gettext("%(days)s days over") % {"days": over} if over > 0 and open_ else "",
        pays_on=one.executed_on
        or one.execute_on
        or (None if one.state in _WAITING else one.pay_on),
        shape=words.shape(one.state, bookkept=one.voucher is not None),
        reasons=why(one, gettext),
        can_send=one.state is State.DRAFT,
    )


def why(one: Payable, gettext: Say) -> list[str]:
    """What keeps it where it is, in sentences."""
    said = [words.reason(fault, gettext) for fault in one.reasons]
    if one.state is State.OUTCOME_UNKNOWN:
        said.append(
            gettext(
                "It left for the bank and no answer came. It is not sent again; the bank is asked "
                "by itself."
            )
        )
    if one.state is State.DRAFT:
        said += [words.warning(code, gettext) for code in one.warnings]
    return list(dict.fromkeys(said))


_ROUTE = ("booked", "ready", "asked", "approved", "scheduled", "paid", "bookkept")
_REACHED = {
    State.NEW: 0, State.DRAFT: 1, State.BLOCKED: 1, State.AWAITING_APPROVAL: 2, State.APPROVED: 3,
    State.SCHEDULED: 4, State.HELD: 4, State.RELEASING: 5, State.SUBMITTED: 5,
    State.OUTCOME_UNKNOWN: 5, State.ACCEPTED: 5, State.AWAITING_FUNDS: 5, State.CANCEL_PENDING: 5,
    State.CANCELLED: 5, State.BANK_REJECTED: 5, State.EXECUTED: 5, State.RECONCILED: 5,
    State.RETURNED: 5,
}  # fmt: skip
_MARKS = {
    "booked": "PaymentDrafted", "ready": "PaymentReady", "asked": "ApprovalAsked",
    "approved": "PaymentApproved", "scheduled": "PaymentScheduled", "paid": "PaymentExecuted",
    "bookkept": "PaymentBookkept",
}  # fmt: skip


def stations(one: Payable, moments: Sequence[Moment], names: Names, gettext: Say) -> list[Station]:
    """The seven stations: what is behind, where it is, what is ahead."""
    last = {moment.event: moment for moment in moments}
    bookkept = one.voucher is not None
    at = 6 if bookkept else _REACHED[one.state]
    found = []
    for place, name in enumerate(_ROUTE):
        moment = last.get(_MARKS[name])
        stage = "now" if place == at else "done" if place < at else "ahead"
        when: date | str = moment.at.date() if moment and stage != "ahead" else ""
        who = names.of(moment.actor) if moment and stage != "ahead" else ""
        if name == "paid" and stage == "ahead" and one.execute_on:
            when = one.execute_on
        if stage == "ahead" and name in {"scheduled", "paid", "bookkept"}:
            who = gettext("by itself")
        state = words.shape(one.state, bookkept=bookkept) if stage == "now" else None
        found.append(Station(name, stage, when, who, state))  # type: ignore[arg-type]  # a literal
    return found


def history(moments: Sequence[Moment], names: Names, gettext: Say) -> list[TimelineEntry]:
    """Newest first: what, when, who, and the event's stored name."""
    return [
        TimelineEntry(
            moment.at,
            words.happened(moment.event, gettext),
            f"{names.of(moment.actor)} · {moment.event}",
            kind="hot" if moment.event in words.HOT else "past",
            strong=moment.event in words.STRONG,
        )
        for moment in reversed(moments)
    ]


@dataclass(frozen=True, slots=True)
class Names:
    """Who an actor is, in words: persons by name where known, machinery by what it is."""

    people: dict[UUID, str]
    gettext: Say

    def of(self, actor: str) -> str:
        kind, _, who = actor.partition(":")
        if kind == "user":
            gettext = self.gettext
            return self.people.get(_uuid(who), gettext("a person"))
        return f"Forfald, {who}"


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
