"""What the pages of the settings show: lines of days, the law beside each step, versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from babel.dates import get_day_names
from markupsafe import Markup

from services.dunning.model import basis
from services.dunning.model.creditor import Creditor
from services.dunning.model.facts import LegalKind
from services.dunning.model.law.packs import law_book
from services.dunning.pages import settings_words as words
from services.dunning.pages.line_of_days import Drawn, line_of_days
from services.dunning.pages.settings_forms import SPARE, kind_of
from services.dunning.queries.choices import Version
from services.dunning.values import Step, Timeline
from shared.contracts.values import Fault
from shared.ui.language import translator
from shared.ui.parts import Choice, Field
from shared.ui.reader import Reader

_KINDS: Sequence[LegalKind] = ("consumer", "company")


@dataclass(frozen=True, slots=True)
class StepShown:
    day: str
    title: str
    basis: Sequence[str]
    unverified: bool


@dataclass(frozen=True, slots=True)
class TimelineShown:
    name: str
    is_main: bool
    picture: Markup
    steps: Sequence[StepShown]
    said: str
    version: int


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row of the form: which letter, how many days after the due date."""

    kind: Field
    days: Field


@dataclass(frozen=True, slots=True)
class History:
    title: str
    number: int
    at: datetime
    by_default: bool


@dataclass(frozen=True, slots=True)
class View:
    """Writes one creditor's settings for one reader."""

    creditor: Creditor
    tenant_id: UUID
    reader: Reader
    today_on: date

    def gettext(self, message: str) -> str:
        return str(translator(self.reader.language).gettext(message))

    # ----- timelines

    def timelines(self) -> list[TimelineShown]:
        """The main one first."""
        main = self.creditor.main
        names = sorted(self.creditor.timelines, key=lambda name: (name != main, name))
        return [self.timeline(self.creditor.timelines[name]) for name in names]

    def timeline(self, one: Timeline) -> TimelineShown:
        steps = [self._step(step) for step in one.steps]
        drawn = [
            Drawn(step, str(step.after_days), shown.title)
            for step, shown in zip(one.steps, steps, strict=True)
        ]
        description = ", ".join(f"{shown.day}: {shown.title}" for shown in steps)
        title = self.gettext("Days after the due date")
        picture = line_of_days(drawn, self.gettext("due"), title, description)
        return TimelineShown(
            name=one.name,
            is_main=one.name == self.creditor.main,
            picture=Markup() if one.is_statement else picture,
            steps=steps,
            said=self._said(one),
            version=self.creditor.versions.get(f"timeline:{one.name}", 0),
        )

    def _step(self, step: Step) -> StepShown:
        found = self._basis(step)
        if step.kind.value == "statement":
            day = self.gettext("every %(days)s days") % {"days": step.after_days}
        else:
            day = self.gettext("day %(days)s") % {"days": step.after_days}
        return StepShown(
            day=day,
            title=words.letter(step, self.gettext),
            basis=list(dict.fromkeys(words.basis(one, self.reader, self.gettext) for one in found)),
            unverified=any(one.unverified for one in found),
        )

    def _basis(self, step: Step) -> list[basis.Basis]:
        """Towards consumers, and towards companies where that is another rule."""
        law, country = law_book(), self.creditor.country
        return [
            one for kind in _KINDS for one in basis.of_step(step, country, kind, self.today_on, law)
        ]

    def _said(self, one: Timeline) -> str:
        names = get_day_names("abbreviated", locale=self.reader.locale)
        days = ", ".join(names[day] for day in one.list_days)
        parts = [words.modes(self.gettext)[one.mode], days]
        if not one.is_statement:
            gap = self.gettext("at least %(days)s days between two letters")
            parts.insert(1, gap % {"days": one.gap_days})
        return " · ".join(parts)

    def rows(self, one: Timeline, faults: Mapping[str, Fault]) -> list[RowShown]:
        """A row for each letter of a timeline, and some for more."""
        kinds = [Choice(name, title) for name, title in words.kinds(self.gettext).items()]
        rows = []
        for number in range(len(one.steps) + SPARE):
            step = one.steps[number] if number < len(one.steps) else None
            fault = next(
                (
                    faults[field]
                    for part in ("after_days", "charged", "kind")
                    if (field := f"steps.{number}.{part}") in faults
                ),
                None,
            )
            rows.append(
                RowShown(
                    Field(
                        f"kind-{number}",
                        self.gettext("Letter %(number)s") % {"number": number + 1},
                        "select",
                        value=kind_of(step) if step else "reminder",
                        choices=kinds,
                    ),
                    Field(
                        f"days-{number}",
                        self.gettext("Days after the due date"),
                        "number",
                        value=str(step.after_days) if step else "",
                        error=words.fault(fault, self.gettext) if fault else "",
                    ),
                )
            )
        return rows

    def weekdays(self) -> list[Choice]:
        names = get_day_names("wide", locale=self.reader.locale)
        return [Choice(str(day), names[day].capitalize()) for day in range(7)]

    # ----- what was set before

    def history(self, versions: Sequence[Version], *wanted: str) -> list[History]:
        return [
            History(self._what(one.what), one.number, one.set_at, one.set_by is None)
            for one in versions
            if one.what in wanted or any(one.what.startswith(f"{name}:") for name in wanted)
        ]

    def _what(self, what: str) -> str:
        kind, _, name = what.partition(":")
        return {
            "timeline": self.gettext("Timeline %(name)s") % {"name": name},
            "charges": self.gettext("Charges"),
            "reminders": self.gettext("Who is reminded"),
            "write_offs": self.gettext("Giving up"),
        }.get(kind, kind)

    def faults(self, faults: Sequence[Fault]) -> list[str]:
        """Each once; a fault of another timeline than the one that is set is told with its name."""
        found = []
        for one in faults:
            text = words.fault(one, self.gettext)
            if one.field.startswith("timelines."):
                text = f"{one.field.split('.')[1]}: {text}"
            found.append(text)
        return list(dict.fromkeys(found))
