"""The forms of the settings, and how what comes back in them is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from babel.numbers import NumberFormatError, parse_decimal
from starlette.datastructures import FormData

from services.dunning.model.creditor import Unlawful
from services.dunning.values import (
    ChargePolicy,
    FeeTier,
    NoticeKind,
    ReminderRules,
    Step,
    Timeline,
    WriteOffRules,
)
from shared.contracts.values import Fault
from shared.money import Money, MoneyError
from shared.ui.reader import Reader

ROWS_MOST: Final = 20
SPARE: Final = 2
"""Empty rows after those that are set."""
CURRENCIES: Final = ("DKK", "SEK", "NOK", "EUR")
KINDS: Final[Mapping[str, tuple[NoticeKind, bool]]] = {
    "reminder": (NoticeKind.REMINDER, False),
    "charged": (NoticeKind.REMINDER, True),
    "warning": (NoticeKind.WARNING, True),
    "statement": (NoticeKind.STATEMENT, False),
}


def kind_of(step: Step) -> str:
    return "charged" if step.charged and step.kind is NoticeKind.REMINDER else step.kind.value


def timeline(form: FormData, name: str) -> Timeline:
    """A row without days is no letter. Raises `Unlawful`, naming the field."""
    steps: list[Step] = []
    for number in range(ROWS_MOST):
        days = _text(form, f"days-{number}")
        if not days:
            continue
        field = f"steps.{len(steps)}.after_days"
        kind, charged = KINDS.get(_text(form, f"kind-{number}"), KINDS["reminder"])
        steps.append(Step(kind, _whole(days, field), charged))
    mode: Any = _text(form, "mode")
    weekdays = [one for one in form.getlist("list_days") if isinstance(one, str)]
    return Timeline(
        name=name,
        steps=tuple(steps),
        gap_days=_whole(_text(form, "gap_days") or "0", "gap_days"),
        list_days=tuple(sorted({int(one) for one in weekdays if one in "0123456"})),
        mode=mode if mode in {"automatic", "ask", "off"} else "ask",
    )


def charges(form: FormData, reader: Reader, home: str, before: ChargePolicy) -> ChargePolicy:
    """What the page does not show stays as it is set."""
    interest: Any = _text(form, "interest")
    fees: Any = _text(form, "fees")
    tiers: list[FeeTier] = []
    for number in range(ROWS_MOST):
        fee = _text(form, f"fee-{number}")
        if fee:
            start = _text(form, f"from-{number}") or "0"
            tiers.append(
                FeeTier(
                    _money(start, home, reader, f"tiers.{len(tiers)}.from_principal"),
                    _money(fee, home, reader, f"tiers.{len(tiers)}.fee"),
                )
            )
    rate = _text(form, "rate")
    return ChargePolicy(
        interest=interest if interest in {"legal", "own", "none"} else "legal",
        rate=str(_decimal(rate, reader, "rate")) if rate else None,
        fees=fees if fees in {"legal", "own", "none"} else "legal",
        tiers=tuple(tiers),
        fee_clause="fee_clause" in form,
        compensation="compensation" in form,
        allocation=before.allocation,
        day_count=before.day_count,
        count_due_date=before.count_due_date,
        accept_unverified="accept_unverified" in form,
    )


def reminders(form: FormData, reader: Reader, before: ReminderRules) -> ReminderRules:
    minimum = [
        _money(text, currency, reader, f"minimum.{currency}")
        for currency in CURRENCIES
        if (text := _text(form, f"minimum-{currency}"))
    ]
    # Amounts of other currencies were set elsewhere and stay.
    minimum += [one for one in before.minimum if one.currency not in CURRENCIES]
    copies: Any = _text(form, "copies")
    return ReminderRules(
        minimum=tuple(minimum),
        open_items="remind" if _text(form, "open_items") == "remind" else "hold",
        collective=_text(form, "collective") != "one",
        copies=copies if copies in {"none", "embedded", "page_two"} else "embedded",
        historical=before.historical,
    )


def write_offs(form: FormData) -> WriteOffRules:
    months, days = _text(form, "months"), _text(form, "days_after_hand_over")
    return WriteOffRules(
        principal_paid="principal_paid" in form,
        months=_whole(months, "months") if months else None,
        days_after_hand_over=_whole(days, "days_after_hand_over") if days else None,
    )


def faulty(faults: Sequence[Fault]) -> Mapping[str, Fault]:
    """The first fault of each field."""
    found: dict[str, Fault] = {}
    for one in faults:
        found.setdefault(one.field, one)
    return found


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


_DIGITS_MAX: Final = 4
"""No number of days or months that anybody means has more."""


def _whole(text: str, field: str) -> int:
    if not text.isdecimal() or len(text) > _DIGITS_MAX:
        raise Unlawful([Fault("NOT_A_NUMBER", field, "this is a whole number")])
    return int(text)


def _decimal(text: str, reader: Reader, field: str) -> Decimal:
    try:
        return parse_decimal("".join(text.split()), reader.locale, strict=True)
    except NumberFormatError as error:
        raise Unlawful([Fault("NOT_A_NUMBER", field, "this is a number")]) from error


def _money(text: str, currency: str, reader: Reader, field: str) -> Money:
    try:
        return Money.of(_decimal(text, reader, field), currency)
    except MoneyError as error:
        raise Unlawful([Fault("NOT_AN_AMOUNT", field, "this is an amount")]) from error
