"""Takes the pictures of the documentation anew: `python -m tests.journeys.pictures`.

They are what the journey in the browser sees, so that no picture shows what the product is not.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import pytest

FOLDER: Final = Path(__file__).parents[2] / "docs" / "pictures"


def main() -> int:
    os.environ["FORFALD_PICTURES"] = str(FOLDER)
    return int(pytest.main([str(Path(__file__).parent / "test_browser.py"), "-q"]))


if __name__ == "__main__":
    sys.exit(main())
