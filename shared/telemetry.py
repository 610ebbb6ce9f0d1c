"""Logs, traces and figures. Ids and counts only: what is personal stays out of all three.

One trace follows a payment across services: the context travels in each event's meta and envelope.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("forfald")


@contextmanager
def span(name: str, traceparent: str | None = None) -> Iterator[str | None]:
    """A span that continues the given trace; yields the traceparent to hand on."""
    parent = _propagator.extract({"traceparent": traceparent}) if traceparent else None
    with _tracer.start_as_current_span(name, context=parent):
        yield current_traceparent() or traceparent


def current_traceparent() -> str | None:
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")
