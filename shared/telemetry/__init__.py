"""Logs, traces and figures. Ids and counts only: what is personal stays out of all three.

One trace follows a payment across services: the context travels in each event's meta and envelope.
A process calls `start_telemetry` once; before that, logs are safe already and traces go nowhere.
"""

from __future__ import annotations

from functools import partial

from opentelemetry.sdk.trace import TracerProvider

from shared.settings import Settings
from shared.telemetry import logs, traces
from shared.telemetry.traces import current_traceparent, span

__all__ = ["current_traceparent", "span", "start_telemetry"]


def start_telemetry(service: str, settings: Settings) -> TracerProvider:
    """Logs and traces in the name of a service; shut the provider down to write the last spans.

    Setting `logs`: `stderr` (the default) or `file:` and a path. Setting `traces`: `none` (the
    default), `console`, or `file:` and a path. Both are JSON, a line each.
    """
    logs.configure(
        service, settings.read("logs", logs.written_to, logs.PLACES, logs.STANDARD_ERROR)
    )
    exporter = settings.read("traces", partial(traces.exporter_to, service), traces.PLACES, "none")
    return traces.start(service, exporter)


logs.configure(None)
