"""Which of others' events a service listens to, and with which handler.

    subscriptions = Subscriptions("payments")

    @subscriptions.on(PaymentApproved)
    def on_payment_approved(event: PaymentApproved, work: Work) -> None: ...

A handler is named after its event, so that one search lists all consumers of it. An event that
nobody here knows passes by.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from shared.contracts.base import Contract
from shared.stream.records import PARTITIONS

if TYPE_CHECKING:
    from shared.work import Work

C = TypeVar("C", bound=Contract)
Handler = Callable[[C, "Work"], None]


class Subscriptions:
    def __init__(self, consumer: str) -> None:
        self.consumer = consumer
        self._handlers: dict[str, tuple[type[Contract], Handler[Any]]] = {}

    def on(self, contract: type[C]) -> Callable[[Handler[C]], Handler[C]]:
        def register(handler: Handler[C]) -> Handler[C]:
            expected = f"on_{snake(contract.__name__)}"
            assert handler.__name__ == expected, f"{handler.__name__} should be {expected}"
            assert contract.type_name not in self._handlers, f"{expected} stands twice"
            self._handlers[contract.type_name] = (contract, handler)
            return handler

        return register

    def copy(self) -> Subscriptions:
        """The same handlers, to which those that need more at hand are added."""
        made = Subscriptions(self.consumer)
        made._handlers.update(self._handlers)
        return made

    def find(self, type_name: str) -> tuple[type[Contract], Handler[Any]] | None:
        return self._handlers.get(type_name)

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(contract.topic for contract, _ in self._handlers.values())

    @property
    def sources(self) -> tuple[str, ...]:
        """The services whose events are listened to, in the order of the handlers."""
        return tuple(dict.fromkeys(contract.publisher for contract, _ in self._handlers.values()))

    def places_of(self, source: str) -> list[tuple[str, int]]:
        """Every topic and partition in which a service tells what is listened to."""
        topics = {contract.topic for contract in self.contracts if contract.publisher == source}
        return list(itertools.product(sorted(topics), range(PARTITIONS)))

    @property
    def contracts(self) -> tuple[type[Contract], ...]:
        return tuple(contract for contract, _ in self._handlers.values())


def snake(name: str) -> str:
    """`PaymentApproved` as `payment_approved`, `EInvoiceRead` as `e_invoice_read`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
