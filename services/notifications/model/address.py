"""Exactly one mail address, read strictly.

The header type of the standard library takes a comma list as several recipients, so a name typed
into one field could copy a mail to a stranger. Here one address is read or nothing is: the dot-atom
form of RFC 5321 §4.1.2 without quoted local parts, comments and address literals, which nobody who
gets our mails has. Domains may be international and come out in their ASCII form.
"""

from __future__ import annotations

import re

LOCAL_LENGTH_MAX = 64
ADDRESS_LENGTH_MAX = 254
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class NotOneAddress(ValueError):
    """The text is not exactly one mail address."""


def parse_address(text: str) -> str:
    """The one address that the text is; raises NotOneAddress, which does not repeat the text."""
    local, at, domain = text.rpartition("@")
    if not at or len(local) > LOCAL_LENGTH_MAX or not LOCAL.fullmatch(local):
        raise NotOneAddress("the part before the @ is not that of one mail address")
    address = f"{local}@{ascii_domain(domain)}"
    if len(address) > ADDRESS_LENGTH_MAX:
        raise NotOneAddress(f"a mail address has at most {ADDRESS_LENGTH_MAX} characters")
    return address


def ascii_domain(domain: str) -> str:
    try:
        labels = domain.encode("idna").decode("ascii").split(".")
    except UnicodeError as error:
        raise NotOneAddress("the part after the @ is not a domain") from error
    if not all(LABEL.fullmatch(label) for label in labels):
        raise NotOneAddress("the part after the @ is not a domain")
    return ".".join(labels).lower()
