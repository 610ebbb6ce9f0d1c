"""A PostgreSQL server of our own, in a folder of our own.

    with EmbeddedPostgres(Path(".demo/postgres")) as server:
        psycopg.connect(server.dsn("postgres"))

The folder holds the data, the server's log, its socket, the superuser's password (readable by its
owner only) and the port, which stays the same over restarts as long as it is free. The server
outlives the program that started it; `start` finds a living one and takes it over, and starts a
dead one again. Needs a Unix: it leans on users, signals and file locks.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from shared.clock import WallClock
from shared.postgres.account import Account, PostgresError
from shared.postgres.binaries import Binaries, find_binaries
from shared.postgres.cluster import initialise
from shared.postgres.profile import settings
from shared.processes import LOOPBACK, clear_away, end, free_port, one_at_a_time, works_in

__all__ = ["EmbeddedPostgres", "PostgresError", "Server"]

SUPERUSER = "forfald"
_PORT_LINE, _SOCKETS_LINE, _STATUS_LINE = 3, 4, 7
_PATIENCE_S = 60
_GLANCE_S = 0.02
_SOCKET_PATH_MAX = 103  # bytes, the shortest limit among the systems
# Complaints that pass by themselves: a killed server's last traces, a port taken in between.
_PASSING = (
    'lock file "postmaster.pid" already exists',
    "pre-existing shared memory block",
    "Address already in use",
)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers, and how to reach it: `host` is the folder of its socket, if it has one.

    What programs of one machine tell each other costs half as much there as over loopback.
    """

    host: str
    port: int
    superuser: str
    password: str = field(repr=False)

    def dsn(self, dbname: str, user: str | None = None, password: str | None = None) -> str:
        """The address of a database, for the superuser or for a role and its own password."""
        if user is None:
            user, password = self.superuser, self.password
        login = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
        return (
            f"postgresql://{login}@{quote(self.host, safe='')}:{self.port}/{quote(dbname, safe='')}"
        )


class EmbeddedPostgres:
    """The server of one folder. `durable=False` is for tests: it survives kill, not power loss."""

    def __init__(
        self, folder: Path, *, durable: bool = True, binaries: Binaries | None = None
    ) -> None:
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"
        self._password_file = self.folder / "superuser.password"
        self._port_file = self.folder / "port"
        self._durable = durable
        self._binaries = binaries
        self._account = Account.for_servers()

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Server:
        """The folder's server: the living one, the dead one started again, or a new one."""
        self._prepare_folder()
        deadline = WallClock().monotonic() + _PATIENCE_S
        with one_at_a_time(self.folder / "start.lock"):
            if not self.data.exists():
                initialise(
                    self.data,
                    self._matching_binaries(),
                    self._account,
                    superuser=SUPERUSER,
                    password_file=self._password_file,
                    durable=self._durable,
                )
            while (server := self.attach()) is None:
                if WallClock().monotonic() > deadline:
                    raise PostgresError(
                        f"PostgreSQL did not answer in {_PATIENCE_S} s: {self._last_words()}"
                    )
                if self.pid() is None:
                    self._launch()
                else:  # alive, still recovering
                    time.sleep(_GLANCE_S)
            return server

    def attach(self) -> Server | None:
        """The living server of this folder, or None. Only an answer with our password counts."""
        if self.pid() is None:
            return None
        if not self._password_file.exists():
            raise PostgresError(
                f"{self._password_file} is missing: put it back from a backup, or stop the server "
                f"and remove {self.folder} to begin anew without its data"
            )
        password = self._password_file.read_text(encoding="utf-8")
        lines = self._pid_lines()
        host, port = lines[_SOCKETS_LINE] or LOOPBACK, int(lines[_PORT_LINE])
        server = Server(host, port, SUPERUSER, password)
        try:
            psycopg.connect(server.dsn("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return None
        return server

    def stop(self) -> None:
        """End the server: sessions are broken off, what is committed is on disk."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Kill the server as a failing machine would, for fault tests; returns when it is dead."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        pid = self.pid()
        if pid is not None and not end(pid, how, _PATIENCE_S):
            raise PostgresError(f"PostgreSQL would not end: {self._last_words()}")

    def pid(self) -> int | None:
        """The living postmaster's process id. Its pid file may outlive it, and ids come again."""
        lines = self._pid_lines()
        if len(lines) <= _STATUS_LINE:
            return None
        pid = int(lines[0])
        return pid if works_in(pid, self.data) else None

    def _pid_lines(self) -> list[str]:
        """The postmaster's own pid file (utils/pidfile.h): id, folder, start, port, ..., status."""
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _prepare_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            self._account.own(self.folder)
        except PermissionError as error:
            raise PostgresError(
                f"{self.folder} belongs to another user: start the server as the user who made the "
                "folder, or choose another folder"
            ) from error
        if barred := self._account.barred_at(self.folder):
            raise PostgresError(
                f"PostgreSQL does not run as root, so it runs as nobody, who may not enter {barred}: "
                f"choose a folder elsewhere, or allow it with chmod o+x {barred}"
            )

    def _launch(self) -> None:
        last = self._port_file.read_text(encoding="utf-8") if self._port_file.exists() else "0"
        port = free_port(int(last))
        socket_path = os.fsencode(self.folder / ".s.PGSQL.65535")
        chosen = dict(settings(durable=self._durable)) | {
            "port": str(port),
            "unix_socket_directories": str(
                self.folder if len(socket_path) <= _SOCKET_PATH_MAX else ""
            ),
        }
        options = [part for item in chosen.items() for part in ("-c", "=".join(item))]
        self._port_file.write_text(str(port), encoding="utf-8")
        postgres = self._matching_binaries().program("postgres")
        with self.log.open("a", encoding="utf-8") as log:
            process = self._account.launch([postgres, "-D", self.data, *options], self.data, log)
        clear_away(process)  # PostgreSQL takes its lock for held as long as the holder's id lives
        while not self._ready(process.pid):
            if process.returncode is not None:
                if any(word in self._last_words() for word in _PASSING):
                    return
                raise PostgresError(f"PostgreSQL would not start: {self._last_words()}")
            time.sleep(_GLANCE_S)

    def _ready(self, pid: int) -> bool:
        lines = self._pid_lines()
        return len(lines) > _STATUS_LINE and lines[0] == str(pid) and "ready" in lines[_STATUS_LINE]

    def _matching_binaries(self) -> Binaries:
        """Programs of the version that the data was made with."""
        if self._binaries is None:
            version = self.data / "PG_VERSION"
            self._binaries = find_binaries(int(version.read_text()) if version.exists() else None)
        return self._binaries

    def _last_words(self) -> str:
        if not self.log.exists():
            return f"it wrote no log at {self.log}"
        tail = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:]
        return " / ".join(tail) + f" (all of it in {self.log})"
