"""What due work is called, and what it carries."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

import msgspec

LIST: Final = "dunning.list"
"""Each morning: whose step has come. Keyed by the day, or by how far a day's list has come."""
SEND: Final = "dunning.send"
"""What goes by itself, debtor by debtor."""
REPLAN: Final = "dunning.replan"
"""Settings have changed: every open invoice is planned anew, lot by lot."""
READY: Final = "dunning.ready"
"""A warning's deadline has passed. Keyed by the invoice."""
RESUME: Final = "dunning.resume"
INCLUDE: Final = "dunning.include"
AGE: Final = "dunning.age"
"""Charges of an invoice have become as old as the creditor lets them."""
TRIAL: Final = "dunning.trial"
"""A change of settings is tried, some debtors at a time. Keyed by the trial and the last debtor."""
AFTER_HAND_OVER: Final = "dunning.after_hand_over"
MONTH_END: Final = "dunning.month_end"
"""Early on the first of each month: the packs of the month that is over are frozen."""
FREEZE: Final = "dunning.freeze"
"""An effect: a pack is reckoned. Keyed by kind and month, so that it is frozen once."""


class PackToFreeze(msgspec.Struct, frozen=True):
    """As known at an instant, when `position` was the last that had been recorded of its creditor."""

    kind: Literal["quality", "month_end"]
    period: str
    known_at: datetime
    position: int
