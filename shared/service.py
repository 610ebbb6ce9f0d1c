"""What a service is, said once in its `app.py`, and the same for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from fastapi import FastAPI

from shared.clock import Clock, WallClock
from shared.database import Database
from shared.effects.worker import Performer
from shared.projecting.projection import Projection
from shared.provision import Address
from shared.scheduler import Job
from shared.settings import Settings
from shared.stream.subscriptions import Subscriptions
from shared.vault import Vault
from shared.work import Rules

if TYPE_CHECKING:
    from shared.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a service is given by whoever starts it. `wall` is the clock that leases are measured by."""

    address: Address
    clock: Clock
    vault: Vault | None = None
    settings: Settings = field(default_factory=Settings)
    wall: Clock = field(default_factory=WallClock)
    _feeds: dict[str, Database] = field(default_factory=dict, init=False, repr=False, compare=False)

    def database_of(self, service: str) -> Database:
        """A service's own database; nothing is asked of it yet."""
        return Database(self.address.dsn(service, "app"))

    def feed_of(self, service: str) -> Database:
        """What others may see of a service: its outbox. The same for all who listen in this process."""
        if service not in self._feeds:
            self._feeds[service] = Database(self.address.dsn(service, "feed"), pool_size=2)
        return self._feeds[service]

    def opened(self) -> Vault:
        """The vault, for the services that hold the grant to open personal values."""
        assert self.vault is not None, "this service was not given the vault"
        return self.vault


@dataclass(frozen=True, slots=True)
class Service:
    """`database` is given where performers ask it between calls: the runtime works on the same one."""

    name: str
    rules: Rules
    subscriptions: Subscriptions
    read: sa.MetaData
    followed: Sequence[Projection] = ()
    performers: Sequence[Performer] = ()
    jobs: Mapping[str, Job] = field(default_factory=dict)
    migrations: Path | None = None
    web: Callable[[Runtime], FastAPI] | None = None
    database: Database | None = None
