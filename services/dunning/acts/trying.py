"""Trying a change of settings on the facts of the last twelve months, some debtors at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from services.dunning.acts.gathering import creditor_of
from services.dunning.intents import TRIAL
from services.dunning.model.creditor import CREDITOR, Creditor
from services.dunning.model.law.packs import law_book
from services.dunning.model.naming import creditor_id_of
from services.dunning.model.periods import months_after
from services.dunning.model.trial import tried
from services.dunning.model.trying import Change, changed, commands_of, facts_of
from services.dunning.queries import standing
from services.dunning.queries import trials as queries
from services.dunning.registers import trials
from services.dunning.registers.trials import Difference
from shared.clock import day_of
from shared.effects.intents import Due
from shared.work import Work

_INVOICES: Final = 200
"""Invoices per transaction, and the rest of the last debtor's."""
_YEAR: Final = 12


def begin(work: Work, change: Change, by: UUID) -> UUID:
    """Refused as setting it would be; then it is gone through piece by piece, while others work."""
    creditor = creditor_of(work)
    today = day_of(work.now, creditor.zone)
    changed(creditor, change, by, today, law_book())
    trial_id = uuid4()
    days = (months_after(today, -_YEAR), today)
    debtors = queries.debtors(work.sql, work.tenant_id, days[0])
    trials.begin(work.raw, work.tenant_id, trial_id, change, days, by, work.now, debtors)
    work.remind(Due(TRIAL, key=f"{trial_id}:{UUID(int=0)}", due_at=work.now))
    return trial_id


def go_on(work: Work, trial_id: UUID, after: UUID) -> None:
    """The next debtors after one; the last of them names the next piece."""
    trial = trials.find(work.raw, work.tenant_id, trial_id, for_update=True)
    if trial is None or trial.ended_at is not None:
        return
    now = creditor_of(work)
    then = changed(now, trial.change, trial.asked_by, trial.through_on, law_book())
    lot = queries.lot(work.sql, work.tenant_id, trial.from_on, after, _INVOICES)
    found = []
    before, after_ = trial.before, trial.after
    for debtor_id in lot:
        one = _compared(work, debtor_id, now, then, trial.from_on, trial.through_on)
        before, after_ = before + one.before, after_ + one.after
        if one.before != one.after:
            found.append(one)
    trial = replace(trial, done=trial.done + len(lot), before=before, after=after_)
    ended_at = None if lot else work.now
    trials.advance(work.raw, work.tenant_id, trial, found, ended_at=ended_at)
    if lot:
        work.remind(Due(TRIAL, key=f"{trial_id}:{lot[-1]}", due_at=work.now))


def _compared(
    work: Work, debtor_id: UUID, now: Creditor, then: Creditor, from_on: date, through_on: date
) -> Difference:
    rows = standing.of_debtor(work.sql, work.tenant_id, debtor_id)
    streams = (debtor_id, *(row.invoice_id for row in rows))
    facts = facts_of((work.history(stream) for stream in streams), now.zone)
    return Difference(
        debtor_id,
        tried(debtor_id, facts, now, from_on, through_on),
        tried(debtor_id, facts, then, from_on, through_on),
    )


def set_tried(work: Work, trial_id: UUID, by: UUID) -> bool:
    """Set what was tried; False where there is no such trial any more."""
    trial = trials.find(work.raw, work.tenant_id, trial_id)
    if trial is None:
        return False
    creditor = creditor_of(work)
    today = day_of(work.now, creditor.zone)
    for command in commands_of(creditor, trial.change, by, today, law_book()):
        work.execute(CREDITOR, creditor_id_of(work.tenant_id), command)
    return True
