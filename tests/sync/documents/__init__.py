"""The project's own e-invoices, in the forms that arrive; each file is named for what it shows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
NAMES = sorted(path.name for path in FOLDER.glob("*.xml"))
SAMPLES = Path(os.environ.get("FORFALD_SAMPLES", Path(__file__).parents[4] / "shared" / "samples"))


def document(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def sample(name: str) -> bytes:
    """A real document that may not lie in the repository; the test is skipped without it."""
    path = SAMPLES / "oioubl" / name
    if not path.is_file():
        pytest.skip(f"the real sample {name} is not there; FORFALD_SAMPLES names its folder")
    return path.read_bytes()
