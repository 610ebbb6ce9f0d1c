"""Own events as rows, in the transaction that records them: the next message's rules ask them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.notifications.projections.letters import debtors, letters, own_texts
from services.notifications.projections.messages import clients, deliveries, people
from shared.projecting.projection import Projection

INLINE: Final[Sequence[Projection]] = (people, clients, deliveries, debtors, own_texts, letters)
