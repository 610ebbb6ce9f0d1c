"""What own events put on the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.dunning.events import creditor as c
from services.dunning.events import daily as y
from services.dunning.events import debtor as d
from services.dunning.events import receivable as e
from services.dunning.intents import (
    AFTER_HAND_OVER,
    AGE,
    INCLUDE,
    LIST,
    MONTH_END,
    READY,
    REPLAN,
    RESUME,
    SEND,
)
from services.dunning.model.collecting import told_again_on
from services.dunning.model.creditor import Creditor
from services.dunning.model.listing_hours import first_list, first_packs
from services.dunning.model.receivable import Receivable
from services.dunning.values import NoticeKind
from shared.after import After
from shared.effects.intents import Due, Reaction
from shared.eventstore.events import Recorded

reactions: After[Reaction] = After()

_MORNING: Final = time(4, 30, tzinfo=UTC)
"""Half past five or six anywhere in the Nordics: before any list, and after every midnight."""
_DAY: Final = timedelta(days=1)


def morning_of(day: date) -> datetime:
    return datetime.combine(day, _MORNING)


@reactions.after(c.CreditorLearnt)
def after_creditor_learnt(recorded: Recorded[c.CreditorLearnt], _: Creditor) -> Iterable[Reaction]:
    zone = ZoneInfo(recorded.event.time_zone)
    yield Due(LIST, key="", due_at=first_list(recorded.meta.recorded_at, zone))
    yield Due(MONTH_END, key="", due_at=first_packs(recorded.meta.recorded_at, zone))


@reactions.after(y.ListPublished)
def after_list_published(recorded: Recorded[y.ListPublished], _: bool) -> Iterable[Reaction]:
    if recorded.event.goes_at is not None:
        yield Due(SEND, key="", due_at=recorded.event.goes_at)


def _replan(recorded: Recorded[object]) -> Iterable[Reaction]:
    yield Due(REPLAN, key="", due_at=recorded.meta.recorded_at)


@reactions.after(c.TimelineDefined)
def after_timeline_defined(
    recorded: Recorded[c.TimelineDefined], _: Creditor
) -> Iterable[Reaction]:
    yield from _replan(recorded)


@reactions.after(c.MainTimelineChosen)
def after_main_timeline_chosen(
    recorded: Recorded[c.MainTimelineChosen], _: Creditor
) -> Iterable[Reaction]:
    yield from _replan(recorded)


@reactions.after(c.ReminderRulesSet)
def after_reminder_rules_set(
    recorded: Recorded[c.ReminderRulesSet], _: Creditor
) -> Iterable[Reaction]:
    yield from _replan(recorded)


@reactions.after(c.DriftNoted)
def after_drift_noted(recorded: Recorded[c.DriftNoted], _: Creditor) -> Iterable[Reaction]:
    """What is on its way is called back, and what was ready is held."""
    yield from _replan(recorded)


@reactions.after(c.DriftGone)
def after_drift_gone(recorded: Recorded[c.DriftGone], _: Creditor) -> Iterable[Reaction]:
    yield from _replan(recorded)


@reactions.after(d.DebtorExcluded)
def after_debtor_excluded(recorded: Recorded[d.DebtorExcluded], _: object) -> Iterable[Reaction]:
    if recorded.event.until_on is not None:
        at = morning_of(recorded.event.until_on + _DAY)
        yield Due(INCLUDE, key=str(recorded.aggregate_id), due_at=at)


@reactions.after(e.LetterCounted)
def after_letter_counted(recorded: Recorded[e.LetterCounted], _: Receivable) -> Iterable[Reaction]:
    event = recorded.event
    if event.kind is NoticeKind.WARNING and event.deadline_on is not None:
        at = morning_of(event.deadline_on + _DAY)
        yield Due(READY, key=str(recorded.aggregate_id), due_at=at)


@reactions.after(e.BecameReady)
def after_became_ready(recorded: Recorded[e.BecameReady], _: Receivable) -> Iterable[Reaction]:
    """What was told of its interest ends then."""
    at = morning_of(told_again_on(recorded.event))
    yield Due(READY, key=str(recorded.aggregate_id), due_at=at)


@reactions.after(e.ChargeAdded)
def after_charge_added(recorded: Recorded[e.ChargeAdded], _: Receivable) -> Iterable[Reaction]:
    if recorded.event.ages_on is not None:
        at = morning_of(recorded.event.ages_on)
        yield Due(AGE, key=str(recorded.aggregate_id), due_at=at)


@reactions.after(e.InvoicePaused)
def after_invoice_paused(recorded: Recorded[e.InvoicePaused], _: Receivable) -> Iterable[Reaction]:
    if recorded.event.until_on is not None:
        at = morning_of(recorded.event.until_on + _DAY)
        yield Due(RESUME, key=str(recorded.aggregate_id), due_at=at)


@reactions.after(e.HandedOver)
def after_handed_over(recorded: Recorded[e.HandedOver], _: Receivable) -> Iterable[Reaction]:
    """Unless it is taken back before: the agency claims the charges then, and the books must not too."""
    if recorded.event.ages_on is not None:
        key = f"{recorded.aggregate_id}:{recorded.event.case_id}"
        yield Due(AFTER_HAND_OVER, key=key, due_at=morning_of(recorded.event.ages_on))
