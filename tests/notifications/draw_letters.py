"""Draws every letter, to be looked at: `python -m tests.notifications.draw_letters FOLDER [--keep]`.

With `--keep` their hashes become the golden ones.
"""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from pathlib import Path

from services.notifications.gateways.typesetting import typeset
from services.notifications.model.texts import Language
from services.notifications.values import LetterKind
from shared import pdf
from tests.notifications.letters import document_of

WIDTH = 1240
GOLDEN = Path(__file__).parent / "golden_letters.json"


def main(folder: Path, *, keep: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    hashes = {}
    for kind in LetterKind:
        for language in Language:
            letter = typeset(document_of(kind, language), b"").content
            name = f"{kind}-{language}"
            hashes[name] = sha256(letter).hexdigest()
            (folder / f"{name}.pdf").write_bytes(letter)
            for number, page in enumerate(pdf.pages(letter, WIDTH), start=1):
                (folder / f"{name}-{number}.png").write_bytes(page)
    if keep:
        GOLDEN.write_text(json.dumps(hashes, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), keep="--keep" in sys.argv)
