"""The folder of a demonstration: one lives there at a time, and begins with nothing of the last."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from shared.postgres import EmbeddedPostgres

POSTGRES: Final = "postgres"
_LOCK: Final = "lock"


class Taken(Exception):
    """A demonstration runs in this folder already."""


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder until the block ends. The lock ends with its process, however that ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Taken(
                f"a demonstration runs in {folder} already: end it there (Ctrl-C), or give this one"
                " a folder of its own with --folder"
            ) from error
        yield


def clear(folder: Path) -> None:
    """Away with what the last one left, and with its server if that was left running."""
    EmbeddedPostgres(folder / POSTGRES).stop()
    for left in folder.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        elif left.name != _LOCK:
            left.unlink()
