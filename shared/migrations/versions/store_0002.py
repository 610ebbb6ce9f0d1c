"""Who had a stuck or unknown effect asked after again, and why."""

from __future__ import annotations

from pathlib import Path

from alembic import context, op

revision = "store_0002"
down_revision = "store_0001"
branch_labels = None
depends_on = None

_STATEMENTS = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    service = context.config.attributes["service"]
    statements = _STATEMENTS.read_text(encoding="utf-8").replace("{service}", service)
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(statements)
