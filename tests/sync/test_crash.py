"""A process that dies between the vendor's answer and the commit tells nothing twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared import database
from shared.effects import lease, worker
from tests.sync.economic_world import FIK
from tests.sync.sales import selling


class Killed(BaseException):
    """No handler of ours catches it, as none would catch SIGKILL."""


class Killer:
    """Ends the process the n-th time that it passes a place."""

    def __init__(self, place: str, time: int) -> None:
        self._place, self._left = place, time

    def __call__(self, place: str) -> None:
        if place == self._place:
            self._left -= 1
            if self._left == 0:
                raise Killed


def told_at_last(server: Any, monkeypatch: pytest.MonkeyPatch, killer: Killer | None) -> list[Any]:
    with monkeypatch.context() as patched, selling(server, page_size=2, sync_page="2") as house:
        patched.setattr(lease, "LEASE", timedelta(0))
        for n in range(7):
            house.vendor.invoice(f"F-{n}", f"{n + 1}.00", payment=FIK)
        house.vendor.does("payments", entry=1, bookedOn="2026-03-02")
        house.is_paid(house.sells("80.00"), on="2026-03-02")
        if killer is None:
            house.open_sales()
        else:
            patched.setattr(worker, "crash_point", killer)
            patched.setattr(database, "crash_point", killer)
            with pytest.raises(Killed):
                house.open_sales()
            house.settle()
        return [(name, _without_ids(fields)) for name, fields in house.told()]


def _without_ids(fields: Any) -> Any:
    """Sealed values differ by their nonce, and runs by their id."""
    if isinstance(fields, dict):
        return {
            name: _without_ids(value)
            for name, value in fields.items()
            if name not in {"sealed", "run_id"}
        }
    return fields


@pytest.mark.case("integrations", 4)
@pytest.mark.parametrize("place", ["ledger.read:after", "ledger.read:before-commit"])
def test_events_after_a_kill_equal_those_of_an_uninterrupted_run(
    postgres_server, monkeypatch, place
):
    # The parties' pages are the first two steps, so the fifth is the third page of entries.
    killed = told_at_last(postgres_server, monkeypatch, Killer(place, 5))
    undisturbed = told_at_last(postgres_server, monkeypatch, None)
    assert killed == undisturbed
    assert [name for name, _ in killed].count("InvoiceBooked") == 8
