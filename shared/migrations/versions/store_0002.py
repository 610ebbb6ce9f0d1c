"""Who had a stuck or unknown effect asked after again, and why."""

from __future__ import annotations

from pathlib import Path

from shared.migrations.statements import execute

revision = "store_0002"
down_revision = "store_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute(Path(__file__).with_suffix(".sql"))
