"""A copy of an invoice or letter for its debtor: is it this one's, which document is it, who has had it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from services.dunning.acts.gathering import creditor_of
from services.dunning.commands import NoteDownload, SeekCopy
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.notice import NOTICE
from services.dunning.model.notice import State as NoticeState
from services.dunning.model.receivable import State
from services.dunning.queries import standing as queries
from shared.clock import day_of
from shared.contracts.values import Copy
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document of the debtor's. `copy_of` is None where none is kept yet; `name` is for its file."""

    name: str
    copy_of: Copy | None


def invoice_for(work: Work, debtor_id: UUID, invoice_id: UUID) -> Wanted | None:
    """None for another's, and for one that is gone from the ledger, as for one that never was."""
    row = queries.receivable(work.sql, work.tenant_id, invoice_id)
    if row is None or row.debtor_id != debtor_id or row.state is State.WITHDRAWN:
        return None
    number = re.sub(r"[^A-Za-z0-9]+", "-", row.number).strip("-")
    return Wanted(f"invoice-{number}", work.load(RECEIVABLE, invoice_id).state.invoice.copy_of)


def letter_for(work: Work, debtor_id: UUID, notice_id: UUID) -> Wanted | None:
    """None for another's, and for one that was not sent."""
    rows = queries.notices_of(work.sql, work.tenant_id, debtor_id)
    row = next((one for one in rows if one.notice_id == notice_id), None)
    if row is None or row.state is not NoticeState.SENT:
        return None
    return Wanted(f"{row.kind.value}-{row.issued_on.isoformat()}", row.copy_of)


def seek_invoice(work: Work, invoice_id: UUID) -> None:
    """Have it fetched from the ledger: it is told of when it is there."""
    work.execute(RECEIVABLE, invoice_id, SeekCopy(day_of(work.now, creditor_of(work).zone)))


def note_invoice(work: Work, invoice_id: UUID, download: NoteDownload) -> None:
    work.execute(RECEIVABLE, invoice_id, download)


def note_letter(work: Work, notice_id: UUID, download: NoteDownload) -> None:
    work.execute(NOTICE, notice_id, download)
