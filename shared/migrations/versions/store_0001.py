"""The store: events, outbox, inbox, effects, due work, answers, watermark."""

from __future__ import annotations

from pathlib import Path

from shared.migrations.statements import execute

revision = "store_0001"
down_revision = None
branch_labels = ("store",)
depends_on = None


def upgrade() -> None:
    here = Path(__file__).parent
    execute(here / "store_0001.sql", here / "store_0001_grants.sql")
