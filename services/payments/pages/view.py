"""The list of payables as people read it: its tabs and lines, names opened, reasons in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from services.payments.pages import reasons, words
from services.payments.pages.words import Say
from services.payments.queries import Payable
from services.payments.values import State
from shared.money import Money
from shared.sealed import Sealed
from shared.ui import formats
from shared.ui.reader import Reader
from shared.ui.states import State as Shape
from shared.vault import Vault

_RAILS = {
    "fik71": "FIK 71", "fik73": "FIK 73", "fik75": "FIK 75", "giro01": "Giro 01",
    "giro04": "Giro 04", "giro15": "Giro 15", "bankgiro": "Bankgiro", "plusgiro": "PlusGiro",
    "iban": "IBAN",
}  # fmt: skip
_WITHOUT_A_DAY = frozenset({State.BLOCKED, State.HELD})
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
    ("refused", frozenset({
        State.BANK_REJECTED, State.RETURNED, State.CANCELLED})),
    ("paid", frozenset({State.EXECUTED, State.RECONCILED})),
)  # fmt: skip
OPEN_STATES = frozenset().union(*(states for key, states in TABS if key not in {"paid", "refused"}))


PARTS: tuple[str, ...] = ("asked", "partly", "late", "approved", "redo")
"""Lists that figures elsewhere open, each a part of a tab's."""


def tab_title(key: str, gettext: Say) -> str:
    return {
        "ready": gettext("Ready"),
        "blocked": gettext("Blocked"),
        "approval": gettext("With approvers"),
        "held": gettext("Held"),
        "scheduled": gettext("Scheduled"),
        "bank": gettext("At the bank"),
        "unknown": gettext("Unknown"),
        "refused": gettext("Not paid"),
        "paid": gettext("Paid"),
        "asked": gettext("Waiting for approval"),
        "partly": gettext("Approved in part"),
        "approved": gettext("Approved"),
        "late": gettext("Approvers are late"),
        "redo": gettext("To be paid anew"),
    }[key]


def list_of(state: State, *, partly: bool = False) -> str:
    """The narrowest list that holds the orders of this state, and no others."""
    if state is State.AWAITING_APPROVAL:
        return "partly" if partly else "asked"
    if state is State.APPROVED:
        return "approved"
    return next(key for key, states in TABS if state in states)


