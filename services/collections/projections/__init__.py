"""READ: own events become rows. INLINE is written with each event, since guards rest on it; FOLLOWED
follows the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.collections.projections.beside import agreements, debtors, items
from services.collections.projections.cases import cases, timelines
from services.collections.projections.claims import claims
from shared.projecting.projection import Projection

INLINE: Final[Sequence[Projection]] = (claims, cases, debtors, items, agreements)
FOLLOWED: Final[Sequence[Projection]] = (timelines,)
