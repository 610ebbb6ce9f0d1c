"""What a creditor sets, put to the law of its country before it is put to the rules."""

from __future__ import annotations

from uuid import UUID

from services.dunning.acts.gathering import creditor_of
from services.dunning.commands.creditor import (
    ChooseMainTimeline,
    CreditorCommand,
    DefineTimeline,
    SetChargePolicy,
    SetReminderRules,
    SetWriteOffRules,
)
from services.dunning.model.creditor import CREDITOR, Unlawful
from services.dunning.model.judging import (
    against_policy,
    against_rules,
    against_timeline,
    against_write_offs,
)
from services.dunning.model.law.packs import law_book
from services.dunning.model.naming import creditor_id_of
from services.dunning.values import ChargePolicy, ReminderRules, Timeline, WriteOffRules
from shared.clock import day_of
from shared.work import Work


def define_timeline(work: Work, timeline: Timeline, by: UUID) -> None:
    creditor = creditor_of(work)
    today = day_of(work.now, creditor.zone)
    faults = against_timeline(timeline, creditor.policy, creditor.country, today, law_book())
    _execute(work, DefineTimeline(timeline, by, faults))


def choose_main(work: Work, name: str, by: UUID) -> None:
    _execute(work, ChooseMainTimeline(name, by))


def set_charges(work: Work, policy: ChargePolicy, by: UUID) -> None:
    creditor = creditor_of(work)
    today = day_of(work.now, creditor.zone)
    faults = against_policy(policy, creditor.timelines, creditor.country, today, law_book())
    _execute(work, SetChargePolicy(policy, by, faults))


def set_rules(work: Work, rules: ReminderRules, by: UUID) -> None:
    if faults := against_rules(rules):
        raise Unlawful(faults)
    _execute(work, SetReminderRules(rules, by))


def set_write_offs(work: Work, rules: WriteOffRules, by: UUID) -> None:
    if faults := against_write_offs(rules):
        raise Unlawful(faults)
    _execute(work, SetWriteOffRules(rules, by))


def _execute(work: Work, command: CreditorCommand) -> None:
    work.execute(CREDITOR, creditor_id_of(work.tenant_id), command)
