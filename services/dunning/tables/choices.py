"""What a creditor has set, each version of each thing: what holds now, and since when."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.dunning.tables.metadata import read

choice = sa.Table(
    "choice",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("body", JSONB, nullable=False),
    sa.Column("set_by", sa.Uuid),
    sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
)
"""`what` is home, main, charges, reminders, write_offs, or the name of a timeline behind "timeline:"."""
