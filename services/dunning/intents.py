"""What due work is called, and what it carries."""

from __future__ import annotations

from typing import Final

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
