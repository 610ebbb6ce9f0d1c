"""PostgreSQL without an installation: found, started and stopped by the program that needs it.

One engine everywhere: the demonstration, the tests and production differ in who starts the server,
never in which database it is.
"""

from shared.postgres.binaries import Binaries, find_binaries
from shared.postgres.databases import (
    copy_database,
    create_database,
    drop_database,
    remove_database,
)
from shared.postgres.embedded import EmbeddedPostgres, PostgresError, Server
from shared.postgres.profile import unsafe_settings

__all__ = [
    "Binaries",
    "EmbeddedPostgres",
    "PostgresError",
    "Server",
    "copy_database",
    "create_database",
    "drop_database",
    "find_binaries",
    "remove_database",
    "unsafe_settings",
]
