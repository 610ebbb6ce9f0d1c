"""Own events as rows: those that guards rest on, at once; reports, a moment later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.dunning.projections.choices import choices
from services.dunning.projections.facts import FACTS
from services.dunning.projections.people import people
from services.dunning.projections.standing import debtors, mirrors, notices, receivables
from shared.projecting.projection import Projection

INLINE: Final[tuple[Projection, ...]] = (receivables, debtors, notices, mirrors, people, choices)
FOLLOWED: Final[Sequence[Projection]] = FACTS
