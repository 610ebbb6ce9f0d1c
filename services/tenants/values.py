"""Values that events and commands carry."""

from __future__ import annotations

import msgspec


class Letterhead(msgspec.Struct, frozen=True, kw_only=True):
    """A client's own address and how it is reached, as letters show them."""

    street: str = ""
    postal_code: str = ""
    city: str = ""
    company_number: str = ""
    email: str = ""
    phone: str = ""
