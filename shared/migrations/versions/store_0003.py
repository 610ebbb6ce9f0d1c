"""Indexes for who looks after a service: how effects stand, and when a job last ran."""

from __future__ import annotations

from pathlib import Path

from shared.migrations.statements import execute

revision = "store_0003"
down_revision = "store_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute(Path(__file__).with_suffix(".sql"))
