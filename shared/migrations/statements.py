"""A migration's statements, in a file of their own beside it."""

from __future__ import annotations

from pathlib import Path

from alembic import context, op


def execute(*files: Path) -> None:
    """Run each file in the migration's transaction; `{service}` in it is the service's name.

    Straight to the driver: the statements hold percent signs and no parameters.
    """
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    for file in files:
        statements = file.read_text(encoding="utf-8")
        driver.execute(statements.replace("{service}", context.config.attributes["service"]))
