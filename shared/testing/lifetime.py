"""Folders for servers: what runs in them ends when nobody uses them any more."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TextIO

from shared.testing import keeper

_MEMORY_DISK = Path("/dev/shm")  # noqa: S108  the folder inside gets a name of its own
_ENOUGH_BYTES = 2 * 1024**3


def own_folder() -> AbstractContextManager[Path]:
    """A folder for one user alone."""
    return _kept("own", _unique())


def shared_folder(purpose: str) -> AbstractContextManager[Path]:
    """One folder for all workers of a test run: those of pytest-xdist have one id together."""
    return _kept(purpose, os.environ.get("PYTEST_XDIST_TESTRUNUID") or _unique())


@contextmanager
def _kept(purpose: str, run: str) -> Iterator[Path]:
    """A folder whose keeper removes it after the last user.

    In memory where there is room: cloning a database is mostly making files, measured at 9 ms there
    and 120 ms on a disk of the same machine.
    """
    folder = _place() / f"forfald-{purpose}-{run}"
    lock = _enter(folder)
    try:
        yield folder
    finally:
        lock.close()


def _unique() -> str:
    return f"{os.getpid()}-{secrets.token_hex(4)}"


def _place() -> Path:
    roomy = _MEMORY_DISK.is_dir() and os.access(_MEMORY_DISK, os.W_OK)
    if roomy and shutil.disk_usage(_MEMORY_DISK).free > _ENOUGH_BYTES:
        return _MEMORY_DISK
    return Path(tempfile.gettempdir())


def _enter(folder: Path) -> TextIO:
    """Take the users' lock; a folder whose keeper is just removing it is made anew."""
    while True:
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)  # servers that run as somebody else pass through
        try:
            lock = (folder / "users.lock").open("a", encoding="utf-8")
        except FileNotFoundError:
            continue
        fcntl.flock(lock, fcntl.LOCK_SH)
        if os.fstat(lock.fileno()).st_nlink:
            break
        lock.close()
    try:
        (folder / "keeper").touch(exist_ok=False)
    except FileExistsError:
        return lock
    subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-I", "-S", keeper.__file__, str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return lock
