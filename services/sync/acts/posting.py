"""A voucher that payments or dunning asks for, put on its way into the client's ledger."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from services.sync.commands import RefuseUnbookable, RetryPosting, SeekPosting
from services.sync.model.connection import CONNECTION
from services.sync.model.naming import PAYMENT_TEXTS, connection_id_of
from services.sync.model.posting import POSTING
from services.sync.model.voucher import Unbookable, charge_lines, ledger_lines
from services.sync.values import AskedVoucher, PostingLine
from shared.work import Work


def ask_for(work: Work, posting_id: UUID, asked: AskedVoucher) -> None:
    """On the accounts that the client has named by now; refused where one is lacking."""
    connection = work.load(CONNECTION, connection_id_of(work.tenant_id)).state
    accounts = connection.consent.settings.accounts if connection.consent else {}
    try:
        lines = _lines(asked, accounts, connection.language)
    except Unbookable as error:
        work.execute(POSTING, posting_id, RefuseUnbookable(asked, error.code, str(error)))
        return
    command = SeekPosting(
        payment_id=asked.payment_id,
        token=asked.token,
        voucher_on=asked.voucher_on,
        lines=lines,
        # Nothing of ours can have been booked before what the mirror had then.
        after_entry=int(connection.cursor or 0),
        invoice_id=asked.charges.invoice_id if asked.charges else None,
    )
    work.execute(POSTING, posting_id, command)


def _lines(
    asked: AskedVoucher, accounts: Mapping[str, int], language: str
) -> tuple[PostingLine, ...]:
    if asked.charges is not None:
        return charge_lines(asked.charges, accounts, language)
    return ledger_lines(asked.lines, accounts, PAYMENT_TEXTS.get(language, PAYMENT_TEXTS["en"]))


def try_again(work: Work, posting_id: UUID) -> None:
    """Once the cause of a refusal is mended. Under the same token: what stands there is found."""
    unbookable = work.load(POSTING, posting_id).state.unbookable
    if unbookable is None:
        work.execute(POSTING, posting_id, RetryPosting())
    else:
        ask_for(work, posting_id, unbookable)
