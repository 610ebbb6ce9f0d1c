"""Customers' invoices, from the ledger to the agency and back: all services, all simulators, no stand-in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from forfald.demo.creditors import CREDITORS, Creditor, Creditors
from forfald.house import FOLLOWING
from services.dunning.acts import sending
from services.dunning.queries import standing
from services.tenants.acts import demo as cast
from shared.postgres import Server
from shared.work import Work
from tests.journeys.house import MONDAY, House, running

FJORDVIG, SODERMALM, FJELLTOPP = CREDITORS
THE_END = datetime(2026, 4, 24, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(postgres_server: Server) -> Iterator[House]:
    """Eight weeks of three creditors. Mette sends what stands on Fjordvig's list each morning at ten."""
    with running(postgres_server, MONDAY, services=FOLLOWING) as house:
        world = house.outside
        world.open_ledgers(MONDAY.date())
        cast.seed(house.runtimes["tenants"])
        house.settle()

        def work(service: str, tenant: Any, command: Callable[[Work], object]) -> object:
            actor = f"user:{cast.SOREN.user_id}"
            return house.runtimes[service].work(tenant, actor, command)

        creditors = Creditors(house.runtimes, world, work)
        creditors.sell(MONDAY.date())
        creditors.set_up(frozenset())
        house.settle()
        while house.clock.now() < THE_END:
            house.days(1)
            send_all(house, FJORDVIG)
            house.settle()
        yield house


def send_all(house: House, creditor: Creditor) -> None:
    def send(work: Work) -> None:
        for debtor in standing.listed_debtors(work.sql, creditor.tenant_id, after=NOBODY, most=99):
            rows = standing.listed(work.sql, creditor.tenant_id, debtor)
            sending.send(work, debtor, [row.invoice_id for row in rows], cast.METTE.user_id)

    house.runtimes["dunning"].work(creditor.tenant_id, f"user:{cast.METTE.user_id}", send)
