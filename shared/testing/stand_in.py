"""Services that only speak: each publishes what a test has it say, by its own outbox and as itself.

world = World(server, [payments, stand_in("sync"), stand_in("tenants")], start)
say(world, tenant, ClientAttached(...))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final
from uuid import UUID

from shared.after import After
from shared.contracts.base import CONTRACTS, Contract
from shared.decider import Decider
from shared.eventstore.events import Event, Recorded
from shared.eventstore.mapper import EventMapper
from shared.projecting.read_schema import metadata
from shared.service import Service, Surroundings
from shared.stream.outbox import Telling
from shared.stream.subscriptions import Subscriptions
from shared.testing.world import World
from shared.work import Rules


class Said(Event, frozen=True, tag="stand_in.Said.v1"):
    """A contract, as its type and its bytes."""

    type_name: str
    body: bytes


_SAY: Final[Decider[Said, None, Said]] = Decider(lambda said, _: [said], lambda _, __: None, None)
publications: After[Telling] = After()


@publications.after(Said)
def after_said(recorded: Recorded[Said], _: None) -> Iterable[Telling]:
    said = recorded.event
    yield CONTRACTS[said.type_name].model_validate_json(said.body)


def stand_in(name: str) -> Callable[[Surroundings], Service]:
    """A service of this name, which hears nothing."""

    def build(_: Surroundings) -> Service:
        return Service(
            name, Rules(EventMapper(Said), publications), Subscriptions(name), metadata()
        )

    return build


def say(world: World, tenant_id: UUID, contract: Contract, about: UUID | None = None) -> None:
    """Have its publisher say it. What is said about one thing, or about a tenant, stays in order."""
    said = Said(contract.type_name, contract.encoded())
    subject = about or tenant_id
    world.work(contract.publisher, tenant_id, lambda work: work.execute(_SAY, subject, said))
