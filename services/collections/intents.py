"""What intents and due work are called, and what they carry to those who perform them."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from services.collections.values import Telling
from shared.money import Money
from shared.sealed import Sealed

SUBMIT: Final = "agency.submit"
LOOK: Final = "agency.look"
TELL: Final = "agency.tell"
ASK_AGREEMENT: Final = "agency.ask_agreement"

TRANSFER: Final = "collections.transfer"
LOOK_AGAIN: Final = "collections.look_again"
ALERT: Final = "collections.alert_unknown"
AGREEMENT_AGAIN: Final = "collections.agreement_again"


class CaseToSubmit(msgspec.Struct, frozen=True):
    """The sealed bytes and their hash. The case's id is the effect's key."""

    agency: str
    body: Sealed
    sha256: str


class CaseAtAgency(msgspec.Struct, frozen=True):
    agency: str
    agency_case_id: str


class TellingToMake(msgspec.Struct, frozen=True):
    """What is to be told of a case. `token` stands in it, so that it is found again."""

    agency: str
    agency_case_id: str
    number: int
    token: str
    kind: Telling
    invoice: str
    amount: Money | None
    on: date | None
    reason: Sealed | None = None


class AgreementToAsk(msgspec.Struct, frozen=True):
    agency: str


def case_of(key: str) -> UUID:
    """The case that an effect's key or a due key speaks of."""
    return UUID(key.partition(":")[0])
