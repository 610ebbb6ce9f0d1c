"""Answers remembered by their Idempotency-Key, for a while.

The vendor documents that a repeated key gets the first answer from a cache with the header
`X-ResultFromCache: true`, for one hour in the documentation of journals 5.0.0 and for a time that
is not stated later. That refusals are not remembered is an assumption.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from simulators.economic.vendor import Answer

KEPT_FOR = timedelta(hours=1)


class Replays:
    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], tuple[datetime, Answer]] = {}

    def get(self, grant: str, key: str, now: datetime) -> Answer | None:
        kept = self._answers.get((grant, key))
        if kept is None or now >= kept[0] + KEPT_FOR:
            return None
        return replace(kept[1], headers={"X-ResultFromCache": "true"})

    def keep(self, grant: str, key: str, answer: Answer, now: datetime) -> None:
        self._answers[grant, key] = (now, answer)
