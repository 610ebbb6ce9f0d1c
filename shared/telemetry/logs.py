"""Structured logs: one JSON object per line, with fields from a closed list.

A list of what is forbidden always lacks one name; so everything is dropped, and counted, that is
not listed here. Of an exception come its type and the lines of code that it passed: its text and
the variables around it may hold what a person typed. The event itself is a constant in the code.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor

from shared.telemetry.metrics import DROPPED

STANDARD_ERROR: Final = "stderr"
PLACES: Final = "stderr or file:<path>"
_OURS: Final = {"event", "level", "timestamp", "service", "trace_id", "error", "trace"}
_IDS: Final = {"tenant", "payment", "approval", "invoice", "batch", "effect", "record", "debtor"}
_PLACES: Final = {
    "consumer", "part", "job", "kind", "check", "receipt", "places", "library", "code", "topic",
    "partition", "position",
}  # fmt: skip
# `path` comes from the transport alone, which shortens whatever looks like an account or an id.
_EXCHANGES: Final = {"method", "host", "path", "status", "seconds", "failure"}
ALLOWED: Final = frozenset(_OURS | _IDS | _PLACES | _EXCHANGES)
Written = Callable[..., Any]
"""Makes the logger that lines are given to."""
_PLAIN = (str, int, float, bool, UUID, date, type(None))


def configure(service: str | None, written: Written | None = None) -> None:
    """Send all logs, those of libraries included, through the closed list; to standard error, unless told."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _in_the_name_of(service),
            _fault,
            _only_the_allowed,
            structlog.processors.JSONRenderer(default=str),
        ],
        logger_factory=written or written_to(STANDARD_ERROR),
        cache_logger_on_first_use=False,
    )
    if service is not None:
        logging.basicConfig(handlers=[_Library()], level=logging.WARNING, force=True)


class _FileLogger:
    """Opens its file for each line: it can be moved away at any time, and none stays open."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path

    def msg(self, line: str) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    log = debug = info = warning = error = critical = exception = msg


def written_to(place: str) -> Written:
    """Where lines go, one of PLACES; ValueError for any other."""
    if place == STANDARD_ERROR:
        # Asked anew for each logger: standard error may be another one by then.
        return lambda *_: structlog.PrintLogger(sys.stderr)
    kind, _, path = place.partition(":")
    if kind != "file" or not path:
        raise ValueError(f"{place!r} is not {PLACES}")
    logger = _FileLogger(Path(path))
    return lambda *_: logger


def _in_the_name_of(service: str | None) -> Processor:
    def name(_logger: Any, _method: str, event: EventDict) -> EventDict:
        if service is not None:
            event["service"] = service
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            event["trace_id"] = trace.format_trace_id(context.trace_id)
        return event

    return name


def _fault(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """An exception as its type, those behind it, and where in the code they passed."""
    told = event.pop("exc_info", None)
    error = sys.exc_info()[1] if told is True else told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        chain = list(_chain(error))
        event["error"] = " from ".join(type(one).__name__ for one in chain)
        event["trace"] = [
            f"{frame.filename}:{frame.lineno} in {frame.name}: {frame.line}"
            for one in chain
            for frame in traceback.extract_tb(one.__traceback__)
        ]
    return event


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )


def _only_the_allowed(_logger: Any, _method: str, event: EventDict) -> EventDict:
    kept = {
        name: value
        for name, value in event.items()
        if name in ALLOWED and (isinstance(value, _PLAIN) or name == "trace")
    }
    DROPPED.labels("log").inc(len(event) - len(kept))
    return kept


class _Library(logging.Handler):
    """A library's message by its place in the library's code: its words may quote anything."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(
            record.levelno,
            "a library speaks",
            library=record.name,
            code=f"{record.module}:{record.lineno}",
            exc_info=record.exc_info,
        )
