"""The read tables: people, clients and debtors as messages need them, and the logs of deliveries.

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
    sa.Column("wants_list", sa.Boolean),
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
    sa.Column("country", sa.Text, nullable=False, server_default=""),
    sa.Column("language", sa.Text, nullable=False, server_default=""),
)

branding = sa.Table(
    "branding",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("branding", sa.LargeBinary, nullable=False),
)

texts = sa.Table(
    "texts",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("language", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("closing", sa.Text, nullable=False),
)

debtor = sa.Table(
    "debtor",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("debtor_id", sa.Uuid, primary_key=True),
    sa.Column("contact", sa.LargeBinary, nullable=False),
)

letter = sa.Table(
    "letter",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("notice_id", sa.Uuid, primary_key=True),
    sa.Column("debtor_id", sa.Uuid, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("recalled", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("code", sa.Text),
    sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    sa.Index("letter_log", "tenant_id", "received_at", "notice_id"),
)

letter_delivery = sa.Table(
    "letter_delivery",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("notice_id", sa.Uuid, primary_key=True),
    sa.Column("delivery", sa.Integer, primary_key=True),
    sa.Column("delivery_id", sa.Uuid, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("code", sa.Text),
    sa.Column("repeats", sa.Integer, nullable=False, server_default="0"),
    sa.Column("sha256", sa.Text),
    sa.Column("pages", sa.Integer),
    sa.Column("sent_at", sa.DateTime(timezone=True)),
    # A bounce names a delivery and not its tenant.
    sa.Index("letter_delivery_by_id", "delivery_id"),
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
