"""The store: events, outbox, inbox, effects, due work, answers, watermark."""

from __future__ import annotations

from pathlib import Path

from alembic import context, op

revision = "store_0001"
down_revision = None
branch_labels = ("store",)
depends_on = None

_HERE = Path(__file__).parent


def upgrade() -> None:
    service = context.config.attributes["service"]
    for name in ("store_0001.sql", "store_0001_grants.sql"):
        statements = (_HERE / name).read_text(encoding="utf-8").replace("{service}", service)
        # Straight to the driver: the statements hold percent signs and no parameters.
        driver = op.get_bind().connection.driver_connection
        assert driver is not None
        driver.execute(statements)
