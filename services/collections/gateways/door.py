"""The way to a creditor's agency: by the key that the creditor gave with its agreement."""

from __future__ import annotations

from uuid import UUID

from services.collections.gateways.agencies import Agencies
from services.collections.gateways.agency import CollectionAgency
from services.collections.gateways.opening import Opener
from services.collections.values import Contact
from shared.decider import Rejected


def opened(
    agencies: Agencies, opener: Opener, tenant_id: UUID, code: str, contact: Contact | None
) -> CollectionAgency:
    """An agency as one creditor's agreement opens it. Raises Rejected where there is none."""
    if contact is None:
        raise Rejected("this agency was never agreed with", code="no_agreement")
    key = opener.text(tenant_id, contact.key)
    return agencies.offer(code).open(key, opener.text(tenant_id, contact.email))
