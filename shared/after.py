"""What follows from a service's own events inside the transaction that records them.

    publications: After[Telling] = After()

    @publications.after(PaymentScheduled)
    def after_payment_scheduled(event: Recorded[PaymentScheduled], payment: Payment): ...

Handlers are pure functions of the recorded event and of the state that it led to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from shared.eventstore.events import Event, Recorded
from shared.stream.subscriptions import snake

E = TypeVar("E", bound=Event)
S = TypeVar("S")
Out = TypeVar("Out")


class After(Generic[Out]):
    def __init__(self) -> None:
        self._handlers: dict[type[Event], Callable[[Any, Any], Iterable[Out]]] = {}

    def after(
        self, event: type[E]
    ) -> Callable[
        [Callable[[Recorded[E], S], Iterable[Out]]], Callable[[Recorded[E], S], Iterable[Out]]
    ]:
        def register(
            handler: Callable[[Recorded[E], S], Iterable[Out]],
        ) -> Callable[[Recorded[E], S], Iterable[Out]]:
            expected = f"after_{snake(event.__name__)}"
            assert handler.__name__ == expected, f"{handler.__name__} should be {expected}"
            assert event not in self._handlers, f"{expected} stands twice"
            self._handlers[event] = handler
            return handler

        return register

    def follow(self, recorded: Recorded[Any], state: Any) -> Iterator[Out]:
        handler = self._handlers.get(type(recorded.event))
        if handler is not None:
            yield from handler(recorded, state)
