"""A debtor as letters need them: sealed contact data, and how they can be reached.

    (none) --IntroduceDebtor--> known --IntroduceDebtor (changed)--> known
                                  |--NoteDebtorAddressFailed--> known, one channel less

Whenever the channels or what is wrong with them change, that is an event of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from services.notifications.commands import (
    DebtorCommand,
    IntroduceDebtor,
    NoteDebtorAddressFailed,
    Reach,
)
from services.notifications.events import (
    DebtorAddressFailed,
    DebtorEvent,
    DebtorIntroduced,
    DebtorReachChanged,
)
from services.notifications.model.channels import channels_of, faults_of
from services.notifications.values import AddressFault, Channel, Contact
from shared.decider import Decider
from shared.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Debtor:
    contact: Contact
    failed: tuple[tuple[Channel, str], ...] = ()
    """Channels whose present address has come back, each with its code."""
    channels: tuple[Channel, ...] | None = None
    """As last told; none before the first time."""
    faults: tuple[AddressFault, ...] = ()

    @property
    def reach(self) -> Reach:
        return Reach(self.channels or (), self.contact.country, self.contact.is_person)


NOWHERE = Reach(())
"""A debtor of whom nobody has told."""


def decide(command: DebtorCommand, debtor: Debtor | None) -> Sequence[DebtorEvent]:
    match command:
        case IntroduceDebtor():
            if debtor is not None and debtor.contact == command.contact:
                return []
            return with_reach(debtor, DebtorIntroduced(command.debtor_id, command.contact))
        case NoteDebtorAddressFailed():
            if debtor is None or not is_current(command, debtor):
                return []
            failed = DebtorAddressFailed(command.debtor_id, command.channel, command.code)
            return with_reach(debtor, failed)
        case _:
            assert_never(command)


def is_current(command: NoteDebtorAddressFailed, debtor: Debtor) -> bool:
    known = command.channel in {channel for channel, _ in debtor.failed}
    return not known and command.address == address_of(debtor.contact, command.channel)


def address_of(contact: Contact, channel: Channel) -> Sealed | None:
    return contact.email if channel is Channel.MAIL else contact.address


def with_reach(
    debtor: Debtor | None, event: DebtorIntroduced | DebtorAddressFailed
) -> Sequence[DebtorEvent]:
    after = evolve(debtor, event)
    assert after is not None
    faults = faults_of(after.contact, after.failed)
    channels = channels_of(faults)
    if (channels, faults) == (after.channels, after.faults):
        return [event]
    return [event, DebtorReachChanged(event.debtor_id, channels, faults)]


def evolve(debtor: Debtor | None, event: DebtorEvent) -> Debtor | None:
    match event:
        case DebtorIntroduced():
            if debtor is None:
                return Debtor(event.contact)
            # An address that has not changed is still the one that came back.
            failed = tuple(
                (channel, code)
                for channel, code in debtor.failed
                if address_of(debtor.contact, channel) == address_of(event.contact, channel)
            )
            return replace(debtor, contact=event.contact, failed=failed)
    assert debtor is not None
    match event:
        case DebtorAddressFailed():
            return replace(debtor, failed=(*debtor.failed, (event.channel, event.code)))
        case DebtorReachChanged():
            return replace(debtor, channels=event.channels, faults=event.faults)
        case _:
            assert_never(event)


DEBTOR: Decider[DebtorCommand, Debtor | None, DebtorEvent] = Decider(decide, evolve, None)
