"""One mail of every occasion, for one payment and for several."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from services.notifications.model.mail import Delivery
from services.notifications.model.occasions import (
    ApprovalExpired,
    ApprovalReminder,
    ApprovalRequested,
    ListGoes,
    ListWaits,
    Occasion,
    PaymentsFailed,
    PaymentsRejected,
    PaymentsReturned,
    PaymentsUnknown,
)
from services.notifications.model.texts import Language

CLIENT = "Fjordvig Byg ApS"
MORNING = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
LINK = "https://forfald.example/approvals/a/opaqueToken"

DELIVERY = Delivery(
    id=UUID("0c0ffee0-0000-4000-8000-000000000007"),
    to="anne@fjordvig.example",
    language=Language.ENGLISH,
    zone=ZoneInfo("Europe/Copenhagen"),
    link=LINK,
    mail_domain="mail.forfald.example",
    reply_to="mette@strandgade.example",
)

REQUESTED = ApprovalRequested(client=CLIENT, payments=6, asked_by="Mette Kjær", answer_by=MORNING)

OCCASIONS: tuple[Occasion, ...] = (
    REQUESTED,
    ApprovalReminder(client=CLIENT, payments=6, asked_by="Mette Kjær", answer_by=MORNING),
    ApprovalExpired(client=CLIENT, payments=6, expired_at=MORNING),
    PaymentsRejected(client=CLIENT, payments=6, rejected_by="Anne Holm"),
    PaymentsFailed(client=CLIENT, payments=6),
    PaymentsUnknown(client=CLIENT, payments=6),
    PaymentsReturned(client=CLIENT, payments=6),
    ListWaits(client=CLIENT, payments=6, debtors=4),
    ListGoes(client=CLIENT, payments=6, debtors=4, goes_at=MORNING),
)

ONE_AND_SEVERAL: tuple[Occasion, ...] = (
    *OCCASIONS,
    *(replace(occasion, payments=1) for occasion in OCCASIONS),
)
