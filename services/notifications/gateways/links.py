"""Which hosts a mail leads to.

The last look before a mail leaves: whatever a name or a text has smuggled in, a mail under our name
leads only to us. It reads the text part as mail programs do, which make a link of every web
address, and the HTML part by its attributes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

from services.notifications.model.mail import Mail

WEB_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s<>\"']*", re.IGNORECASE)
LEADING_ATTRIBUTES = frozenset({"href", "src", "srcset", "action", "formaction", "background"})


def strange_links(mail: Mail, hosts: frozenset[str]) -> list[str]:
    """The addresses in a mail that do not lead to one of our hosts (`name` or `name:port`)."""
    return [link for link in links_in(mail) if not leads_to(link, hosts)]


def links_in(mail: Mail) -> Iterator[str]:
    yield from WEB_ADDRESS.findall(mail.subject)
    yield from WEB_ADDRESS.findall(mail.text)
    reader = LinkReader()
    reader.feed(mail.html)
    reader.close()
    yield from reader.links


def leads_to(link: str, hosts: frozenset[str]) -> bool:
    try:
        address = urlsplit(link)
    except ValueError:
        return False
    # The whole authority is compared, so a user name before the host is never one of ours.
    return address.scheme in {"http", "https"} and address.netloc.lower() in hosts


class LinkReader(HTMLParser):
    """Collects whatever a reader could follow or a program could fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(
        self,
        tag: str,  # noqa: ARG002  the parser's signature
        attrs: list[tuple[str, str | None]],
    ) -> None:
        self.links += [value or "" for name, value in attrs if name in LEADING_ATTRIBUTES]

    def handle_data(self, data: str) -> None:
        self.links += WEB_ADDRESS.findall(data)
