"""A mail as it arrived: its envelope, its bytes, and what a reader sees of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import urlsplit

from pydantic import AwareDatetime, Base64Bytes

WEB_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True)
class ReceivedMail:
    """One mail in one mailbox. `number` counts from 1 in the order of arrival."""

    number: int
    recipient: str
    sender: str
    """Of the envelope: where a bounce goes."""
    received_at: AwareDatetime
    raw: Base64Bytes
    """As it came, headers and all; base64 in the state file."""

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=default)

    def header(self, name: str) -> str:
        """A header on one line, empty where it is missing."""
        return " ".join(str(self.message.get(name, "")).split())

    @property
    def subject(self) -> str:
        return self.header("Subject") or "(no subject)"

    @property
    def text(self) -> str:
        """The text part; of a report or another mail without one, the mail as it is."""
        return self._part("plain") or ("" if self.html else self.raw.decode("utf-8", "replace"))

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def links(self) -> list[str]:
        """Where the mail leads, each address once, in order."""
        finder = LinkFinder()
        finder.feed(self.html)
        finder.close()
        found = [*WEB_ADDRESS.findall(self.text), *finder.links]
        return list(dict.fromkeys(link for link in found if is_web_address(link)))

    def _part(self, subtype: str) -> str:
        part = self.message.get_body((subtype,))
        if part is None:
            return ""
        try:
            content = part.get_content()
        except (LookupError, UnicodeError, KeyError):  # a charset that nobody knows
            return ""
        return content.replace("\r\n", "\n") if isinstance(content, str) else ""


def is_web_address(link: str) -> bool:
    try:
        return urlsplit(link).scheme in {"http", "https"}
    except ValueError:
        return False


class LinkFinder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links += [value for name, value in attrs if name == "href" and value]
