"""The facts of the reports, from the log: followed, since no guard rests on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.dunning.projections.facts.charges import charges
from services.dunning.projections.facts.ledger import ledger
from services.dunning.projections.facts.notices import notices
from services.dunning.projections.facts.settings import settings
from shared.projecting.projection import Projection

FACTS: Final[Sequence[Projection]] = (ledger, charges, notices, settings)
