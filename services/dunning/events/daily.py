"""What happens to a creditor day by day, each as a fact of its own: runs of its ledger, lists.

Not on the creditor's stream, which everybody loads and which would grow with each day.
"""

from __future__ import annotations

from datetime import date, datetime

from shared.eventstore.events import Event
from shared.money import Money


class MirrorRefreshed(Event, frozen=True, tag="dunning.MirrorRefreshed.v1"):
    """A run has read the whole ledger; what began before `as_of_at` is known."""

    as_of_at: datetime


class ControlTotalNoted(Event, frozen=True, tag="dunning.ControlTotalNoted.v1"):
    """What the ledger's receivables account said at the end of a run."""

    ledger_total: Money
    mirror_total: Money
    read_on: date


class ListPublished(Event, frozen=True, tag="dunning.ListPublished.v1"):
    """Today's list stands. `goes_at` where what is on it goes by itself."""

    listed_on: date
    invoices: int
    debtors: int
    principal: tuple[Money, ...]
    goes_at: datetime | None = None


DailyEvent = MirrorRefreshed | ControlTotalNoted | ListPublished
