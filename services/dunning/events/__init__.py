"""What can have happened in dunning, one file per aggregate."""

from __future__ import annotations

from services.dunning.events.creditor import CreditorEvent
from services.dunning.events.daily import DailyEvent
from services.dunning.events.debtor import DebtorEvent
from services.dunning.events.notice import NoticeEvent
from services.dunning.events.person import PersonEvent
from services.dunning.events.receivable import ReceivableEvent
from services.dunning.events.report import ReportEvent

EVENTS = (
    CreditorEvent
    | DailyEvent
    | DebtorEvent
    | ReceivableEvent
    | NoticeEvent
    | PersonEvent
    | ReportEvent
)
