"""READ: own events become rows. INLINE is written with each event, since handlers and the next page
look up in it; FOLLOWED follows the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.approvals.projections.guards import awaiting, people, policies
from services.approvals.projections.histories import histories
from shared.projecting.projection import Projection

INLINE: Final[Sequence[Projection]] = (awaiting, people, policies)
FOLLOWED: Final[Sequence[Projection]] = (histories,)
