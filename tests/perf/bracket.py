"""A figure and what pgbench reached just before and just after it, on the same server."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shared.postgres import find_binaries


@dataclass(frozen=True, slots=True)
class Bracketed:
    """Acts per second, of ours (or the library's) and of pgbench around it."""

    figure: float
    before: float
    after: float

    @property
    def ratio(self) -> float:
        return self.figure / ((self.before + self.after) / 2)


@dataclass(frozen=True, slots=True)
class Pgbench:
    """A script of statements that a number of clients run, each statement a message of its own."""

    dsn: str
    script: str
    clients: int
    seconds: float

    def rate(self) -> float:
        """Transactions per second, connections not counted."""
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "script.sql"
            script.write_text(self.script, encoding="utf-8")
            ran = subprocess.run(
                [
                    find_binaries().program("pgbench"), "--no-vacuum", "--protocol=prepared",
                    f"--file={script}", f"--client={self.clients}",
                    f"--jobs={min(2, self.clients)}", f"--time={round(self.seconds)}", self.dsn,
                ],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
        found = re.search(r"^tps = ([\d.]+)", ran.stdout, re.MULTILINE)
        if ran.returncode or found is None:
            raise RuntimeError(f"pgbench: {ran.stderr.strip()[-500:]}")
        return float(found[1])

    def around(self, measure: Callable[[], float]) -> Bracketed:
        before = self.rate()
        figure = measure()
        return Bracketed(figure, before, self.rate())
