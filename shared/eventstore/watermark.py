"""Up to which position the log is complete, without any timer deciding so.

Positions are taken from a sequence before their transactions commit, so a later one can become
visible first; a reader that remembers "the last position I saw" would skip the earlier one for
ever. The rule that is right under load, rollbacks and early transaction ids:

1. every append takes its transaction id before its first position;
2. S := the sequence's last value; then X := a transaction id of our own;
3. once no transaction older than X is open in this database, nothing at or below S can still
   appear: publish `safe := S`;
4. everyone reads `position <= safe order by position`.

Whoever holds a position at or below S had a transaction id before S was read, hence older than X.
A stuck transaction stalls the log (and is ended by idle_in_transaction_session_timeout); it never
makes it skip. No transaction id is stored, so a restored dump hides nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shared.faults import crash_point

_STANDING = """
    select case when is_called then last_value else 0 end, safe from log_position, watermark
"""
# The first test is cheap; the second is scoped to this database, so that a long transaction in
# another one does not hold us up. It needs pg_read_all_stats to see other roles' transactions.
_ENDED = """
    select pg_snapshot_xmin(pg_current_snapshot()) >= %s::xid8
    or (not exists (
            select from pg_stat_activity
            where datname = current_database() and backend_xid is not null
            and age(backend_xid) > age(%s::xid8::xid))
        and not exists (
            select from pg_prepared_xacts
            where database = current_database()
            and age(transaction) > age(%s::xid8::xid)))
"""
_PUBLISH = "update watermark set safe = greatest(safe, %s) returning safe"


@dataclass(frozen=True, slots=True)
class _Candidate:
    position: int
    own_xid: str


class Reader(Protocol):
    """A database as the role `reader`; see `shared.database.Database.ask`."""

    def ask(self, query: str, parameters: Sequence[Any] = ()) -> list[Any]: ...


class Watermark:
    """Advances `safe` of one database, as the role `reader`, each statement by itself."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self._candidate: _Candidate | None = None
        self._safe: int
        [(_, self._safe)] = reader.ask(_STANDING)

    @property
    def safe(self) -> int:
        """The last position that we know to be published."""
        return self._safe

    def advance(self) -> int:
        """Publish what has become safe and return it. Never waits for a transaction to end."""
        with self._lock:
            return self._advance()

    def _advance(self) -> int:
        if self._candidate is None:
            # Asked each time: others publish too, and a database can be put back to an earlier state.
            [(last, self._safe)] = self._reader.ask(_STANDING)
            if last == self._safe:
                return self._safe
            own_xid = self._value("select pg_current_xact_id()::text")
            self._candidate = _Candidate(last, own_xid)
        if self._value(_ENDED, *[self._candidate.own_xid] * 3):
            crash_point("watermark:before-commit")
            self._safe = self._value(_PUBLISH, self._candidate.position)
            crash_point("watermark:after-commit")
            self._candidate = None
        return self._safe

    def _value(self, query: str, *parameters: Any) -> Any:
        [row] = self._reader.ask(query, parameters)
        return row[0]
