"""`python -m forfald.events_document`: write the documents, or say why not."""

from __future__ import annotations

import sys

from forfald.events_document.files import FOLDER, Incompatible, write

try:
    print(f"{write()} files written in {FOLDER}")
except Incompatible as problem:
    sys.exit(
        f"{problem}\nReaders would break. Give the event a new version (`version=2`) and keep the "
        "old one, or, if it has never been released, delete its schema and run this again."
    )