def is_late(one: Payable, now: datetime) -> bool:
    """Whether the approvers have let the hour go by at which a yes would have kept the day."""
    return one.state is State.AWAITING_APPROVAL and one.latest_approval_at < now


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list."""

    payment_id: UUID
    state: State
    payee: str
    detail: str
    href: str
    amount: Money
    due_on: date
    late: str
    pays_on: date | None
    shape: Shape
    figures: Mapping[str, int]
    to_redo: bool
    approvers_late: bool
    reasons: Sequence[str]

    @property
    def can_send(self) -> bool:
        return self.state is State.DRAFT

    def is_in(self, wanted: str) -> bool:
        """Whether the list of that name holds it; without a name, the list of all that is open."""
        match wanted:
            case "asked":
                return self.state is State.AWAITING_APPROVAL and not self.figures
            case "partly":
                return bool(self.figures)
            case "late":
                return self.approvers_late
            case "approved":
                return self.state is State.APPROVED
            case "redo":
                return self.to_redo
            case _:
                return self.state in dict(TABS).get(wanted, OPEN_STATES)

    def is_about(self, wanted: str, reader: Reader) -> bool:
        """Whether payee, number or amount hold what is searched for, in whatever case and form."""
        amount = f"{formats.amount(self.amount, reader)} {self.amount.decimal}"
        return wanted.casefold().strip() in f"{self.payee} {self.detail} {amount}".casefold()


@dataclass(frozen=True, slots=True)
class Lines:
    """Writes lines for one reader at one instant.

    `redo` are the orders whose invoice wants a new one; `numbers` are the invoice numbers of orders that a reason may name; `people` are names, sealed.
    """

    vault: Vault
    tenant_id: UUID
    reader: Reader
    now: datetime
    gettext: Say
    numbers: reasons.Numbers = field(default_factory=dict)
    people: Mapping[UUID, Sealed] = field(default_factory=dict)
    redo: frozenset[UUID] = frozenset()

    def line(self, one: Payable) -> Line:
        return Line(
            payment_id=one.payment_id,
            state=one.state,
            payee=self.vault.open(self.tenant_id, one.party_name),
            detail=self._detail(one),
            href=f"/payments/{self.tenant_id}/payables/{one.payment_id}",
            amount=one.amount,
            due_on=one.due_on,
            late=self._late(one),
            pays_on=self.pays_on(one),
            shape=words.shape_of(one),
            figures=words.figures(one),
            to_redo=one.payment_id in self.redo,
            approvers_late=is_late(one, self.now),
            reasons=self.why(one),
        )

    def _detail(self, one: Payable) -> str:
        gettext = self.gettext
        number = gettext("invoice %(number)s") % {"number": one.number}
        account = gettext("account ending %(last4)s") % {"last4": one.account_last4}
        rail = _RAILS.get(one.account_kind or "", account if one.account_last4 else "")
        return ", ".join(part for part in (number, rail) if part)

    def _late(self, one: Payable) -> str:
        gettext = self.gettext
        over = (self.reader.day - one.due_on).days
        if over <= 0 or one.state not in OPEN_STATES:
            return ""
        return (
            gettext("1 day over") if over == 1 else gettext("%(days)s days over") % {"days": over}
        )

    def pays_on(self, one: Payable) -> date | None:
        """The day that money leaves or left; none while something stands in the way."""
        if one.state in _WITHOUT_A_DAY:
            return None
        return one.executed_on or one.execute_on or one.pay_on

    def why(self, one: Payable) -> list[str]:
        """What keeps it where it is and what comes next, in sentences."""
        gettext = self.gettext
        said = reasons.told(one.reasons, gettext, self.numbers)
        return list(dict.fromkeys([*said, *self._standing(one)]))

    def _said_yes(self, one: Payable) -> Iterator[str]:
        """Who has answered; who else must is on the approvers' page."""
        gettext = self.gettext
        if not one.yes_by or one.still_needed != 1:
            return
        names = [
            self.vault.open(self.tenant_id, self.people[person]) if person in self.people
            else gettext("a person")
            for person in one.yes_by
        ]  # fmt: skip
        said = gettext("%(names)s said yes; one more must.")
        yield said % {"names": ", ".join(names)}

    def _standing(self, one: Payable) -> Iterator[str]:
        gettext = self.gettext
        times = {
            "day": formats.day(one.pay_on, self.reader),
            "at": formats.instant(one.latest_approval_at, self.reader),
            "since": formats.instant(one.since_at, self.reader),
        }
        if one.state is State.AWAITING_APPROVAL:
            yield from self._said_yes(one)
        match one.state:
            case State.DRAFT | State.AWAITING_APPROVAL if one.latest_approval_at < self.now:
                yield (
                    gettext(
                        "Too late for %(day)s: approved now, it leaves as soon as the bank can."
                    )
                    % times
                )
            case State.DRAFT:
                if one.due_on < self.reader.day:
                    yield gettext("Past due: leaves %(day)s if approved by %(at)s.") % times
                yield from (reasons.warning(code, gettext) for code in one.warnings)
            case State.AWAITING_APPROVAL:
                yield gettext("Since %(since)s. Pays in time if approved by %(at)s.") % times
            case State.SCHEDULED:
                yield gettext("Leaves by itself. Can be changed or withdrawn until then.")
            case State.OUTCOME_UNKNOWN:
                yield (
                    gettext(
                        "It left for the bank and no answer came (since %(since)s). It is not sent again; "
                        "the bank is asked by itself."
                    )
                    % times
                )
            case State.BANK_REJECTED | State.RETURNED if one.remaining.minor > 0:
                yield gettext("The invoice is still to be paid: open it to pay what remains.")
            case _:
                return
