"""By which channels a debtor can be reached, and which of them may carry a letter.

The order is fixed: mail, then post. A letter goes by the first channel that its issuer allows, that
reaches the debtor, and that the law lets carry it; a letter that came back goes by the next.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from services.notifications.commands import Reach
from services.notifications.values import AddressFault, Channel, Contact, LetterFacts, LetterKind

ORDER: Final = (Channel.MAIL, Channel.LETTER)
FIELDS: Final = {Channel.MAIL: "email", Channel.LETTER: "address"}
"""The part of a debtor's master data that each channel stands on."""
_MISSING: Final = "missing"


def faults_of(
    contact: Contact, failed: Collection[tuple[Channel, str]]
) -> tuple[AddressFault, ...]:
    """What the ledger says is wrong, what is not there at all, and what has come back."""
    given = {Channel.MAIL: contact.email, Channel.LETTER: contact.address}
    told = {fault.field for fault in contact.faults}
    missing = (
        AddressFault(_MISSING, FIELDS[channel])
        for channel in ORDER
        if given[channel] is None and FIELDS[channel] not in told
    )
    returned = (AddressFault(code, FIELDS[channel]) for channel, code in failed)
    return tuple(dict.fromkeys((*contact.faults, *missing, *returned)))


def channels_of(faults: Collection[AddressFault]) -> tuple[Channel, ...]:
    """Those that nothing is wrong with. A missing id number stops neither mail nor post."""
    wrong = {fault.field for fault in faults}
    return tuple(channel for channel in ORDER if FIELDS[channel] not in wrong)


def may_carry(channel: Channel, letter: LetterFacts, reach: Reach) -> bool:
    """Whether the law lets this channel carry this letter to this debtor."""
    by_mail = channel is Channel.MAIL
    # Inkassoloven (NO) § 9 asks for a warning in writing, electronically only in a safe manner; plain
    # mail to a consumer is not one. Unverified for companies, who are written to as they are billed.
    return not (
        by_mail and letter.kind is LetterKind.WARNING and reach.country == "NO" and reach.is_person
    )


def next_channel(
    letter: LetterFacts, reach: Reach, tried: Collection[Channel] = ()
) -> Channel | None:
    """The first that is left, in the order of its issuer; none where it cannot be sent."""
    allowed = [Channel(name) for name in letter.channels if name in ORDER]
    for channel in allowed:
        if channel in reach.channels and channel not in tried and may_carry(channel, letter, reach):
            return channel
    return None
