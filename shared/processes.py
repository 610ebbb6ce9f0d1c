"""Processes that a program starts for itself: told apart, ended, and given a port of their own."""

from __future__ import annotations

import fcntl
import os
import secrets
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from shared.clock import WallClock

LOOPBACK = "127.0.0.1"
_GLANCE_S = 0.02
_LOOK_UP_S = 0.5
_PORTS = range(20_000, 32_000)  # below those of callers on Linux (32768) and elsewhere (49152)
_TRIES = 100
_ours: set[int] = set()
"""Ports given to somebody of this process: its own locks would not hold it back."""
_ONLY_ASK = 0  # no signal at all: fails when there is no such process


def works_in(pid: int, folder: Path) -> bool:
    """Whether a process lives and works in a folder: ids come again, its working folder tells.

    Where there is no /proc (macOS), any living process with the id is believed.
    """
    try:
        if not Path("/proc/self/cwd").exists():
            os.kill(pid, _ONLY_ASK)
            return True
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except OSError:  # gone, or dead and not yet cleared away
        return False


def end(pid: int, how: signal.Signals, patience_s: float) -> bool:
    """Send a signal and wait until the process is gone and cleared away; whether it went."""
    deadline = WallClock().monotonic() + patience_s
    try:
        os.kill(pid, how)
        while WallClock().monotonic() < deadline:
            os.kill(pid, _ONLY_ASK)
            time.sleep(_GLANCE_S)
    except ProcessLookupError:
        return True
    return False


def clear_away(process: subprocess.Popen[str]) -> None:
    """Take note of a process's end, whoever ends it: a dead process nobody asks for keeps its id.

    The thread ends with the process or with us, whichever is first.
    """
    threading.Thread(target=process.wait, name=f"end of {process.pid}", daemon=True).start()


def wait_until_told(stop: threading.Event) -> None:
    """In the main thread, which acts on a signal that another thread was given when it next looks up."""
    while not stop.wait(_LOOK_UP_S):
        pass


@contextmanager
def one_at_a_time(lock_file: Path) -> Iterator[None]:
    """Programs that do the same thing take turns; a lock ends with its holder."""
    with lock_file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def free_port(wanted: int = 0) -> int:
    """The wanted port of 127.0.0.1 if it is free, else any free one: this process's until it ends.

    No two of a user's programs are given one port, however long it takes them to listen on it. A program
    that does not ask here may still take it: whoever starts a server on it must look. Of the ports that
    systems give to those who call, any of the many connections to a database may do so, so they are not
    among ours.

    Raises OSError when none is found.
    """
    others = secrets.SystemRandom().sample(_PORTS, _TRIES)
    for port in [wanted, *others] if wanted else others:
        if (port == wanted or port not in _ours) and _reserved(port) and _unused(port):
            _ours.add(port)
            return port
    raise OSError(f"none of {_TRIES} ports of {LOOPBACK} is free")


def _unused(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def _reserved(port: int) -> bool:
    """Whether a port is now this process's: one byte of a file locked, which ends with the process."""
    try:
        fcntl.lockf(_reservations(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except (BlockingIOError, PermissionError):  # which of the two, systems differ
        return False
    return True


@cache
def _reservations() -> int:
    # Never closed: closing any descriptor of the file would give up every lock on it.
    mine = Path(tempfile.gettempdir()) / f"forfald-ports-{os.getuid()}"
    return os.open(mine, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
