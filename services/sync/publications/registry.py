"""Where the files of this package enter what they tell."""

from __future__ import annotations

from shared.after import After
from shared.stream.outbox import Telling

publications: After[Telling] = After()
