"""Spans and where they go. What leaves the process is cleaned at its door, whoever made the span."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SpanExporter,
    SpanExportResult,
)
from opentelemetry.trace import Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.telemetry.metrics import DROPPED

ALLOWED: Final = frozenset({
    "http.request.method", "http.response.status_code", "http.route", "server.address",
    "messaging.system", "messaging.destination.name", "messaging.operation.name",
    "db.system.name", "db.operation.name", "error.type",
})  # fmt: skip
"""Attributes that may leave, by their names in OpenTelemetry's semantic conventions."""

PLACES: Final = "none, console or file:<path>"

_propagator = TraceContextTextMapPropagator()
_tracer = TracerProvider(resource=Resource({}), shutdown_on_exit=False).get_tracer("forfald")


def start(service: str, exporter: SpanExporter | None) -> TracerProvider:
    """Make spans in the name of a service; without an exporter they go nowhere."""
    global _tracer  # noqa: PLW0603  one per process, as OpenTelemetry's own
    provider = TracerProvider(resource=Resource({"service.name": service}))
    if exporter is not None:
        provider.add_span_processor(BatchSpanProcessor(Cleaned(exporter)))
    _tracer = provider.get_tracer("forfald")
    return provider


def exporter_to(service: str, destination: str) -> SpanExporter | None:
    """Raises ValueError for a destination that is none of PLACES."""
    kind, _, place = destination.partition(":")
    match kind, place:
        case "none", "":
            return None
        case "console", "":
            return ConsoleSpanExporter(service, out=sys.stderr, formatter=_line)
        case "file", _ if place:
            return _Lines(Path(place))
        case _:
            raise ValueError(f"{destination!r} is not {PLACES}")


def _line(span: ReadableSpan) -> str:
    return f"{span.to_json(indent=None)}\n"


class _Lines(SpanExporter):
    """Appends to a file that is open only while something is written, so that it can be moved."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        with self._path.open("a", encoding="utf-8") as out:
            out.writelines(map(_line, spans))
        return SpanExportResult.SUCCESS


class Cleaned(SpanExporter):
    """Lets through names, times, ids and allowed attributes; counts what it drops.

    Events and links go as a whole: a recorded exception carries its text.
    """

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([_cleaned(span) for span in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _cleaned(span: ReadableSpan) -> ReadableSpan:
    given = span.attributes or {}
    kept = {name: value for name, value in given.items() if name in ALLOWED}
    DROPPED.labels("span").inc(len(given) - len(kept) + len(span.events) + len(span.links))
    return ReadableSpan(
        span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=kept,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


@contextmanager
def span(name: str, traceparent: str | None = None) -> Iterator[str | None]:
    """A span that continues the given trace; yields the traceparent to hand on.

    `name` is from a closed set: a contract's type, an effect's kind, a route's template.
    """
    parent = _propagator.extract({"traceparent": traceparent}) if traceparent else None
    with _tracer.start_as_current_span(
        name, context=parent, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current_traceparent() or traceparent
        except Exception as error:
            current.set_attribute("error.type", type(error).__name__)
            current.set_status(Status(StatusCode.ERROR))
            raise


def rename(name: str) -> None:
    """Name the current span by what only became known inside it."""
    trace.get_current_span().update_name(name)


def current_traceparent() -> str | None:
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")
