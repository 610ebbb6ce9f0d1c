"""The read tables: people and clients as mails need them, and the log of deliveries.

Names, addresses and the devices' subscriptions stand here sealed; the log has none.
"""

from __future__ import annotations

import sqlalchemy as sa

from shared.projecting.read_schema import metadata

read = metadata()

person = sa.Table(
    "person",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.LargeBinary),
    sa.Column("email", sa.LargeBinary),
    sa.Column("language", sa.Text, nullable=False, server_default=""),
    sa.Column("disabled", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("address_failed", sa.Boolean, nullable=False, server_default=sa.false()),
)

role = sa.Table(
    "role",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
)

device = sa.Table(
    "device",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("device_id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.Column("subscription", sa.LargeBinary, nullable=False),
    sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
    sa.Index("device_of", "tenant_id", "person_id", "registered_at"),
)

client = sa.Table(
    "client",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
)

delivery = sa.Table(
    "delivery",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("delivery_id", sa.Uuid, primary_key=True),
    sa.Column("recipient_id", sa.Uuid, nullable=False),
    sa.Column("occasion", sa.Text, nullable=False),
    sa.Column("subject_id", sa.Uuid, nullable=False),
    sa.Column("person_id", sa.Uuid),
    sa.Column("payments", sa.Integer, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("device_id", sa.Uuid),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("code", sa.Text),
    sa.Column("repeats", sa.Integer, nullable=False, server_default="0"),
    sa.Column("until_at", sa.DateTime(timezone=True)),
    sa.Column("intended_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    sa.Index("delivery_lately", "tenant_id", "recipient_id", "occasion", "intended_at"),
    sa.Index("delivery_log", "tenant_id", "intended_at", "delivery_id"),
    sa.Index("delivery_subject", "tenant_id", "subject_id"),
    # A bounce names a delivery and not its tenant.
    sa.Index("delivery_by_id", "delivery_id"),
)
