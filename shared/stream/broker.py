"""Which feed brings others' events here: a setting, and nothing else changes with it.

`FORFALD_BROKER=embedded` reads the publishers' outboxes directly; `kafka://host:port,host:port`
reads Kafka topics, on which each service's relay publishes its outbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from shared.database import Database
from shared.stream.inbox import Inbox
from shared.stream.log import LogFeed
from shared.stream.relay import Relay

EMBEDDED = "embedded"
_SCHEME = "kafka://"
BROKERS = f"{EMBEDDED} or {_SCHEME}host:port"


class Feed(Protocol):
    def step(self) -> bool:
        """Take what is there now; true if anything moved. Raises Unavailable to be tried again."""
        ...

    def heard(self, source: str) -> None:
        """A publisher has told something: the next step need look nowhere else."""

    def close(self) -> None: ...


def kafka_servers(broker: str) -> str | None:
    """The bootstrap servers of a broker setting, None for the embedded feed.

    Raises ValueError for what is none of BROKERS.
    """
    if broker == EMBEDDED:
        return None
    servers = broker.removeprefix(_SCHEME)
    if servers == broker or not all(map(_is_address, servers.split(","))):
        raise ValueError(f"{broker!r} is not {BROKERS}")
    return servers


def _is_address(text: str) -> bool:
    host, _, port = text.rpartition(":")
    return bool(host) and port.isdecimal()


def feed_of(
    servers: str | None, inbox: Inbox, outboxes: Mapping[str, Database], instance: str = ""
) -> Feed:
    """`outboxes`: per publisher, its database as the role `feed` sees it.

    `instance` is this process's name among those of its service, where they have names.
    """
    if servers is None:
        return LogFeed(inbox, outboxes)
    from shared.stream.kafka import KafkaFeed

    return KafkaFeed(inbox, servers, instance)


def relay_of(servers: str | None, service: str, reader_dsn: str) -> Relay | None:
    """The service's relay, None where the others read its outbox themselves."""
    return None if servers is None else Relay(service, reader_dsn, servers)
