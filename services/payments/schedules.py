"""What the clock asks for: releases before the cut-off, polls, statements, alerts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from services.payments import queries
from services.payments.acts import intake
from services.payments.acts.releasing import Releaser
from services.payments.commands import RaiseAlert
from services.payments.intents import (
    ALERT,
    POLL_BATCH,
    POLL_STATUS,
    READ_ACCOUNT,
    READ_STATEMENT,
    RELEASE,
    BatchAtBank,
    StatementToRead,
)
from services.payments.model.batch import BATCH
from services.payments.model.payer import payer_id_of
from services.payments.model.payment import PAYMENT
from services.payments.model.timing import next_morning, on_the_hour
from services.payments.values import State
from shared.clock import day_of
from shared.effects.intents import Due, Intent
from shared.scheduler import Job, Occurrence
from shared.work import Work

_LOOK_BACK = timedelta(days=7)


def jobs(releaser: Releaser) -> Mapping[str, Job]:
    """The jobs by name; each puts its next occurrence on the calendar itself, if it has one."""

    def release(occurrence: Occurrence, work: Work) -> None:
        releaser.release(work, occurrence.key)

    return {
        RELEASE: release,
        POLL_STATUS: poll_status,
        READ_STATEMENT: read_statement,
        ALERT: alert_unknown,
    }


def poll_status(occurrence: Occurrence, work: Work) -> None:
    """Ask for a batch, soon and then hourly, until the bank has said its last word on every order of it."""
    batch_id = UUID(occurrence.key)
    batch = work.load(BATCH, batch_id).state
    if batch.bank_payment_id is None or not queries.is_open(work.sql, work.tenant_id, batch_id):
        return
    key = f"{batch_id}:{occurrence.due_at.isoformat()}"
    work.intend(batch_id, Intent(POLL_BATCH, key, BatchAtBank(batch.bank_payment_id)))
    work.remind(Due(POLL_STATUS, occurrence.key, on_the_hour(work.now)))


def read_statement(occurrence: Occurrence, work: Work) -> None:
    """Read the payer's accounts: every hour while the bank owes us a word, else every morning.

    Money may come back weeks later, so reading never ends. Each turn starts a week before the newest
    line that was taken in, since banks book late.
    """
    payer = intake.payer_of(work)
    today = day_of(work.now, payer.zone)
    last = queries.last_line_on(work.sql, work.tenant_id) or today
    # A line dated ahead must not keep us from reading what is booked until then.
    from_on = min(last, today) - _LOOK_BACK
    for fingerprint, account in payer.accounts.items():
        intent = Intent(
            READ_ACCOUNT,
            f"{fingerprint}:{occurrence.due_at.isoformat()}",
            StatementToRead(account, fingerprint, from_on, today),
        )
        work.intend(payer_id_of(work.tenant_id), intent)
    busy = queries.is_anything_at_bank(work.sql, work.tenant_id)
    at = on_the_hour(work.now) if busy else next_morning(work.now)
    work.remind(Due(READ_STATEMENT, occurrence.key, at))


def alert_unknown(occurrence: Occurrence, work: Work) -> None:
    """Two hours without knowing: people must ask the bank."""
    batch_id = UUID(occurrence.key)
    batch = work.load(BATCH, batch_id).state
    assert batch.sealed is not None, "only a sealed batch can be of unknown outcome"
    for payment_id in sorted(order.payment_id for order in batch.sealed.orders):
        if work.load(PAYMENT, payment_id).state.state is State.OUTCOME_UNKNOWN:
            work.execute(PAYMENT, payment_id, RaiseAlert(batch_id))
