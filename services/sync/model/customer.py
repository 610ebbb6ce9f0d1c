"""A customer as the ledger has it: told whenever it is another than told before.

(unknown) --NoteCustomer--> known --NoteCustomer, with another print--> known
NoteCheck: its open items were read again because somebody asked; each check is told once
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import assert_never
from uuid import UUID

from services.sync.commands import CustomerCommand, NoteCheck, NoteCustomer
from services.sync.events import CustomerChanged, CustomerEvent, OpenItemsChecked
from shared.decider import Decider


@dataclass(frozen=True, slots=True)
class Customer:
    card: CustomerChanged | None = None
    checked: UUID | None = None


def decide(command: CustomerCommand, customer: Customer) -> Sequence[CustomerEvent]:
    match command:
        case NoteCustomer():
            if customer.card is not None and customer.card.print == command.print:
                return []
            facts = {name: getattr(command, name) for name in asdict(command)}
            return [CustomerChanged(**facts)]
        case NoteCheck():
            if customer.checked == command.check_id:
                return []
            return [OpenItemsChecked(command.check_id, command.checked_at, command.complete)]
        case _:
            assert_never(command)


def evolve(customer: Customer, event: CustomerEvent) -> Customer:
    match event:
        case CustomerChanged():
            return replace(customer, card=event)
        case OpenItemsChecked():
            return replace(customer, checked=event.check_id)
        case _:
            assert_never(event)


CUSTOMER: Decider[CustomerCommand, Customer, CustomerEvent] = Decider(decide, evolve, Customer())
