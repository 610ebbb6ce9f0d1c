"""READ: own events become rows. INLINE is written with each event, since the next step of a run
look up in it; FOLLOWED follows the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.sync.projections.guards import inbox, ledgers, mirror
from services.sync.projections.histories import postings, runs
from shared.projecting.projection import Projection

INLINE: Final[Sequence[Projection]] = (ledgers, mirror, inbox)
FOLLOWED: Final[Sequence[Projection]] = (runs, postings)
