"""READ: own events become rows. INLINE is written with each event, since guards rest on it; FOLLOWED
follows the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.payments.projections.beside import batches, credit_notes, lines, roles
from services.payments.projections.histories import timelines
from services.payments.projections.orders import orders
from shared.projecting.projection import Projection

INLINE: Final[Sequence[Projection]] = (orders, batches, roles, credit_notes, lines)
FOLLOWED: Final[Sequence[Projection]] = (timelines,)
