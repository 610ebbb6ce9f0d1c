"""Where personal values are opened: to compute a digest, and to write to the bank. Nowhere else.

A payee's name is brought to what a bank carries before it is approved, so that what is approved is
what is sent, letter for letter.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from uuid import UUID

import msgspec

from services.payments.gateways.bank import BankOrder
from services.payments.model.order import Payment
from services.payments.model.payer import Payer
from shared.decider import Rejected
from shared.evidence import Approvable, digest_of
from shared.references.instruction import PaymentInstruction
from shared.sealed import Erased, Sealed
from shared.vault import Vault

_NAME_LENGTH = 70


@dataclass(frozen=True, slots=True)
class Opened:
    """The values of one order that are sealed everywhere else."""

    debtor_account: str
    creditor_name: str
    instruction: PaymentInstruction


class Opener:
    def __init__(self, vault: Vault) -> None:
        self.vault = vault

    def text(self, tenant_id: UUID, sealed: Sealed) -> str:
        opened = self.vault.open(tenant_id, sealed)
        if isinstance(opened, Erased):
            raise Rejected("the payee has been forgotten", code="payee_erased")
        return opened

    def opened(self, tenant_id: UUID, payment: Payment, payer: Payer) -> Opened:
        account = payment.invoice.account
        if account is None:
            raise Rejected("there is no account to pay to", code="missing_details")
        instruction = msgspec.json.decode(
            self.text(tenant_id, account.sealed), type=PaymentInstruction
        )
        return Opened(
            debtor_account=self.text(tenant_id, payer.account),
            creditor_name=carried(self.text(tenant_id, payment.invoice.party_name)),
            instruction=instruction,
        )

    def seal_bytes(self, tenant_id: UUID, subject: UUID, body: bytes) -> Sealed:
        return self.vault.seal(tenant_id, subject, base64.b64encode(body).decode())

    def open_bytes(self, tenant_id: UUID, sealed: Sealed) -> bytes:
        return base64.b64decode(self.text(tenant_id, sealed))

    def digest(self, tenant_id: UUID, payment_id: UUID, payment: Payment, payer: Payer) -> str:
        """The digest of the order as it stands now."""
        opened = self.opened(tenant_id, payment, payer)
        return digest(tenant_id, payment_id, payment, opened)


def carried(name: str) -> str:
    """A name as banks carry it: printable, single spaces, at most 70 characters (ISO 20022 Nm is 140
    long, domestic rails take 70; unverified per bank).
    """
    printable = "".join(letter if letter.isprintable() else " " for letter in name)
    return " ".join(printable.split())[:_NAME_LENGTH].rstrip()


def account_text(instruction: PaymentInstruction) -> str:
    """The account as sent: with the payee's bank where the instruction names it."""
    bic = f"/{instruction.bic}" if instruction.bic else ""
    return f"{instruction.account}{bic}"


def digest(tenant_id: UUID, payment_id: UUID, payment: Payment, opened: Opened) -> str:
    return digest_of(
        Approvable(
            tenant_id=tenant_id,
            debtor_account=opened.debtor_account,
            payment_id=payment_id,
            revision=payment.revision,
            amount=payment.amount,
            creditor_name=opened.creditor_name,
            rail=opened.instruction.kind.value,
            account=account_text(opened.instruction),
            reference=opened.instruction.reference,
            pay_on=payment.plan.pay_on,
        )
    )


def digest_of_sent(
    tenant_id: UUID, payment_id: UUID, payment: Payment, debtor_account: str, sent: BankOrder
) -> str:
    """The digest of what sealed bytes ask for. An execution day before the approved one voids it."""
    return digest_of(
        Approvable(
            tenant_id=tenant_id,
            debtor_account=debtor_account,
            payment_id=payment_id,
            revision=payment.revision,
            amount=sent.amount,
            creditor_name=sent.creditor_name,
            rail=sent.instruction.kind.value,
            account=account_text(sent.instruction),
            reference=sent.instruction.reference,
            pay_on=min(payment.plan.pay_on, sent.execute_on),
        )
    )
