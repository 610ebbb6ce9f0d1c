"""The keeper of a test server: it outlives the tests by a moment and clears up after them.

A program of its own that needs nothing but the standard library. Everybody who uses a server's
folder holds a shared lock on `folder/users.lock`. The keeper waits for the exclusive lock, which it
gets when the last user is gone, however it went: a lock ends with its holder, even with SIGKILL.
Then it ends every process that wrote a pid file in the folder, and removes the folder.

(PR_SET_PDEATHSIG would be shorter, but follows one thread of one parent, and only on Linux; here
several test workers share a server.)
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sys
import time
from pathlib import Path

_PATIENCE_S = 10.0
_GLANCE_S = 0.05


def main(folder: Path) -> None:
    with (folder / "users.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for file in sorted(folder.rglob("*.pid")):
            end(file, folder)
        shutil.rmtree(folder, ignore_errors=True)


def end(pid_file: Path, folder: Path) -> None:
    """Ask with SIGTERM, then with SIGINT (PostgreSQL then waits for no client), then insist."""
    try:
        pid = int(pid_file.read_text(encoding="utf-8").split("\n")[0])
        deadline = time.monotonic() + _PATIENCE_S
        how = signal.SIGTERM
        while works_in(folder, pid):
            os.kill(pid, how)
            time.sleep(_GLANCE_S)
            how = signal.SIGKILL if time.monotonic() > deadline else signal.SIGINT
    except (ValueError, OSError):
        return  # gone already, or never quite there


def works_in(folder: Path, pid: int) -> bool:
    """Whether the process lives and is ours: ids come again, its working folder tells."""
    if not Path("/proc/self/cwd").exists():
        os.kill(pid, 0)
        return True
    return Path(f"/proc/{pid}/cwd").readlink().is_relative_to(folder.resolve())


if __name__ == "__main__" and os.fork() == 0:  # the parent ends at once, so nobody waits for us
    os.setsid()
    main(Path(sys.argv[1]))
