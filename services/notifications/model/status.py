"""What an enhanced status code says about an address (RFC 3463 §3.2, §3.3; RFC 7505 §4.1)."""

from __future__ import annotations

from typing import Final

_GONE: Final = frozenset(
    {
        "5.1.1",  # no such mailbox
        "5.1.2",  # no such system
        "5.1.3",  # not an address
        "5.1.6",  # moved, and nobody knows where to
        "5.1.10",  # the domain takes no mail
        "5.2.1",  # the mailbox is disabled
    }
)


def address_is_gone(status: str) -> bool:
    """A full mailbox or a refused content is this mail's misfortune; these are the address's."""
    return status in _GONE
