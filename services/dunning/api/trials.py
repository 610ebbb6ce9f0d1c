"""A change of settings tried on the last twelve months, before it is set.

POST /tenants/{id}/settings/trials              begins it: 202, or refused as setting it would be
GET  /tenants/{id}/settings/trials/{trial}      how far it is, and what it has come to
POST /tenants/{id}/settings/trials/{trial}/set  sets what was tried
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.dunning.acts import trying
from services.dunning.api.settings import done
from services.dunning.api.settings_told import (
    Amount,
    ChargesTold,
    RemindersTold,
    TimelineTold,
)
from services.dunning.desk import Desk, Follows, Sees
from services.dunning.model.tally import Tally
from services.dunning.model.trying import Change
from services.dunning.registers import trials
from services.dunning.registers.trials import Difference, Trial
from services.dunning.values import ChargeKind
from shared.money import Money
from shared.web.problem import not_found
from shared.web.routers import api_router


class NamedTimeline(TimelineTold):
    name: str = Field(max_length=100)


class ChangeTold(BaseModel):
    """What is null stays as it is set."""

    timeline: NamedTimeline | None = None
    main: str | None = None
    charges: ChargesTold | None = None
    reminders: RemindersTold | None = None

    def change(self) -> Change:
        timeline = self.timeline
        return Change(
            timeline=timeline.timeline(timeline.name) if timeline else None,
            main=self.main,
            charges=self.charges.policy() if self.charges else None,
            reminders=self.reminders.rules() if self.reminders else None,
        )


class Begun(BaseModel):
    trial_id: UUID


class Charged(BaseModel):
    kind: ChargeKind
    amount: Amount


class TallyTold(BaseModel):
    """`letters` by kind, a reminder with charges being `charged`; `months` all letters by month.

    `first_after_days` and `warned_after_days` are means over invoices, to one decimal; null without
    any. `ready` counts invoices that became ready for collection.
    """

    letters: dict[str, int]
    months: dict[str, int]
    charges: list[Charged]
    first_after_days: str | None
    warned_after_days: str | None
    ready: int

    @classmethod
    def of(cls, tally: Tally) -> TallyTold:
        charges = []
        for name, minor in sorted(tally.charges.items()):
            kind, _, currency = name.partition(" ")
            amount = Amount.of(Money(minor, currency))
            charges.append(Charged.model_validate({"kind": kind, "amount": amount}))
        return cls(
            letters=tally.letters,
            months=tally.months,
            charges=charges,
            first_after_days=tally.first_after_days,
            warned_after_days=tally.warned_after_days,
            ready=tally.ready,
        )


class DebtorTold(BaseModel):
    debtor_id: UUID
    before: TallyTold
    after: TallyTold

    @classmethod
    def of(cls, one: Difference) -> DebtorTold:
        before, after = TallyTold.of(one.before), TallyTold.of(one.after)
        return cls(debtor_id=one.debtor_id, before=before, after=after)


class TrialTold(BaseModel):
    """`done` of `debtors` have been gone through; `differing` are those whom it makes a difference to."""

    trial_id: UUID
    state: Literal["running", "ended"]
    asked_at: datetime
    from_on: date
    through_on: date
    debtors: int
    done: int
    before: TallyTold
    after: TallyTold
    differing: list[DebtorTold]

    @classmethod
    def of(cls, trial: Trial, differing: list[DebtorTold]) -> TrialTold:
        return cls(
            trial_id=trial.trial_id,
            state="running" if trial.ended_at is None else "ended",
            asked_at=trial.asked_at,
            from_on=trial.from_on,
            through_on=trial.through_on,
            debtors=trial.debtors,
            done=trial.done,
            before=TallyTold.of(trial.before),
            after=TallyTold.of(trial.after),
            differing=differing,
        )


def trials_api(desk: Desk) -> APIRouter:
    api = api_router("dunning", "/tenants/{tenant_id}/settings/trials")

    @api.post("", status_code=202)
    def begin(scope: Follows, wanted: ChangeTold) -> Begun:
        change, person = wanted.change(), scope.identity.user_id
        return Begun(trial_id=done(desk, scope, lambda work: trying.begin(work, change, person)))

    @api.get("/{trial_id}")
    def trial(scope: Sees, trial_id: UUID) -> TrialTold:
        with desk.transaction(scope.tenant_id) as transaction:
            found = trials.find(transaction.raw, scope.tenant_id, trial_id)
            if found is None:
                raise not_found()
            rows = trials.differences(transaction.raw, scope.tenant_id, trial_id)
        return TrialTold.of(found, [DebtorTold.of(one) for one in rows])

    @api.post("/{trial_id}/set", status_code=204)
    def set_tried(scope: Follows, trial_id: UUID) -> None:
        """Judged again by the law of today: what was lawful when it was tried may not be so now."""
        person = scope.identity.user_id
        if not done(desk, scope, lambda work: trying.set_tried(work, trial_id, person)):
            raise not_found()

    return api
