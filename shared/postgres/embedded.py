"""A PostgreSQL server of our own, in a folder of our own.

    with EmbeddedPostgres(Path(".demo/postgres")) as server:
        psycopg.connect(server.dsn("postgres"))

The folder holds the data, the server's log, its socket, the superuser's password (readable by its
owner only) and the port, which stays the same over restarts as long as it is free. The server
outlives the program that started it; `start` finds a living one and takes it over, and starts a
dead one again. Needs a Unix: it leans on users, signals and file locks.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from shared.clock import WallClock
from shared.postgres.account import Account, PostgresError
from shared.postgres.binaries import Binaries, find_binaries
from shared.postgres.cluster import initialise
from shared.postgres.profile import settings

__all__ = ["EmbeddedPostgres", "PostgresError", "Server"]

HOST = "127.0.0.1"
SUPERUSER = "forfald"
_PORT_LINE, _STATUS_LINE = 3, 7
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
    """A server that answers, and how to reach it."""

    host: str
    port: int
    superuser: str
    password: str = field(repr=False)

    def dsn(self, dbname: str, user: str | None = None, password: str | None = None) -> str:
        """The address of a database, for the superuser or for a role and its own password."""
        if user is None:
            user, password = self.superuser, self.password
        login = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
        return f"postgresql://{login}@{self.host}:{self.port}/{quote(dbname, safe='')}"


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
        with self._alone():
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
        server = Server(HOST, int(self._pid_lines()[_PORT_LINE]), SUPERUSER, password)
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
        deadline = WallClock().monotonic() + _PATIENCE_S
        if (pid := self.pid()) is None:
            return
        os.kill(pid, how)
        while _exists(pid):
            if WallClock().monotonic() > deadline:
                raise PostgresError(f"PostgreSQL would not end: {self._last_words()}")
            time.sleep(_GLANCE_S)

    def pid(self) -> int | None:
        """The living postmaster's process id. Its pid file may outlive it, and ids come again."""
        lines = self._pid_lines()
        if len(lines) <= _STATUS_LINE or not _exists(pid := int(lines[0])):
            return None
        if not Path("/proc/self/cwd").exists():
            return pid
        try:
            return pid if Path(f"/proc/{pid}/cwd").readlink() == self.data.resolve() else None
        except FileNotFoundError:
            return None

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

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two programs that start the same folder take turns; a lock ends with its holder."""
        with (self.folder / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _launch(self) -> None:
        port = self._free_port()
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
        # Whoever kills the server, somebody must take note, or the dead process keeps its id and
        # PostgreSQL its lock. The thread ends with the server or with us, whichever is first.
        threading.Thread(target=process.wait, name=f"postgres-{process.pid}", daemon=True).start()
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

    def _free_port(self) -> int:
        """The port of last time if it is free, so that clients find a restarted server again."""
        last = int(self._port_file.read_text()) if self._port_file.exists() else 0
        for wanted in (last, 0):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((HOST, wanted))
                except OSError:
                    continue
                return int(probe.getsockname()[1])
        raise PostgresError("this machine has no free port on 127.0.0.1")

    def _last_words(self) -> str:
        if not self.log.exists():
            return f"it wrote no log at {self.log}"
        tail = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:]
        return " / ".join(tail) + f" (all of it in {self.log})"


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs as somebody else
        pass
    return True
