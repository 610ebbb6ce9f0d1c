"""From the first reminder to collection, day by day: each advance names exactly what happens."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from services.dunning.model.defaults import TIMELINES
from services.dunning.values import ChargePolicy
from shared.postgres import Server
from tests.dunning.house import House, house, moves_in


@pytest.fixture(scope="module")
def empty(postgres_server: Server) -> Iterator[House]:
    with house(postgres_server) as empty:
        yield empty


@pytest.fixture
def here(empty: House) -> House:
    """A Danish creditor whose letters go by themselves. The calendar goes on from test to test."""
    there = moves_in(empty)
    there.sets(msgspec.structs.replace(TIMELINES["DK"], mode="automatic"))
    there.sets(ChargePolicy(accept_unverified=True))
    there.seen()
    return there


@pytest.mark.capability("E5")
@pytest.mark.capability("E16")
@pytest.mark.capability("E17")
@pytest.mark.capability("E18")
@pytest.mark.capability("E19")
@pytest.mark.capability("E28")
def test_an_invoice_that_nobody_pays_is_reminded_charged_warned_and_ready(
    postgres_server: Server,
) -> None:
    with house(postgres_server) as empty:
        here = moves_in(empty)
        here.sets(msgspec.structs.replace(TIMELINES["DK"], mode="automatic"))
        here.sets(ChargePolicy(accept_unverified=True))
        here.seen()
        here.invoice("1001", "10000.00", due="2026-03-02", debtor=here.debtor("Alfa"))
        here.until("2026-03-06").sees()
        here.until("2026-03-09").sees(
            "ReminderDue 1001",
            "ReminderIssued 1001: 10000.00",
        )
        here.until("2026-03-20").sees()
        # 21 days at 9.75 %: the twentieth day after the due date is a Sunday.
        here.until("2026-03-23").sees(
            "ReminderDue 1001",
            "ReminderIssued 1001: 10156.10",
            "ChargeAdded 1001 fee 100.00",
            "ChargeAdded 1001 interest 56.10",
        )
        here.until("2026-04-07").sees()
        here.until("2026-04-08").sees(
            "ReminderDue 1001",
            "CollectionWarningIssued 1001: 10298.84",
            "ChargeAdded 1001 fee 100.00",
            "ChargeAdded 1001 interest 42.74",
        )
        here.until("2026-04-20", hour=23).sees()
        here.until("2026-04-21").sees("ReadyForCollection 1001")
        # Three months after each was made, what is open of the charges is given up in the books.
        here.until("2026-06-22").sees()
        here.until("2026-06-23").sees("ChargesWrittenOff 1001 aged")
        here.until("2026-07-08").sees("ChargesWrittenOff 1001 aged")
