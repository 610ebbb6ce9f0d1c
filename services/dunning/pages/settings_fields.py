"""The fields of the settings' forms, filled with what is set or with what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.dunning.pages import settings_words as words
from services.dunning.pages.settings_forms import CURRENCIES
from services.dunning.pages.settings_view import View
from services.dunning.values import ChargePolicy, ReminderRules, Timeline, WriteOffRules
from shared.contracts.values import Fault
from shared.ui import formats
from shared.ui.parts import Choice, Field

_TIERS: Final = 3
"""Rows for own fees, at least one of them empty."""


@dataclass(frozen=True, slots=True)
class Fields:
    view: View
    faults: Mapping[str, Fault]

    def _error(self, field: str) -> str:
        fault = self.faults.get(field)
        return words.fault(fault, self.view.gettext) if fault else ""

    # ----- a timeline

    def name(self, value: str) -> Field:
        gettext = self.view.gettext
        return Field("name", gettext("Name"), value=value, error=self._error("name"), required=True)

    def gap(self, timeline: Timeline) -> Field:
        gettext = self.view.gettext
        return Field(
            "gap_days",
            gettext("Days at least between two letters"),
            "number",
            value=str(timeline.gap_days),
            hint=gettext("It holds whatever pauses do to the days."),
            error=self._error("gap_days"),
        )

    def mode(self, timeline: Timeline) -> Field:
        gettext = self.view.gettext
        options = [Choice(name, title) for name, title in words.modes(gettext).items()]
        return Field(
            "mode", gettext("How letters leave"), "select", value=timeline.mode, choices=options
        )

    # ----- charges

    def charges(self, policy: ChargePolicy) -> dict[str, Any]:
        gettext, reader = self.view.gettext, self.view.reader
        home = self.view.creditor.home_currency
        rate = words.number(policy.rate, reader) if policy.rate else ""
        return {
            "policy": policy,
            "interest": [
                Choice("legal", gettext("As much as the law allows")),
                Choice("own", gettext("Our own rate, at most what the law allows")),
                Choice("none", gettext("None")),
            ],
            "rate": Field(
                "rate", gettext("Own rate, percent a year"), value=rate, error=self._error("rate")
            ),
            "fees": [
                Choice("legal", gettext("As much as the law allows")),
                Choice("own", gettext("Our own fees, at most what the law allows")),
                Choice("none", gettext("None")),
            ],
            "tiers": [self._tier(policy, number, home) for number in range(self._rows(policy))],
            "tiers_error": self._error("tiers"),
            "home_currency": home,
        }

    def _rows(self, policy: ChargePolicy) -> int:
        return max(_TIERS, len(policy.tiers) + 1)

    def _tier(self, policy: ChargePolicy, number: int, home: str) -> tuple[Field, Field]:
        gettext, reader = self.view.gettext, self.view.reader
        tier = policy.tiers[number] if number < len(policy.tiers) else None
        return (
            Field(
                f"from-{number}",
                gettext("For overdue amounts from, %(currency)s") % {"currency": home},
                value=formats.amount(tier.from_principal, reader) if tier else "",
                error=self._error(f"tiers.{number}.from_principal"),
            ),
            Field(
                f"fee-{number}",
                gettext("Fee, %(currency)s") % {"currency": home},
                value=formats.amount(tier.fee, reader) if tier else "",
                error=self._error(f"tiers.{number}.fee"),
            ),
        )

    # ----- who is reminded

    def reminders(self, rules: ReminderRules) -> dict[str, Any]:
        gettext, reader = self.view.gettext, self.view.reader
        amounts = {one.currency: formats.amount(one, reader) for one in rules.minimum}
        copies = [
            Choice("embedded", gettext("Inside the PDF, as an attachment")),
            Choice("page_two", gettext("As the next pages of the letter")),
            Choice("none", gettext("Not sent along")),
        ]
        return {
            "rules": rules,
            "minimum": [
                Field(
                    f"minimum-{currency}",
                    currency,
                    value=amounts.get(currency, ""),
                    error=self._error(f"minimum.{currency}"),
                )
                for currency in CURRENCIES
            ],
            "open_items": [
                Choice("hold", gettext("Wait until it is set off against an invoice")),
                Choice("remind", gettext("Remind, and say in the letter that it is there")),
            ],
            "collective": [
                Choice("all", gettext("One letter for all invoices of a debtor")),
                Choice("one", gettext("One letter for each invoice")),
            ],
            "copies": Field(
                "copies",
                gettext("Copies of invoices"),
                "select",
                value=rules.copies,
                choices=copies,
            ),
        }

    def write_offs(self, rules: WriteOffRules) -> dict[str, Any]:
        gettext = self.view.gettext
        days = rules.days_after_hand_over
        return {
            "rules": rules,
            "months": Field(
                "months",
                gettext("Months after a charge was made"),
                "number",
                value="" if rules.months is None else str(rules.months),
                hint=gettext("Empty: never."),
                error=self._error("months"),
            ),
            "days": Field(
                "days_after_hand_over",
                gettext("Days after it was handed to an agency"),
                "number",
                value="" if days is None else str(days),
                hint=gettext("Empty: never. The agency claims the charges itself."),
                error=self._error("days_after_hand_over"),
            ),
        }
