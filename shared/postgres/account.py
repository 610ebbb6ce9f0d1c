"""The account that the server runs under.

PostgreSQL refuses to run as root. A program that is root (a container, a build machine) therefore
runs the server as `nobody`, who exists everywhere: no system user is ever created.
"""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_ROOT = 0


class PostgresError(RuntimeError):
    """The server cannot do what is asked; the text says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group to run as; None means the user we are."""

    user: int | None = None
    group: int | None = None

    @classmethod
    def for_servers(cls) -> Account:
        if os.geteuid() != _ROOT:
            return cls()
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    def own(self, path: Path) -> None:
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)

    def barred_at(self, path: Path) -> Path | None:
        """The topmost part of a path that `nobody` may not enter, if any."""
        if self.user is None:
            return None
        place = path.resolve()
        for part in [*reversed(place.parents), place]:
            facts = part.stat()
            if facts.st_uid != self.user and not facts.st_mode & stat.S_IXOTH:
                return part
        return None

    def run(self, command: Sequence[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a program to its end in a folder; the caller judges its exit code."""
        process = self.launch(command, folder, subprocess.PIPE)
        output, _ = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, output)

    def launch(
        self, command: Sequence[str | Path], folder: Path, output: IO[str] | int
    ) -> subprocess.Popen[str]:
        """Start a program in a folder, in a session of its own: our Ctrl-C does not reach it.

        The environment is ours alone: a PGPORT or PGDATA of the caller must not reach the server.
        """
        return subprocess.Popen(  # noqa: S603  binaries that `find_binaries` chose
            [str(part) for part in command],
            cwd=folder,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            user=self.user,
            group=self.group,
            extra_groups=None if self.user is None else [],
        )
