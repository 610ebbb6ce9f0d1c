"""Own events as rows: those that guards rest on, at once; histories and reports, a moment later."""

from __future__ import annotations

from typing import Final

from services.dunning.projections.choices import choices
from services.dunning.projections.facts import FACTS
from services.dunning.projections.people import people
from services.dunning.projections.standing import debtors, histories, mirrors, notices, receivables
from shared.projecting.projection import Projection

INLINE: Final[tuple[Projection, ...]] = (receivables, debtors, notices, mirrors, people, choices)
FOLLOWED: Final[tuple[Projection, ...]] = (histories, *FACTS)
