"""The read tables: what awaits whom, who has said yes, what has happened, who is who."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from shared.projecting.read_schema import metadata

read = metadata()
_INSTANT = sa.DateTime(timezone=True)

item = sa.Table(
    "item",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("request_id", sa.Uuid, primary_key=True),
    sa.Column("payment_id", sa.Uuid, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("because", sa.Text),
    sa.Column("sought_by", sa.Uuid, nullable=False),
    sa.Column("sought_at", _INSTANT, nullable=False),
    sa.Column("latest_approval_at", _INSTANT, nullable=False),
    sa.Column("changed_at", _INSTANT, nullable=False),
    sa.Column("policy_version", sa.Integer, nullable=False),
    sa.Column("item", JSONB, nullable=False),
    sa.Index("item_by_state", "tenant_id", "state", "latest_approval_at"),
    sa.Index("item_by_payment", "tenant_id", "payment_id"),
)
yes = sa.Table(
    "yes",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("request_id", sa.Uuid, primary_key=True),
    sa.Column("payment_id", sa.Uuid, primary_key=True),
    sa.Column("approver_id", sa.Uuid, primary_key=True),
    sa.Column("granted_at", _INSTANT, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
)
policy_version = sa.Table(
    "policy_version",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("tiers", JSONB, nullable=False),
    sa.Column("effective_at", _INSTANT, nullable=False),
    sa.Column("set_by", sa.Uuid),
    sa.Column("set_at", _INSTANT, nullable=False),
)
client = sa.Table(
    "client",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("country", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
)
person = sa.Table(
    "person",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("name", JSONB(none_as_null=True)),
    sa.Column("roles", sa.ARRAY(sa.Text), nullable=False),
)
happening = sa.Table(
    "happening",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("request_id", sa.Uuid, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("payment_id", sa.Uuid, primary_key=True),
    sa.Column("happened_at", _INSTANT, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("person_id", sa.Uuid),
    sa.Column("code", sa.Text),
    sa.Column("reason", JSONB(none_as_null=True)),
)
course = sa.Table(
    "course",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("payment_id", sa.Uuid, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("happened_at", _INSTANT, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("code", sa.Text),
)
