"""Makes the environment that the vendor's client runs in, from a list of versions by hash.

python -m tests.simulators.debitura_client.environment
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
LOCK = Path(__file__).with_name("client.lock")
_PATIENCE_S = 180


class ClientUnavailable(RuntimeError):
    """There is no such environment here; the text says why and how to get it."""


def folder() -> Path:
    """Another list of versions, or another Python, is another environment."""
    seed = LOCK.read_bytes() + sys.version.encode()
    return ROOT / ".cache" / f"debitura-client-{hashlib.sha256(seed).hexdigest()[:12]}"


def python() -> Path:
    """The environment's Python, made where it is not there yet. Raises ClientUnavailable."""
    place = folder()
    if place.is_dir():
        return place / "bin" / "python"
    uv = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
    beside = place.with_name(f"{place.name}.unfinished")
    shutil.rmtree(beside, ignore_errors=True)
    _run(uv, "venv", "--quiet", "--relocatable", "--python", sys.executable, str(beside))
    there = str(beside / "bin" / "python")
    _run(uv, "pip", "sync", "--quiet", "--python", there, "--require-hashes", str(LOCK))
    beside.rename(place)
    return place / "bin" / "python"


def _run(*words: str) -> None:
    try:
        done = subprocess.run(
            words, capture_output=True, text=True, check=False, timeout=_PATIENCE_S
        )
    except OSError as error:
        raise ClientUnavailable(f"uv cannot be run ({error}): run `make setup`") from error
    if done.returncode:
        raise ClientUnavailable(f"the vendor's client cannot be had: {done.stderr.strip()[-500:]}")


if __name__ == "__main__":
    python()
