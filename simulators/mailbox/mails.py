"""A mail as it arrived: its envelope, its bytes, and what a reader sees of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
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
    def message(self) -> Message:
        # The older policy: the newer one raises errors of any kind on fields that are not in order.
        return message_from_bytes(self.raw)

    def header(self, name: str) -> str:
        """A header on one line, empty where it is missing."""
        value = self.message.get(name, "")
        try:
            text = str(make_header(decode_header(value)))
        except (LookupError, ValueError, MessageError):  # shown as it came
            text = str(value)
        return " ".join(text.split())

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
        """The first part of this kind that is not attached as a file."""
        for part in self.message.walk():
            attached = part.get_content_disposition() == "attachment"
            if part.get_content_type() == f"text/{subtype}" and not attached:
                return decoded(part).replace("\r\n", "\n")
        return ""


def decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:  # a charset that nobody knows
        return content.decode("utf-8", "replace")


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
