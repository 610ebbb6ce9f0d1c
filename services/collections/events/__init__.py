"""What can have happened in collections: to a claim, to a case, and to all that stands beside them."""

from __future__ import annotations

from services.collections.events.beside import (
    AgreementEvent,
    CreditorEvent,
    DebtorEvent,
    ItemLearnt,
)
from services.collections.events.case import CaseEvent
from services.collections.events.claim import ClaimEvent

EVENTS = ClaimEvent | CaseEvent | AgreementEvent | CreditorEvent | DebtorEvent | ItemLearnt
