"""A change of settings on last year's facts, beside what is set: letters, charges, days.

It is gone through while this page is away, too. Nothing of it has been sent or charged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from itertools import dropwhile
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from services.dunning.acts import trying
from services.dunning.desk import FOLLOWERS, Desk, Follows, Sees
from services.dunning.model.creditor import Creditor, Unlawful
from services.dunning.model.tally import Tally
from services.dunning.pages import settings_words as words
from services.dunning.pages.settings_view import View
from services.dunning.queries import choices, standing
from services.dunning.registers import trials
from services.dunning.registers.trials import Difference, Trial
from services.dunning.values import ChargeKind
from shared.clock import day_of
from shared.money import Money
from shared.ui import formats
from shared.ui.charts import Ends, Point, Words, line
from shared.ui.environment import draw
from shared.ui.parts import Column
from shared.web.frame import frame
from shared.web.problem import not_found
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope

_AGAIN: Final = {"Refresh": "2"}
"""Until it has ended the page asks again by itself, without a script."""
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Row:
    """A figure as it was and as it would be; `more` with its sign, or empty where it stays."""

    title: str
    before: str
    after: str
    more: str


@dataclass(frozen=True, slots=True)
class DebtorRow:
    name: str
    letters: str
    charges: Sequence[str]


def trials_of(desk: Desk) -> APIRouter:
    pages = page_router("/dunning/{tenant_id}/settings/trials")

    @pages.get("/{trial_id}")
    def trial(request: Request, scope: Sees, trial_id: UUID) -> HTMLResponse:
        return _page(desk, request, scope, trial_id)

    @pages.post("/{trial_id}")
    def set_tried(request: Request, scope: Follows, trial_id: UUID) -> Response:
        """Judged again by the law of today."""
        person = scope.identity.user_id
        try:
            found = desk.work(scope, lambda work: trying.set_tried(work, trial_id, person))
        except Unlawful as refused:
            answer = _page(desk, request, scope, trial_id, refused)
            answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
            return answer
        if not found:
            raise not_found()
        target = f"/dunning/{scope.tenant_id}/settings?done=set"
        return RedirectResponse(target, HTTPStatus.SEE_OTHER)

    return pages


def _page(
    desk: Desk,
    request: Request,
    scope: TenantScope,
    trial_id: UUID,
    refused: Unlawful | None = None,
) -> HTMLResponse:
    tenant_id = scope.tenant_id
    with desk.transaction(tenant_id) as transaction:
        trial = trials.find(transaction.raw, tenant_id, trial_id)
        if trial is None:
            raise not_found()
        differing = sorted(
            trials.differences(transaction.raw, tenant_id, trial_id), key=_weight, reverse=True
        )[:_SHOWN]
        creditor = choices.creditor(transaction.sql, tenant_id)
        ids = {one.debtor_id for one in differing}
        debtors = standing.debtors(transaction.sql, tenant_id, ids)
    names = {
        one.debtor_id: desk.vault.open(tenant_id, one.name) if one.name else one.number
        for one in debtors.values()
    }
    reader = reader_of(request, creditor.zone)
    sheet = Sheet(View(creditor, tenant_id, reader, day_of(desk.now(), creditor.zone)), trial)
    running = trial.ended_at is None
    html = draw(
        request.app.state.pages,
        "dunning/trial.html",
        reader,
        page=frame(request, scope.identity, sheet.title(), tenant_id=tenant_id),
        home=f"/dunning/{tenant_id}/settings",
        trial=trial,
        running=running,
        finding=sheet.finding(),
        columns=sheet.columns(),
        rows=sheet.rows(),
        chart=sheet.chart(),
        months=sheet.months(),
        debtors=[sheet.debtor(one, names.get(one.debtor_id, "")) for one in differing],
        parts=sheet.parts(creditor),
        may_set=bool(scope.roles & FOLLOWERS) and not running,
        wrong=sheet.view.faults(refused.faults) if refused else [],
    )
    return HTMLResponse(html, headers=_AGAIN if running else {})


def _weight(one: Difference) -> tuple[int, int]:
    """Whom it makes the most difference to, by charges and then by letters."""
    before, after = sum(one.before.charges.values()), sum(one.after.charges.values())
    return abs(after - before), abs(one.after.count - one.before.count)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Writes one trial for one reader."""

    view: View
    trial: Trial

    def title(self) -> str:
        return self.view.gettext("Tried on the last twelve months")

    def finding(self) -> str:
        """The result in a sentence."""
        gettext = self.view.gettext
        before, after = self.trial.before, self.trial.after
        more = after.count - before.count
        if more > 0:
            letters = gettext("%(count)s letters more") % {"count": more}
        elif more < 0:
            letters = gettext("%(count)s letters fewer") % {"count": -more}
        else:
            letters = gettext("as many letters")
        charges = [
            f"{_signed(change, self.view)} {change.currency}"
            for change in self._changes(before, after)
            if change
        ]
        said = ", ".join(charges) if charges else gettext("the same charges")
        return f"{letters}, {said}"

    def _changes(self, before: Tally, after: Tally) -> list[Money]:
        currencies = sorted({name.partition(" ")[2] for name in {*before.charges, *after.charges}})
        return [
            Money(_sum(after, currency) - _sum(before, currency), currency)
            for currency in currencies
        ]

    # ----- side by side

    def columns(self) -> list[Column]:
        gettext = self.view.gettext
        return [
            Column(gettext("What")),
            Column(gettext("as it is"), "num"),
            Column(gettext("changed"), "num"),
            Column(gettext("difference"), "num"),
        ]

    def rows(self) -> list[Row]:
        before, after, gettext = self.trial.before, self.trial.after, self.view.gettext
        rows = [
            _counted(title, before.letters.get(kind, 0), after.letters.get(kind, 0))
            for kind, title in words.kinds(gettext).items()
        ]
        rows.append(_counted(gettext("All letters"), before.count, after.count))
        titles: dict[ChargeKind, str] = {
            "fee": gettext("Fees"),
            "interest": gettext("Interest"),
            "compensation": gettext("Compensation"),
        }
        for kind, title in titles.items():
            rows += self._charged(title, before.charged(kind), after.charged(kind))
        rows.append(_counted(gettext("Ready for collection"), before.ready, after.ready))
        rows.append(
            self._days(gettext("First letter, days after the due date"),
                       before.first_after_days, after.first_after_days)
        )  # fmt: skip
        rows.append(
            self._days(gettext("Warned, days after the due date"),
                       before.warned_after_days, after.warned_after_days)
        )  # fmt: skip
        return rows

    def _charged(
        self, title: str, before: dict[str, Money], after: dict[str, Money]
    ) -> Iterable[Row]:
        for currency in sorted({*before, *after}):
            none = Money.zero(currency)
            one, other = before.get(currency, none), after.get(currency, none)
            change = other - one
            yield Row(
                f"{title}, {currency}",
                formats.amount(one, self.view.reader),
                formats.amount(other, self.view.reader),
                _signed(change, self.view) if change else "",
            )

    def _days(self, title: str, before: str | None, after: str | None) -> Row:
        def shown(text: str | None) -> str:
            return words.number(text, self.view.reader) if text else self.view.gettext("none")

        more = ""
        if before is not None and after is not None and before != after:
            change = Decimal(after) - Decimal(before)
            sign = "+" if change > 0 else "\N{MINUS SIGN}"
            more = sign + words.number(str(abs(change)), self.view.reader)
        return Row(title, shown(before), shown(after), more)

    # ----- by month and by debtor

    def months(self) -> list[tuple[str, int, int]]:
        before, after = self.trial.before.months, self.trial.after.months
        found = [
            (month, before.get(month, 0), after.get(month, 0))
            for month in _months(self.trial.from_on, self.trial.through_on)
        ]
        # Months before anything was known here say nothing.
        return list(dropwhile(lambda one: not (one[1] or one[2]), found))

    def chart(self) -> Markup:
        months, gettext = self.months(), self.view.gettext
        most = max([max(one, other) for _, one, other in months] or [0])
        if not most:
            return Markup()
        points = [Point(month[5:], Decimal(other), Decimal(one)) for month, one, other in months]
        _, last_before, last_after = months[-1]
        ends = Ends(str(last_after), gettext("changed"), str(last_before), gettext("as it is"))
        title = gettext("Letters by month")
        ticks = [(Decimal(0), "0"), (Decimal(most), str(most))]
        return line(points, ends, Words(title, self.finding()), ticks)

    def debtor(self, one: Difference, name: str) -> DebtorRow:
        charges = [
            f"{formats.amount(Money(_sum(one.before, change.currency), change.currency), self.view.reader)}"
            f" → {formats.money(Money(_sum(one.after, change.currency), change.currency), self.view.reader)}"
            for change in self._changes(one.before, one.after)
        ]
        return DebtorRow(name, f"{one.before.count} → {one.after.count}", charges)

    def parts(self, creditor: Creditor) -> list[Any]:
        """What was tried: the timeline as it would be drawn, and in words what else."""
        timeline = self.trial.change.timeline
        if timeline is None and self.trial.change.main is not None:
            timeline = creditor.timelines.get(self.trial.change.main)
        return [self.view.timeline(timeline)] if timeline else []


def _sum(tally: Tally, currency: str) -> int:
    return sum(minor for name, minor in tally.charges.items() if name.partition(" ")[2] == currency)


def _signed(change: Money, view: View) -> str:
    text = formats.amount(change, view.reader)
    return text if change.minor < 0 else f"+{text}"


def _counted(title: str, before: int, after: int) -> Row:
    change = after - before
    sign = "+" if change > 0 else "\N{MINUS SIGN}"
    return Row(title, str(before), str(after), f"{sign}{abs(change)}" if change else "")


def _months(from_on: date, through_on: date) -> list[str]:
    first, last = from_on.year * 12 + from_on.month - 1, through_on.year * 12 + through_on.month - 1
    return [f"{month // 12}-{month % 12 + 1:02}" for month in range(first, last + 1)]
