"""From a record to its handler: for a message in its turn, and for one that was kept aside."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import ValidationError

from shared.database import Transaction
from shared.stream.records import Envelope, Malformed, Record
from shared.stream.subscriptions import Subscriptions
from shared.work import Cause, Rules, Work


def work_of(
    consumer: str,
    rules: Rules,
    transaction: Transaction,
    envelope: Envelope,
    now: datetime,
    traceparent: str | None,
) -> Work:
    """The consumer at work on a message, as the service that it is."""
    cause = Cause(f"service:{consumer}", envelope.correlation_id, envelope.event_id, traceparent)
    return Work(rules, transaction, envelope.tenant_id, now, cause)


def handle(subscriptions: Subscriptions, body: bytes, envelope: Envelope, work: Work) -> None:
    """What nobody here knows passes by. Raises Malformed, and whatever the handler raises."""
    found = subscriptions.find(envelope.type_name)
    if found is None:
        return
    contract, handler = found
    try:
        event = contract.model_validate_json(body)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        raise Malformed(f"{contract.type_name}: {fields or 'not readable'}") from error
    handler(event, work)


def tenant_of(record: Record) -> UUID | None:
    try:
        return Envelope.read(record.headers).tenant_id
    except Malformed:
        return None
