"""What is done outside, through the bank port: a batch is sent, asked for, cancelled; a statement read.

Sending ends in one of the port's four ways, and each has one meaning here:

    Receipt           the orders are submitted
    NotSent           tried again with the same bytes; given up before the cut-off, the orders are free
    Refused           every order is rejected, nothing has moved
    OutcomeUnknown    the orders are frozen; only the statement, or people, can tell
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from services.payments.acts.answers import take_statuses
from services.payments.acts.statement import named, take_statement
from services.payments.commands import (
    Command,
    NoteCancelRefused,
    NoteNotSent,
    NoteOutcomeUnknown,
    NoteRefusal,
    NoteSent,
)
from services.payments.gateways.bank import (
    BadBatchError,
    Bank,
    NotSent,
    OutcomeUnknown,
    Receipt,
    StatementEntry,
)
from services.payments.gateways.bank import Refused as BankRefused
from services.payments.gateways.opening import Opener
from services.payments.intents import (
    CANCEL_BATCH,
    POLL_BATCH,
    READ_ACCOUNT,
    SEND_BATCH,
    BatchAtBank,
    BatchToSend,
    StatementToRead,
    batch_of,
)
from services.payments.model.batch import (
    BATCH,
    NoteDelivered,
    NoteGivenUp,
    NoteRefused,
    NoteUnknown,
)
from services.payments.model.payment import PAYMENT
from services.payments.model.planning import HEAD_START
from services.payments.values import AT_BANK, State
from shared.effects.worker import Done, Later, Outcome, Refused, Task, Unknown
from shared.work import Work

NOT_SENT = "not_sent"
_TRIES = 5
_AGAIN = timedelta(minutes=2)
_ASK_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
_ASK_FOR = timedelta(days=14)


def ask_again_at(asked: int, now: datetime) -> datetime:
    """After 1, 5 and 15 minutes, then every 15."""
    return now + _ASK_AFTER[min(asked, len(_ASK_AFTER)) - 1]


@dataclass(frozen=True, slots=True)
class Found:
    """Lines of the statement that show orders of a batch whose outcome was unknown."""

    entries: tuple[StatementEntry, ...]


class AlteredError(Exception):
    """The bytes are not those that were sealed: nothing is sent."""


class SendBatch:
    """Hands sealed bytes to the bank, once."""

    kind = SEND_BATCH

    def __init__(self, bank: Bank, opener: Opener) -> None:
        self._bank = bank
        self._opener = opener

    def _body(self, task: Task) -> bytes:
        wanted = msgspec.json.decode(task.body, type=BatchToSend)
        body = self._opener.open_bytes(task.tenant_id, wanted.body)
        if sha256(body).hexdigest() != wanted.sha256:
            raise AlteredError
        return body

    def perform(self, task: Task, now: datetime) -> Outcome:
        # Nothing of it has left: what was looked at so long ago is looked at once more, not sent.
        if now - task.meta.recorded_at > HEAD_START:
            return Refused(NOT_SENT, "it lay sealed past its moment")
        try:
            return Done(self._bank.send(batch_of(task.key).hex, self._body(task)))
        except (AlteredError, BadBatchError):
            return Refused("bytes_altered", "these are not the bytes that were sealed")
        except NotSent as error:
            if task.attempt < _TRIES:
                return Later(str(error), now + _AGAIN)
            return Refused(NOT_SENT, str(error))
        except BankRefused as error:
            return Refused(error.code, error.text)
        except OutcomeUnknown as error:
            return Unknown(str(error), ask_again_at(task.attempt, now))

    def find(self, task: Task, now: datetime) -> Outcome:
        """The bank cannot be asked for a message by our id; its statement shows what it executed."""
        if now - task.meta.recorded_at > _ASK_FOR:
            return Unknown("the statement has not shown it in two weeks")
        batch = self._bank.parse(self._body(task))
        wanted = {order.end_to_end_id for order in batch.orders}
        since = task.meta.recorded_at.date() - timedelta(days=1)
        try:
            lines = self._bank.transactions(batch.debtor_account, since, now.date())
            found = tuple(line for line in lines if named(line) & wanted)
        except (NotSent, OutcomeUnknown, BankRefused) as error:
            return Unknown(str(error), ask_again_at(task.attempt, now))
        if found:
            return Done(Found(found))
        return Unknown("not on the statement yet", ask_again_at(task.attempt, now))

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        batch_id = batch_of(task.key)
        wanted = msgspec.json.decode(task.body, type=BatchToSend)
        match outcome:
            case Done(answer=Receipt() as receipt):
                self._each(work, task, NoteSent(batch_id, wanted.sha256, receipt.payment_id))
                work.execute(BATCH, batch_id, NoteDelivered(receipt.payment_id))
                take_statuses(work, batch_id, receipt.entries)
            case Done(answer=Found(entries=entries)):
                take_statement(work, wanted.debtor_fingerprint, entries)
            case Refused(code=code) if code == NOT_SENT:
                self._each(work, task, NoteNotSent(batch_id))
                work.execute(BATCH, batch_id, NoteGivenUp())
            case Refused(code=code):
                self._each(work, task, NoteRefusal(batch_id, code))
                work.execute(BATCH, batch_id, NoteRefused(code))
            case Unknown():
                self._each(work, task, NoteOutcomeUnknown(batch_id, work.now))
                work.execute(BATCH, batch_id, NoteUnknown(work.now))
            case _:
                return

    def _each(self, work: Work, task: Task, note: Command) -> None:
        """Tell the batch's orders, in the order of their ids; those that went on are left alone."""
        batch = work.load(BATCH, batch_of(task.key)).state
        assert batch.sealed is not None, "an intent follows a sealed batch"
        for payment_id in sorted(order.payment_id for order in batch.sealed.orders):
            payment = work.load(PAYMENT, payment_id).state
            if payment.batch_id == batch_of(task.key) and payment.state in AT_BANK:
                work.execute(PAYMENT, payment_id, note)


