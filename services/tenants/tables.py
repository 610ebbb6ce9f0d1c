"""The read tables. `tenant_id` is the agency's id in the first three, the client's in the others."""

from __future__ import annotations

import sqlalchemy as sa

from shared.projecting.read_schema import metadata

read = metadata()

agency = sa.Table(
    "agency",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
)
administrator = sa.Table(
    "administrator",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, primary_key=True),
)
agency_client = sa.Table(
    "agency_client",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("client_id", sa.Uuid, primary_key=True),
)
client = sa.Table(
    "client",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("agency_id", sa.Uuid, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("country", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
)
branding = sa.Table(
    "branding",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("sha256", sa.Text),
    sa.Column("logo", sa.LargeBinary, nullable=False),
    sa.Column("letterhead", sa.LargeBinary, nullable=False),
)
member = sa.Table(
    "member",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("sealed_name", sa.Text, nullable=False),
    sa.Column("sealed_email", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("disabled_at", sa.DateTime(timezone=True)),
)
role = sa.Table(
    "role",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
)
