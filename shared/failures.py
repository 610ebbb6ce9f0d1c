"""A failure as it is kept in a row for people: its kind and its text, and nothing of anybody's data."""

from __future__ import annotations

import psycopg
import sqlalchemy as sa

_LENGTH_MAX = 2000


def sentence(error: BaseException) -> str:
    """The error's kind and text, such that the database can keep it whatever it holds.

    Of a database's error only the first line: the next ones quote the row that was refused.
    """
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig else error
    told = cause.diag.message_primary if isinstance(cause, psycopg.Error) else None
    text = f"{type(cause).__name__}: {told or cause}"[:_LENGTH_MAX]
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
