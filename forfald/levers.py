"""The levers of the simulated outside world, which stand beside its doors under `/control/`."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from shared.http import Answer, Limits, Transport, unlogged

_LIMITS: Final = Limits(read=10, attempts=1)
_OK: Final = range(200, 300)


class LeverStuckError(Exception):
    """A simulator refused what it was told."""


class Levers:
    """Those of one simulator. Silence is raised as the transport says it."""

    def __init__(self, url: str) -> None:
        self._http = Transport(url, limits=_LIMITS, log=unlogged)

    def close(self) -> None:
        self._http.close()

    def read(self, path: str) -> Any:
        return _meant(path, self._http.get(path))

    def pull(self, path: str, told: dict[str, Any]) -> Any:
        headers = {"Content-Type": "application/json"}
        return _meant(
            path, self._http.send("POST", path, body=msgspec.json.encode(told), headers=headers)
        )


def _meant(path: str, answer: Answer) -> Any:
    if answer.status not in _OK:
        raise LeverStuckError(f"{path} answered {answer.status}: {answer.body.decode()}")
    return msgspec.json.decode(answer.body) if answer.body else None
