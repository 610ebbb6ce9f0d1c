"""The people who work for a client, by name."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.dunning.tables.metadata import read

person = sa.Table(
    "person",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("name", JSONB, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
)
