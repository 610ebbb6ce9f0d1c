"""A client with an office: a ledger, approvers with a key, a bank; the test says what each does."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.payments import queries
from services.payments.acts import by_hand, intake
from services.payments.acts.releasing import Releaser
from services.payments.app import build_with
from services.payments.gateways.bank import Bank
from services.payments.gateways.opening import Opener
from services.payments.model.order import Payment
from services.payments.model.payment import PAYMENT
from services.payments.queries import Payable
from services.payments.values import State
from shared.contracts.approvals import ApprovalPolicyChanged, PaymentApproved
from shared.contracts.base import Contract
from shared.contracts.payments import ApprovalSought, OrderToApprove, PaymentPostingSought
from shared.contracts.sync import CreditNoteBooked, InvoiceBooked, VoucherPosted
from shared.contracts.tenants import ClientAttached, RoleGranted
from shared.contracts.values import Copy, Fault, Grant, PolicyTier, SealedAccount
from shared.evidence import sign
from shared.money import Money
from shared.postgres import Server
from shared.references.instruction import InstructionKind, PaymentInstruction, account_key
from shared.testing.stand_in import say, stand_in
from shared.testing.world import World
from tests.payments.fakes import FakeBank

# A Monday, 09:00 in Copenhagen.
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
DEBTOR = "DK5000400440116243"
ACCOUNT = "34090012400781"
FIK = PaymentInstruction(InstructionKind.FIK71, "80882939", "026840149965328")

T = TypeVar("T", bound=Contract)


def dkk(amount: str) -> Money:
    return Money.of(amount, "DKK")


@dataclass
class Office:
    world: World
    bank: Any
    key: Ed25519PrivateKey
    tenant: UUID = field(default_factory=uuid4)
    anna: UUID = field(default_factory=uuid4)
    bo: UUID = field(default_factory=uuid4)
    carla: UUID = field(default_factory=uuid4)
    suppliers: dict[str, UUID] = field(default_factory=dict)

    @property
    def opener(self) -> Opener:
        return Opener(self.world.vault)

    @property
    def releaser(self) -> Releaser:
        return Releaser(self.bank, self.opener)

    def open(self, *, in_transit: bool = False, tiers: Sequence[PolicyTier] = ()) -> None:
        """Anna keeps the books; Bo and Carla approve; one yes is enough unless `tiers` says more."""
        attached = ClientAttached(
            client_id=self.tenant,
            agency_id=uuid4(),
            name="Anna",
            country="DK",
            time_zone="Europe/Copenhagen",
            language="da",
        )
        roles = [(self.anna, "bookkeeper"), (self.bo, "approver"), (self.carla, "approver")]
        self.say(attached, *(self.role(user, role) for user, role in roles))
        policy = tuple(tiers) or (PolicyTier("DKK", 0, 1),)
        self.say(
            ApprovalPolicyChanged(version=1, tiers=policy, effective_at=self.world.clock.now())
        )
        self.world.settle()
        self.do(
            lambda work: by_hand.set_up_payer(
                work, self.opener, self.anna, DEBTOR, in_transit=in_transit
            )
        )

    def role(self, user: UUID, role: str) -> RoleGranted:
        return RoleGranted(user_id=user, client_id=self.tenant, role=role)

    def say(self, *contracts: Contract) -> None:
        for contract in contracts:
            say(self.world, self.tenant, contract, about=getattr(contract, "party_id", None))

    def do(self, command: Any, by: UUID | None = None) -> Any:
        """Anna does it, or whoever is named."""
        return self.world.work("payments", self.tenant, command, f"user:{by or self.anna}")

    def account(self, instruction: PaymentInstruction, subject: UUID) -> SealedAccount:
        vault = self.world.vault
        text = msgspec.json.encode(instruction).decode()
        reference = instruction.reference
        return SealedAccount(
            kind=instruction.kind.value,
            fingerprint=vault.fingerprint(self.tenant, account_key(instruction)),
            last4=instruction.account[-4:],
            sealed=vault.seal(self.tenant, subject, text),
            reference_fingerprint=vault.fingerprint(self.tenant, reference) if reference else None,
        )

    def invoice(
        self,
        number: str = "A-100",
        amount: str = "1250.00",
        *,
        supplier: str = "7",
        pays_to: PaymentInstruction | None = None,
        unpayable: bool = False,
        due_on: date = date(2026, 3, 10),
        issued_on: date = date(2026, 2, 10),
        remaining: str | None = None,
        invoice_id: UUID | None = None,
        faults: Sequence[Fault] = (),
        exported: bool = False,
        copy_of: Copy | None = None,
    ) -> InvoiceBooked:
        party = self.suppliers.setdefault(supplier, uuid4())
        to = pays_to or PaymentInstruction(InstructionKind.DK_ACCOUNT, ACCOUNT, number)
        return InvoiceBooked(
            invoice_id=invoice_id or uuid4(),
            side="payable",
            party_id=party,
            party_name=self.world.vault.seal(self.tenant, party, f"Leverandør {supplier} ApS"),
            party_number=supplier,
            number=number,
            voucher="V1",
            issued_on=issued_on,
            due_on=due_on,
            gross=dkk(amount),
            remaining=dkk(remaining or amount),
            account=None if unpayable else self.account(to, party),
            faults=tuple(faults),
            exported_to_bank=exported,
            copy_of=copy_of,
        )

    def credit_note(self, amount: str = "250.00", *, supplier: str = "7") -> CreditNoteBooked:
        return CreditNoteBooked(
            credit_note_id=uuid4(),
            side="payable",
            party_id=self.suppliers[supplier],
            number="K-1",
            voucher="V2",
            issued_on=date(2026, 3, 2),
            gross=dkk(amount),
            remaining=dkk(amount),
        )

    def book(self, number: str = "A-100", amount: str = "1250.00", **facts: Any) -> UUID:
        """An invoice is booked in the ledger; the id of the order that came of it."""
        booked = self.invoice(number, amount, **facts)
        self.say(booked)
        self.world.settle()
        return self.order_of(booked.invoice_id)

    def order_of(self, invoice_id: UUID, attempt: int = 1) -> UUID:
        return intake.payment_id_of(self.tenant, invoice_id, attempt)

    def ask(self, *payments: UUID) -> ApprovalSought:
        """Anna puts orders to the approvers; what these are told."""
        request = uuid4()
        self.do(lambda work: by_hand.ask_approval(work, self.opener, request, self.anna, payments))
        return self.told(ApprovalSought)[-1]

    def grant(self, order: OrderToApprove, by: UUID, **changes: Any) -> Grant:
        facts: dict[str, Any] = {
            "payment_id": order.payment_id,
            "revision": order.revision,
            "digest": order.digest,
            "approver_id": by,
            "granted_at": self.world.clock.now(),
            "method": "passkey",
            "policy_version": 1,
            "key_id": "test",
            "signature": "",
        }
        return sign(self.tenant, Grant(**{**facts, **changes}), self.key)

    def approval(self, sought: ApprovalSought, order: OrderToApprove, *by: UUID) -> PaymentApproved:
        return PaymentApproved(
            request_id=sought.request_id,
            payment_id=order.payment_id,
            revision=order.revision,
            digest=order.digest,
            evidence=tuple(self.grant(order, person) for person in by),
        )

    def approve(self, *payments: UUID, by: Sequence[UUID] = ()) -> ApprovalSought:
        """Anna asks, Bo says yes (or whoever is named)."""
        sought = self.ask(*payments)
        for order in sought.orders:
            self.say(self.approval(sought, order, *(by or (self.bo,))))
        self.world.settle()
        return sought

    def told(self, kind: type[T]) -> list[T]:
        """What payments has told of a kind, in order."""
        with self.world.runtimes["payments"].app.transaction([self.tenant]) as transaction:
            rows = transaction.raw.execute(
                "select headers, body from outbox order by position"
            ).fetchall()
        return [
            kind.model_validate_json(bytes(body))
            for headers, body in rows
            if kind.type_name.encode() in bytes(headers)
        ]

    def payment(self, payment_id: UUID) -> Payment:
        found: Payment = self.do(lambda work: work.load(PAYMENT, payment_id).state)
        return found

    def state(self, payment_id: UUID) -> State:
        """Where an order is, by its history and by the list alike."""
        state = self.payment(payment_id).state
        shown = self.shown(payment_id)
        assert shown.state is state, f"the list says {shown.state}, the history {state}"
        return state

    def shown(self, payment_id: UUID) -> Payable:
        found: Payable | None = self.do(
            lambda work: queries.payable(work.sql, self.tenant, payment_id)
        )
        assert found is not None
        return found

    def events(self, payment_id: UUID) -> list[str]:
        return [
            type(recorded.event).__name__
            for recorded in self.do(lambda work: work.history(payment_id))
        ]

    def until(self, instant: datetime) -> None:
        """Hear what was said, then go to an instant, where everybody does what is due."""
        self.world.settle()
        self.world.clock.move_to(instant)
        self.world.settle()

    def post(self, sought: PaymentPostingSought, voucher: str = "V9") -> None:
        posted = VoucherPosted(
            posting_id=sought.posting_id,
            token=sought.token,
            voucher=voucher,
            posted_on=sought.voucher_on,
        )
        self.say(posted)
        self.world.settle()


@contextmanager
def office_on(
    server: Server,
    bank: Bank | None = None,
    settings: Mapping[str, str] | None = None,
    **opening: Any,
) -> Iterator[Office]:
    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    bank = bank or FakeBank()
    services = [
        build_with(bank),
        stand_in("sync"),
        stand_in("approvals"),
        stand_in("tenants"),
    ]
    known = {"approvals_public_key": public, **(settings or {})}
    with World(server, services, START, known) as world:
        found = Office(world, bank, key)
        found.open(**opening)
        yield found
