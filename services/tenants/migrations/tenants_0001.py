"""The register of people and their sessions: what sign-in needs and no event tells."""

from __future__ import annotations

from pathlib import Path

from alembic import context, op

revision = "tenants_0001"
down_revision = None
branch_labels = ("tenants",)
depends_on = "store_0001"


def upgrade() -> None:
    service = context.config.attributes["service"]
    source = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    # Straight to the driver: the statements hold percent signs and no parameters.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(source.replace("{service}", service))
