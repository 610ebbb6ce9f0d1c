"""Figures of one process, in Prometheus' terms. Labels come from closed sets, never from data.

What has happened is counted here, after its commit; how far behind things are is asked of the
database at each scrape: see shared/telemetry/lags.py.
"""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

MEDIA_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
REGISTRY: Final = CollectorRegistry()

EVENTS: Final = Counter(
    "forfald_events_appended", "Events recorded, by stored name", ["event"], registry=REGISTRY
)
CONTRACTS: Final = Counter(
    "forfald_contracts_published", "Contracts put into the outbox, by type", ["contract"],
    registry=REGISTRY,
)  # fmt: skip
MESSAGES: Final = Counter(
    "forfald_messages_received", "Records that a feed brought, by what became of them",
    ["consumer", "receipt"], registry=REGISTRY,
)  # fmt: skip
EFFECTS: Final = Counter(
    "forfald_effects_carried_out", "Attempts at effects, by the state each led to",
    ["kind", "outcome"], registry=REGISTRY,
)  # fmt: skip
REQUESTS: Final = Counter(
    "forfald_http_requests", "Answers to HTTP requests, by route template and status",
    ["method", "route", "status"], registry=REGISTRY,
)  # fmt: skip
DROPPED: Final = Counter(
    "forfald_telemetry_dropped", "Log fields and span parts that were not on the list",
    ["sink"], registry=REGISTRY,
)  # fmt: skip


def exposition() -> bytes:
    """Everything there is to scrape, as text of MEDIA_TYPE."""
    return generate_latest(REGISTRY)
