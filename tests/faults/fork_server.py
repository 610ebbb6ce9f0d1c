"""Lives many times: a process that has imported the whole house forks one that lives and may die.

It holds no thread and no connection, so that a fork is clean, and takes milliseconds where an import
takes a second. Orders come in as lines of JSON, and go out as how that life ended.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.faults import life

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a life ended: by a signal (0: none), with an exit code, and what it had to say."""

    signal: int
    code: int
    said: str


class ForkServer:
    """The handle in the test's process."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def live(self, order: Mapping[str, Any]) -> Ended:
        """One life to its end, its own or that of a crash point."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        said = Path(order["said"]).read_text(encoding="utf-8", errors="replace")
        return Ended(os.WTERMSIG(status), os.WEXITSTATUS(status), said)


def serve() -> None:
    life.prepare()
    # Else the first collection in each life copies every page that it shares with us.
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _be_born(order)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


def _be_born(order: dict[str, Any]) -> None:
    """In the child: everything it says goes to a file, and nothing of the parent's end is run."""
    said = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(said, 1)
    os.dup2(said, 2)
    code = 1
    try:
        life.live(order)
        code = 0
    except BaseException:  # noqa: BLE001  the child ends here, whatever it was
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
