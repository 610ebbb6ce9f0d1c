"""What a creditor has set, and how it is changed. What the law forbids is refused with its paragraph.

GET  /tenants/{id}/settings                       all of it, with the law that each step rests on
PUT  /tenants/{id}/settings/timelines/{name}      also charges, reminders, write-offs, main-timeline
GET  /tenants/{id}/settings/versions              who set what when
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter

from services.dunning.acts import settings as acts
from services.dunning.api.settings_told import (
    BasisTold,
    ChargesTold,
    MainTold,
    RemindersTold,
    SettingsTold,
    TimelineSet,
    TimelineTold,
    VersionTold,
    WriteOffsTold,
)
from services.dunning.desk import Desk, Follows, Sees
from services.dunning.model import basis
from services.dunning.model.creditor import Creditor, Unlawful
from services.dunning.model.law.packs import law_book
from services.dunning.queries import choices
from shared.clock import day_of
from shared.web.problem import INVALID, FieldError, Problem
from shared.web.routers import api_router
from shared.web.scope import TenantScope
from shared.work import Work


def settings_api(desk: Desk) -> APIRouter:
    api = api_router("dunning", "/tenants/{tenant_id}/settings")

    @api.get("")
    def settings(scope: Sees) -> SettingsTold:
        with desk.reading(scope.tenant_id) as sql:
            creditor = choices.creditor(sql, scope.tenant_id)
        return _told(desk, creditor)

    @api.get("/versions")
    def versions(scope: Sees) -> list[VersionTold]:
        """All that was ever set, the latest first."""
        with desk.reading(scope.tenant_id) as sql:
            found = choices.versions(sql, scope.tenant_id)
        return [
            VersionTold(
                what=one.what,
                version=one.number,
                set_at=one.set_at,
                set_by=one.set_by,
                value=one.body,
            )
            for one in found
        ]

    @api.put("/timelines/{name}", status_code=204)
    def define(scope: Follows, name: str, wanted: TimelineTold) -> None:
        person = scope.identity.user_id
        done(desk, scope, lambda work: acts.define_timeline(work, wanted.timeline(name), person))

    @api.put("/main-timeline", status_code=204)
    def choose_main(scope: Follows, wanted: MainTold) -> None:
        person = scope.identity.user_id
        done(desk, scope, lambda work: acts.choose_main(work, wanted.name, person))

    @api.put("/charges", status_code=204)
    def set_charges(scope: Follows, wanted: ChargesTold) -> None:
        person = scope.identity.user_id
        done(desk, scope, lambda work: acts.set_charges(work, wanted.policy(), person))

    @api.put("/reminders", status_code=204)
    def set_rules(scope: Follows, wanted: RemindersTold) -> None:
        person = scope.identity.user_id
        done(desk, scope, lambda work: acts.set_rules(work, wanted.rules(), person))

    @api.put("/write-offs", status_code=204)
    def set_write_offs(scope: Follows, wanted: WriteOffsTold) -> None:
        person = scope.identity.user_id
        done(desk, scope, lambda work: acts.set_write_offs(work, wanted.rules(), person))

    return api


def done(desk: Desk, scope: TenantScope, command: Callable[[Work], Any]) -> Any:
    """Its answer, or 422 that names every fault with its field and paragraph, not only the first."""
    try:
        return desk.work(scope, command)
    except Unlawful as refused:
        errors = [
            FieldError(field=one.field, rule=one.code, detail=one.expected or one.code)
            for one in refused.faults
        ]
        raise Problem(INVALID, str(refused), refused.code, errors) from refused


def _told(desk: Desk, creditor: Creditor) -> SettingsTold:
    today, law = day_of(desk.now(), creditor.zone), law_book()
    return SettingsTold(
        country=creditor.country,
        main=creditor.main,
        timelines={
            name: TimelineSet(
                **TimelineTold.of(timeline).model_dump(),
                version=creditor.versions.get(f"timeline:{name}", 0),
                basis=[
                    [
                        BasisTold.of(one)
                        for one in basis.of_step(step, creditor.country, "consumer", today, law)
                    ]
                    for step in timeline.steps
                ],
            )
            for name, timeline in sorted(creditor.timelines.items())
        },
        charges=ChargesTold.of(creditor.policy),
        reminders=RemindersTold.of(creditor.rules),
        write_offs=WriteOffsTold.of(creditor.write_offs),
    )
