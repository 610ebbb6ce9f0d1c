"""The one wiring place of approvals."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from services.approvals.asking import Asking
from services.approvals.events import ApprovalsEvent
from services.approvals.histories import histories
from services.approvals.links import Links
from services.approvals.projections import awaiting, people, policies
from services.approvals.publications import publications
from services.approvals.reactions import reactions
from services.approvals.schedules import jobs_of
from services.approvals.signing import Signer
from services.approvals.subscriptions import subscriptions_of
from services.approvals.tables import read
from shared.clock import Clock, WallClock
from shared.eventstore.mapper import EventMapper
from shared.service import Service, Surroundings
from shared.work import Rules

_EXPIRES_AFTER_DAYS = "14"


def build(surroundings: Surroundings, wall: Clock | None = None) -> Service:
    """`wall` is the clock that mailed links live by: the machine's, unless a test says otherwise."""
    days = surroundings.settings.get("approvals_expire_after_days", _EXPIRES_AFTER_DAYS)
    desk = Asking(
        signer=Signer.read(surroundings.setting("approvals_private_key")),
        links=Links(surroundings.opened(), wall or WallClock()),
        expires_after=timedelta(days=int(days)),
    )
    return Service(
        name="approvals",
        rules=Rules(
            EventMapper(ApprovalsEvent), publications, reactions, [awaiting, people, policies]
        ),
        subscriptions=subscriptions_of(desk),
        read=read,
        followed=[histories],
        jobs=jobs_of(desk),
        migrations=Path(__file__).parent / "migrations",
    )
