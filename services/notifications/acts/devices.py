"""A person's devices: registered, forgotten, and told beside mails."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

import msgspec

from services.notifications.commands import ForgetDevice, IntendPush, RegisterDevice
from services.notifications.events import DeliveryEvent, DeliveryIntended
from services.notifications.model.delivery import DELIVERY, push_id
from services.notifications.model.device import Subscription
from services.notifications.model.person import PERSON, person_stream
from services.notifications.model.push import is_pushed
from services.notifications.queries import messages as queries
from shared.decider import Rejected
from shared.vault import Forgotten, Vault
from shared.work import Work


def device_id(vault: Vault, tenant_id: UUID, endpoint: str) -> UUID:
    """The same for the same endpoint of a client; nothing can be learnt from it."""
    return uuid5(tenant_id, f"device:{vault.fingerprint(tenant_id, f'push:{endpoint}')}")


def register(work: Work, vault: Vault, person_id: UUID, subscription: Subscription) -> UUID:
    """The device's id. Told anew it replaces what was known. Raises Rejected.

    An endpoint is one browser: whoever signs in there after somebody else is told there instead.
    """
    plain = msgspec.json.encode(subscription).decode()
    own_id = device_id(vault, work.tenant_id, subscription.endpoint)
    owner_id = queries.owner_of(work.sql, work.tenant_id, own_id)
    if owner_id not in {None, person_id}:
        assert owner_id is not None
        forget(work, owner_id, own_id)
    try:
        sealed = vault.seal(work.tenant_id, person_id, plain)
    except Forgotten:
        raise Rejected("Your data have been erased.", code="person_forgotten") from None
    fingerprint = vault.fingerprint(work.tenant_id, plain)
    command = RegisterDevice(person_id, own_id, sealed, fingerprint, work.now)
    work.execute(PERSON, person_stream(work.tenant_id, person_id), command)
    return own_id


def forget(work: Work, person_id: UUID, own_id: UUID) -> None:
    """Nothing happens where the person has no such device."""
    command = ForgetDevice(person_id, own_id)
    work.execute(PERSON, person_stream(work.tenant_id, person_id), command)


def push_beside(work: Work, mail_id: UUID, events: Sequence[DeliveryEvent]) -> None:
    """Where a mail goes now, a push goes to each device of its reader; without the mail's own link."""
    for event in events:
        if not isinstance(event, DeliveryIntended) or not is_pushed(event.notice.occasion):
            continue
        notice = msgspec.structs.replace(event.notice, link=None)
        for one in queries.devices(work.sql, work.tenant_id, notice.recipient_id):
            command = IntendPush(notice, one.device_id)
            work.execute(DELIVERY, push_id(mail_id, one.device_id), command)
