"""Going through what has happened once more: a year in memory, and a trial from the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

import msgspec

from services.dunning.acts import trying
from services.dunning.model.defaults import TIMELINES
from services.dunning.model.trial import tried
from services.dunning.model.trying import Change, facts_of
from services.dunning.registers import trials
from services.dunning.values import ChargePolicy, Timeline
from shared.clock import WallClock
from shared.postgres import Server
from shared.work import Work
from tests.dunning.house import ANNA, House, house, moves_in
from tests.perf.customers import Customers, a_year, load, make_read_tables
from tests.perf.report import Line

_NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
_TODAY: Final = _NOW.date()
_YEAR: Final = timedelta(days=365)
_EARLIER: Final = -2
"""Days by which the timeline that is tried is earlier."""


def year(server: Server, invoices: int) -> Iterator[Line]:
    """From facts in memory: every day of a year on which something happens is decided."""
    with _creditor(server) as here:
        customers = Customers.of(here.world, here.tenant)
    zone, creditor = customers.creditor.zone, customers.creditor
    facts = [
        (debtor_id, facts_of(log.recorded.values(), zone))
        for debtor_id, log in customers.logs(a_year(invoices, _TODAY))
    ]
    clock, letters = WallClock(), 0
    before = clock.monotonic()
    for debtor_id, own in facts:
        letters += tried(debtor_id, own, creditor, _TODAY - _YEAR, _TODAY).count
    spent = clock.monotonic() - before
    yield Line(
        f"a simulated year of {invoices:,} invoices, in memory",
        f"{spent:.1f} s",
        f"{letters:,} letters, {invoices / spent:,.0f} invoices/s",
    )


def trial(server: Server, invoices: int) -> Iterator[Line]:
    """As the page has it: histories are read from the store and lived twice, as set and as tried."""
    with _creditor(server) as here:
        load(here.world, Customers.of(here.world, here.tenant), a_year(invoices, _TODAY))
        make_read_tables(here.world)
        here.world.clock.move_to(_NOW)
        schedules = next(
            part.step for part in here.world.runtimes["dunning"].parts if part.name == "schedules"
        )
        clock = WallClock()
        begin = partial(trying.begin, change=Change(timeline=_earlier()), by=ANNA)
        before = clock.monotonic()
        trial_id: UUID = here.world.work("dunning", here.tenant, begin)
        while schedules():
            pass
        spent = clock.monotonic() - before
        find = partial(_found, tenant_id=here.tenant, trial_id=trial_id)
        found = here.world.work("dunning", here.tenant, find)
    assert found.ended_at is not None
    assert found.before != found.after
    yield Line(
        f"{invoices:,} receivables replayed into a new timeline",
        f"{spent:.1f} s",
        f"{invoices / spent:,.0f} invoices/s",
    )


def _found(work: Work, tenant_id: UUID, trial_id: UUID) -> trials.Trial:
    found = trials.find(work.raw, tenant_id, trial_id)
    assert found is not None
    return found


def _earlier() -> Timeline:
    steps = tuple(
        msgspec.structs.replace(step, after_days=step.after_days + _EARLIER)
        for step in TIMELINES["DK"].steps
    )
    return msgspec.structs.replace(TIMELINES["DK"], steps=steps)


@contextmanager
def _creditor(server: Server) -> Iterator[House]:
    with house(server) as empty:
        here = moves_in(empty)
        here.sets(msgspec.structs.replace(TIMELINES["DK"], mode="automatic"))
        here.sets(ChargePolicy(accept_unverified=True))
        yield here
