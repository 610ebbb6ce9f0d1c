"""One service's database, through one of its roles.

SQLAlchemy owns the pool and speaks to read tables; psycopg appends, on the same connection and in
the same transaction. Every transaction is scoped to tenants before anything else is said in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import UUID

import psycopg
import sqlalchemy as sa
from eventsourcing.persistence import IntegrityError
from psycopg.pq import TransactionStatus

from shared.eventstore.plain import say
from shared.eventstore.recorder import BEGIN, RECORD, begin
from shared.faults import crash_point

# The database cannot be asked just now, by either of its two doors; the rest are our mistakes.
UNAVAILABLE = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    sa.exc.OperationalError,
    sa.exc.InterfaceError,
    sa.exc.TimeoutError,
)
T = TypeVar("T")
_TOO_MUCH = "54"  # the class of what is too long or too many: the same error again at each try


def is_unavailable(error: BaseException) -> bool:
    """Whether the same goes well once the database can be asked again; the rest are our mistakes."""
    cause = _cause(error)
    state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    return isinstance(error, UNAVAILABLE) and not (state or "").startswith(_TOO_MUCH)


def is_overtaken(error: BaseException) -> bool:
    """Whether another transaction was quicker: what is there now is to be decided on anew."""
    return isinstance(_cause(error), IntegrityError | psycopg.errors.DeadlockDetected)


def _cause(error: BaseException) -> BaseException:
    """What the driver said, through whichever door it came."""
    return (error.orig or error) if isinstance(error, sa.exc.DBAPIError) else error


@dataclass(frozen=True, slots=True)
class Transaction:
    """`raw` (psycopg) and `sql` (SQLAlchemy Core) are one connection in one transaction.

    `doing` names what is committed, for those who kill the process there (`shared.faults`).
    `records` says whether events may be recorded in it.
    """

    raw: psycopg.Connection[Any]
    sql: sa.Connection
    doing: str
    records: bool = False
    committed: list[Callable[[], None]] = field(default_factory=list)

    def commit(self) -> None:
        """Commit, then tell whoever waited for it: figures count what is there to stay.

        PostgreSQL answers the commit of a transaction in which a statement has failed with a rollback
        and no error. Whoever swallowed the statement's error must not believe that all is well.
        """
        if self.raw.info.transaction_status is TransactionStatus.INERROR:
            raise psycopg.errors.InFailedSqlTransaction(
                "a statement failed and went unheeded: nothing of this can be kept"
            )
        crash_point(f"{self.doing}:before-commit")
        say(self.raw, b"commit")
        crash_point(f"{self.doing}:after-commit")
        for told in self.committed:
            told()


class Database:
    def __init__(self, dsn: str, *, pool_size: int = 8) -> None:
        """Without a pool (0) each transaction has a connection of its own, and nothing is kept open."""
        self.dsn = dsn
        pool: dict[str, Any] = {"poolclass": sa.NullPool}
        if pool_size:
            pool = {"pool_size": pool_size, "max_overflow": pool_size, "pool_timeout": 10}
        self.engine = sa.create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            hide_parameters=True,
            pool_reset_on_return=None,  # see _end
            use_native_hstore=False,  # nobody has one, and asking costs each pool a round trip
            **pool,
        )

    def _connect(self) -> psycopg.Connection[Any]:
        # The driver's own BEGIN would be a round trip of its own; ours carries the scope along.
        return psycopg.connect(self.dsn, application_name="forfald", autocommit=True)

    def ask(self, query: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """The rows of one statement that stands alone: no transaction is open before or after it.

        It may be said twice, where the server goes away in between.
        """
        with self.engine.connect() as sql:
            return self._first_said(
                sql, lambda raw: raw.execute(query.encode(), parameters).fetchall()
            )

    @contextmanager
    def connection(self, beginning: bytes = BEGIN, doing: str = "reading") -> Iterator[Transaction]:
        """A transaction from the pool; what is not committed is rolled back at the end."""
        with self.engine.connect() as sql:
            raw = self._first_said(sql, lambda raw: _begun(raw, beginning))
            try:
                yield Transaction(raw, sql, doing)
            finally:
                _end(raw, sql)

    def _first_said(self, sql: sa.Connection, say_it: Callable[[psycopg.Connection[Any]], T]) -> T:
        try:
            return say_it(_driver(sql))
        except psycopg.OperationalError:
            if not _driver(sql).closed:
                raise
        # Connections do not outlive their server. On this one nothing else has been said yet, so a
        # new one takes its place; those beside it in the pool are as old, and go with it.
        sql.invalidate()
        self.engine.dispose()
        return say_it(_driver(sql))

    @contextmanager
    def transaction(self, tenants: Sequence[UUID], doing: str = "reading") -> Iterator[Transaction]:
        """A transaction that sees these tenants only; committed at the end."""
        with self.connection(begin(tenants), doing) as transaction:
            yield transaction
            transaction.commit()

    @contextmanager
    def recording(self, tenants: Sequence[UUID], doing: str) -> Iterator[Transaction]:
        """The same for recording events. Nobody can follow the log past it before it ends.

        That is why reading has no part in this: a long report would hold up the whole house.
        """
        with self.connection(begin(tenants, RECORD), doing) as transaction:
            recording = replace(transaction, records=True)
            yield recording
            recording.commit()

    def close(self) -> None:
        self.engine.dispose()


def _begun(raw: psycopg.Connection[Any], beginning: bytes) -> psycopg.Connection[Any]:
    say(raw, beginning)
    return raw


def _end(raw: psycopg.Connection[Any], sql: sa.Connection) -> None:
    """Give the connection back with nothing open on it, or not at all.

    The driver's own ROLLBACK would also forget what the server has prepared, which is for those who
    change tables.
    """
    match raw.info.transaction_status:
        case TransactionStatus.IDLE:
            return
        case TransactionStatus.INTRANS | TransactionStatus.INERROR:
            say(raw, b"rollback")
        case _:
            sql.invalidate()


def _driver(sql: sa.Connection) -> psycopg.Connection[Any]:
    raw = sql.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    return raw
