"""Until when, and how often, we ask whether a mail has come back.

Mail servers try for up to five days before they report a failure (RFC 5321 §4.5.4.1), most report
within minutes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

FIRST_ASK: Final = timedelta(minutes=1)
_THEN: Final = (
    timedelta(minutes=4),
    timedelta(minutes=10),
    timedelta(minutes=45),
    timedelta(hours=3),
    timedelta(hours=8),
    timedelta(hours=12),
    *[timedelta(days=1)] * 4,
)


def next_ask(asked: int) -> timedelta | None:
    """How long after the asked-th time we ask again, counted from one; None when it is enough."""
    return _THEN[asked - 1] if asked <= len(_THEN) else None


FIRST_ASK_OF_POST: Final = timedelta(days=1)
_POST_THEN: Final = tuple(timedelta(days=days) for days in (1, 1, 1, 2, 2, 3, 4, 5, 5, 5))
"""For a month: a letter that nobody took in comes back to the print partner within weeks."""


def next_ask_of_post(asked: int) -> timedelta | None:
    """As `next_ask`, of a printed letter."""
    return _POST_THEN[asked - 1] if asked <= len(_POST_THEN) else None
