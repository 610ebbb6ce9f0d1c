"""The last look before money leaves: due orders are checked again, rendered, read back and sealed.

All orders of a rail whose day has come go into one batch per execution day, in one transaction over
the orders' streams and the batch's, in the order of the ids. Whoever comes second, of however many,
finds the versions taken and the orders gone.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from services.payments import queries
from services.payments.acts import intake
from services.payments.commands import RecheckPayment, ReleasePayment
from services.payments.gateways.bank import BadBatchError, Bank, BankBatch, BankOrder
from services.payments.gateways.opening import Opened, Opener, digest, digest_of_sent
from services.payments.model.batch import BATCH, SealBatch, batch_id_of
from services.payments.model.naming import end_to_end_id
from services.payments.model.order import Payment
from services.payments.model.payer import Payer
from services.payments.model.payment import PAYMENT
from services.payments.model.people import MAY_PREPARE
from services.payments.values import BatchOrder, State
from shared.contracts.values import Fault
from shared.decider import Rejected
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Candidate:
    """An order that passed, with what the bank is to be asked for."""

    payment_id: UUID
    payment: Payment
    order: BankOrder


class Releaser:
    def __init__(self, bank: Bank, opener: Opener) -> None:
        self._bank = bank
        self._opener = opener

    def release(self, work: Work, rail: str) -> Sequence[UUID]:
        """Seal what is due on a rail; the ids of the batches."""
        due = queries.due(work.sql, work.tenant_id, rail, work.now)
        found = [self._candidate(work, payment_id) for payment_id in due]
        passed = [candidate for candidate in found if candidate is not None]
        return [
            self._seal(work, rail, execute_on, list(candidates))
            for execute_on, candidates in itertools.groupby(
                sorted(passed, key=lambda one: (one.order.execute_on, one.payment_id)),
                key=lambda one: one.order.execute_on,
            )
        ]

    def recheck(self, work: Work, payment_id: UUID) -> RecheckPayment:
        """All that must still hold, looked at anew."""
        payment = work.load(PAYMENT, payment_id).state
        payer = intake.payer_of(work)
        concerns = [
            Fault("credit_note_arrived", str(note))
            for note in queries.open_credit_notes(
                work.sql, work.tenant_id, payment.invoice.party_id
            )
        ]
        try:
            opened = self._opener.opened(work.tenant_id, payment, payer)
            found = digest(work.tenant_id, payment_id, payment, opened)
            self._probe(payment_id, payment, opened)
        except Rejected as refused:
            concerns.append(Fault(refused.code, "account"))
            found = payment.digest
        except BadBatchError:
            concerns.append(Fault("bank_cannot_carry", "account"))
        return RecheckPayment(
            digest=found,
            approvers=queries.approvers(work.sql, work.tenant_id),
            concerns=tuple(concerns),
            asker_may_prepare=payment.asked_by is not None
            and bool(queries.roles_of(work.sql, work.tenant_id, payment.asked_by) & MAY_PREPARE),
        )

    def _probe(self, payment_id: UUID, payment: Payment, opened: Opened) -> None:
        """One order that the bank's format cannot carry must not stop the others."""
        order = _bank_order(payment_id, payment, opened)
        self._bank.render(BankBatch("probe", opened.debtor_account, (order,)))

    def _candidate(self, work: Work, payment_id: UUID) -> Candidate | None:
        payment = work.load(PAYMENT, payment_id).state
        if payment.state is not State.SCHEDULED:
            return None
        if work.execute(PAYMENT, payment_id, self.recheck(work, payment_id)):
            return None
        if work.execute(PAYMENT, payment_id, intake.schedule_of(work, payment)):
            return None  # too late for its day: it has another one now, and goes then
        payment = work.load(PAYMENT, payment_id).state
        opened = self._opener.opened(work.tenant_id, payment, intake.payer_of(work))
        return Candidate(payment_id, payment, _bank_order(payment_id, payment, opened))

    def _seal(
        self, work: Work, rail: str, execute_on: date, candidates: Sequence[Candidate]
    ) -> UUID:
        payer = intake.payer_of(work)
        debtor_account = self._opener.text(work.tenant_id, payer.account)
        batch_id = batch_id_of(
            work.tenant_id,
            [(one.payment_id, one.payment.revision, one.payment.release + 1) for one in candidates],
        )
        orders = tuple(candidate.order for candidate in candidates)
        body = self._bank.render(BankBatch(batch_id.hex, debtor_account, orders))
        sent = self._bank.parse(body)
        digests = tuple(
            digest_of_sent(work.tenant_id, one.payment_id, one.payment, sent.debtor_account, order)
            for one, order in zip(candidates, sent.orders, strict=True)
        )
        for one, found in zip(candidates, digests, strict=True):
            work.execute(PAYMENT, one.payment_id, _release(batch_id, one, payer, found))
        work.execute(
            BATCH,
            batch_id,
            SealBatch(
                message_id=sent.message_id,
                debtor_account=payer.account,
                debtor_fingerprint=payer.fingerprint,
                rail=rail,
                execute_on=execute_on,
                orders=tuple(_batch_order(candidate) for candidate in candidates),
                asked=tuple((order.end_to_end_id, order.amount) for order in sent.orders),
                digests=digests,
                sha256=sha256(body).hexdigest(),
                body=self._opener.seal_bytes(work.tenant_id, batch_id, body),
            ),
        )
        return batch_id


def _bank_order(payment_id: UUID, payment: Payment, opened: Opened) -> BankOrder:
    return BankOrder(
        end_to_end_id=end_to_end_id(payment_id, payment.revision),
        amount=payment.amount,
        creditor_name=opened.creditor_name,
        instruction=opened.instruction,
        execute_on=payment.execute_on or payment.plan.pay_on,
    )


def _release(batch_id: UUID, one: Candidate, payer: Payer, found: str) -> ReleasePayment:
    return ReleasePayment(
        batch_id=batch_id,
        end_to_end_id=one.order.end_to_end_id,
        debtor_fingerprint=payer.fingerprint,
        digest=found,
        in_transit=payer.in_transit,
    )


def _batch_order(one: Candidate) -> BatchOrder:
    return BatchOrder(
        payment_id=one.payment_id,
        revision=one.payment.revision,
        end_to_end_id=one.order.end_to_end_id,
        amount=one.payment.amount,
        digest=one.payment.digest,
    )