class PollStatus:
    """Asks what the bank says of a batch; no answer is asked for again by the next poll."""

    kind = POLL_BATCH

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    def perform(self, task: Task, now: datetime) -> Outcome:
        return self.find(task, now)

    def find(self, task: Task, now: datetime) -> Outcome:  # noqa: ARG002  a performer's signature
        asked = msgspec.json.decode(task.body, type=BatchAtBank)
        try:
            return Done(self._bank.status(asked.bank_payment_id))
        except (NotSent, OutcomeUnknown, BankRefused) as error:
            return Refused("unanswered", str(error))

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        if isinstance(outcome, Done):
            take_statuses(work, batch_of(task.key), outcome.answer)


class ReadStatement:
    """Reads the booked lines of the payer's account; an unread statement is read by the next turn."""

    kind = READ_ACCOUNT

    def __init__(self, bank: Bank, opener: Opener) -> None:
        self._bank = bank
        self._opener = opener

    def perform(self, task: Task, now: datetime) -> Outcome:
        return self.find(task, now)

    def find(self, task: Task, now: datetime) -> Outcome:  # noqa: ARG002  a performer's signature
        asked = msgspec.json.decode(task.body, type=StatementToRead)
        account = self._opener.text(task.tenant_id, asked.account)
        try:
            return Done(tuple(self._bank.transactions(account, asked.from_on, asked.to_on)))
        except (NotSent, OutcomeUnknown, BankRefused) as error:
            return Refused("unanswered", str(error))

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        asked = msgspec.json.decode(task.body, type=StatementToRead)
        if isinstance(outcome, Done):
            take_statement(work, asked.fingerprint, outcome.answer)


class CancelBatch:
    """Asks the bank not to execute; that it took the request is not yet a cancellation."""

    kind = CANCEL_BATCH

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    def perform(self, task: Task, now: datetime) -> Outcome:
        asked = msgspec.json.decode(task.body, type=BatchAtBank)
        try:
            answer = self._bank.cancel(asked.bank_payment_id)
        except (NotSent, OutcomeUnknown) as error:
            return Later(str(error), now + _AGAIN)
        return Done(answer) if answer.requested else Refused(answer.code, answer.text)

    def find(self, task: Task, now: datetime) -> Outcome:
        """Asking twice is harmless, so nobody needs to find out."""
        return self.perform(task, now)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        if not isinstance(outcome, Refused):
            return
        batch_id = batch_of(task.key)
        batch = work.load(BATCH, batch_id).state
        assert batch.sealed is not None, "only a sealed batch is cancelled"
        for payment_id in sorted(order.payment_id for order in batch.sealed.orders):
            if work.load(PAYMENT, payment_id).state.state is State.CANCEL_PENDING:
                note = NoteCancelRefused(batch_id, outcome.code)
                work.execute(PAYMENT, payment_id, note)
