"""Lists as people read them: names opened, reasons in sentences, the countdown in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from babel.dates import format_timedelta

from services.collections.model.claim import is_by_hand
from services.collections.pages import words
from services.collections.pages.words import Say
from services.collections.queries import CaseRow, ClaimRow
from services.collections.values import LIVE, CaseState, ClaimState
from shared.money import Money
from shared.sealed import Sealed
from shared.ui import formats
from shared.ui.reader import Reader
from shared.ui.states import State
from shared.vault import Vault

TABS: tuple[str, ...] = ("ready", "paused", "sent", "over")


def tab_title(key: str, gettext: Say) -> str:
    return {
        "ready": gettext("Ready"),
        "paused": gettext("Paused"),
        "sent": gettext("With the agency"),
        "over": gettext("Over"),
    }[key]


def tab_of_claim(one: ClaimRow) -> str:
    return "paused" if one.state is ClaimState.HELD else "ready"


def tab_of_case(one: CaseRow) -> str:
    return "sent" if one.state in LIVE else "over"


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One invoice that is still here. `ends` says that a person may let it go after all."""

    invoice_id: UUID
    debtor: str
    detail: str
    amount: Money
    due_on: date | None
    transfer_on: date | None
    shape: State
    reasons: Sequence[str]
    can_send: bool
    can_stop: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case."""

    case_id: UUID
    debtor: str
    detail: str
    href: str
    amount: Money
    told: Money
    remaining: Money | None
    sent_on: date
    shape: State
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class Lines:
    """Writes lines for one reader at one instant; `debtors` are numbers and names, sealed."""

    vault: Vault
    tenant_id: UUID
    reader: Reader
    now: datetime
    gettext: Say
    debtors: Mapping[UUID, tuple[str, Sealed]]

    def name(self, debtor_id: UUID) -> str:
        gettext = self.gettext
        known = self.debtors.get(debtor_id)
        return self.vault.open(self.tenant_id, known[1]) if known else gettext("Unknown debtor")

    def claim(self, one: ClaimRow) -> ClaimLine:
        gettext = self.gettext
        number = gettext("invoice %(number)s") % {"number": one.number}
        by_hand = bool(one.holds) and all(is_by_hand(code) for code in one.holds)
        return ClaimLine(
            invoice_id=one.invoice_id,
            debtor=self.name(one.debtor_id),
            detail=number if one.number else "",
            amount=one.principal,
            due_on=one.due_on,
            transfer_on=one.transfer_on,
            shape=words.CLAIMS[one.state],
            reasons=list(self._why(one)),
            can_send=one.state in {ClaimState.READY, ClaimState.PLANNED},
            can_stop=not any(is_by_hand(code) for code in one.holds),
            ends=by_hand,
        )

    def _why(self, one: ClaimRow) -> Sequence[str]:
        gettext = self.gettext
        said = [words.hold(code, gettext) for code in one.holds]
        if one.until_on is not None and "paused" in one.holds:
            day = formats.day(one.until_on, self.reader)
            said.append(gettext("The pause ends after %(day)s.") % {"day": day})
        if one.blocking is not None and one.blocking.minor > 0:
            total = formats.money(one.blocking, self.reader)
            said.append(gettext("%(sum)s is matched with nothing.") % {"sum": total})
        if one.goes_at is not None:
            left = max(one.goes_at - self.now, timedelta(minutes=1))
            when = {
                "at": formats.instant(one.goes_at, self.reader),
                "left": format_timedelta(left, "minute", locale=self.reader.locale),
            }
            said.append(gettext("Goes %(at)s unless somebody stops it: %(left)s left.") % when)
        if one.warned_on is not None and not one.holds:
            day = formats.day(one.warned_on, self.reader)
            said.append(gettext("Warned %(day)s.") % {"day": day})
        return said

    def case(self, one: CaseRow) -> CaseLine:
        gettext = self.gettext
        numbers = ", ".join(one.numbers)
        detail = gettext("invoice %(number)s") % {"number": numbers}
        return CaseLine(
            case_id=one.case_id,
            debtor=self.name(one.debtor_id),
            detail=f"{detail}, {one.agency_reference}" if one.agency_reference else detail,
            href=f"/collections/{self.tenant_id}/cases/{one.case_id}",
            amount=one.amount,
            told=one.told,
            remaining=one.remaining,
            sent_on=one.sent_on,
            shape=words.case_shape(one),
            reasons=list(self._about(one)),
        )

    def _about(self, one: CaseRow) -> Sequence[str]:
        gettext, said = self.gettext, []
        if one.state is CaseState.OUTCOME_UNKNOWN:
            said.append(
                gettext("It left and no answer came. It is not sent again; the agency is asked.")
            )
        if one.untold:
            said.append(gettext("The agency would not hear something: open the case."))
        if one.recall_sought and one.state is CaseState.ACTIVE:
            said.append(gettext("The agency has been asked to let go of it."))
        if one.told.minor:
            total = formats.money(one.told, self.reader)
            said.append(gettext("%(sum)s paid to the creditor was told.") % {"sum": total})
        return said
