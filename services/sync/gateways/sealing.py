"""Personal values sealed at the edge: suppliers' names, and where they want their money.

What is sealed has a print beside it, keyed per client, so that equal values are seen to be equal
without being opened. Faults of an instruction are found here, while it is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec

from services.sync.commands import NoteParty
from services.sync.gateways.ledger import (
    PaymentDetails,
    PaymentType,
    Supplier,
    SupplierEntry,
)
from services.sync.model.naming import party_id_of
from services.sync.values import Entry
from shared.contracts.values import Fault, SealedAccount
from shared.references.instruction import (
    InstructionKind,
    PaymentInstruction,
    account_key,
    faults,
)
from shared.references.reading import normalised
from shared.sealed import Sealed
from shared.vault import Vault

_KINDS: Final = {
    PaymentType.BANK_ACCOUNT: InstructionKind.DK_ACCOUNT,
    PaymentType.IBAN: InstructionKind.IBAN,
    PaymentType.FIK_71: InstructionKind.FIK71,
    PaymentType.FIK_73: InstructionKind.FIK73,
    PaymentType.FIK_75: InstructionKind.FIK75,
    PaymentType.GIRO_01: InstructionKind.GIRO01,
    PaymentType.GIRO_04: InstructionKind.GIRO04,
    PaymentType.GIRO_15: InstructionKind.GIRO15,
}
_TYPES: Final = {kind: type_ for type_, kind in _KINDS.items()}
_SHOWN: Final = 4
_MISSING: Final = Fault("missing_details", "account")


@dataclass(frozen=True, slots=True)
class KnownParty:
    """A supplier or customer as told: its name stays sealed as it is."""

    number: int
    name: Sealed


class Sealer:
    """Seals for one client's connection."""

    def __init__(self, vault: Vault, tenant_id: UUID, connection_id: UUID) -> None:
        self._vault = vault
        self._tenant_id = tenant_id
        self._connection_id = connection_id

    def party_print(self, supplier: Supplier) -> str:
        return self._print("supplier", repr(supplier))

    def party(self, supplier: Supplier) -> NoteParty:
        party_id = party_id_of(self._connection_id, supplier.number)
        instruction, _ = instruction_of(supplier.payment_details)
        return NoteParty(
            number=supplier.number,
            name=self._vault.seal(self._tenant_id, party_id, supplier.name),
            blocked=supplier.blocked,
            print=self.party_print(supplier),
            name_print=self.name_print(supplier.name),
            vat_print=self.vat_print(supplier.vat_number),
            account_print=None if instruction is None else self.account_print(instruction),
        )

    def name_print(self, name: str) -> str:
        return self._print("name", " ".join(name.casefold().split()))

    def vat_print(self, number: str | None) -> str | None:
        """By its figures: a country code may stand before them or not. None where it has none."""
        figures = "".join(char for char in number or "" if char.isdigit())
        return self._print("vat", figures) if figures else None

    def account_print(self, instruction: PaymentInstruction) -> str:
        return self._vault.fingerprint(self._tenant_id, account_key(instruction))

    def entry_print(self, entry: SupplierEntry) -> str:
        """What remains, and when it was matched, are told beside the entry and not in its print."""
        facts = msgspec.to_builtins(entry)
        del facts["remaining"], facts["matched_on"]
        return self.print_of("entry", facts)

    def entry(self, entry: SupplierEntry, party: KnownParty) -> Entry:
        party_id = party_id_of(self._connection_id, party.number)
        account, found = (
            self.account(entry.payment_details, party_id) if entry.kind == "invoice" else (None, ())
        )
        return Entry(
            number=entry.entry_number,
            kind=entry.kind.value,
            party_id=party_id,
            party_name=party.name,
            party_number=str(party.number),
            invoice_number=entry.supplier_invoice_number or "",
            year=entry.document.accounting_year,
            voucher=entry.document.number,
            issued_on=entry.dated_on,
            due_on=entry.due_on or entry.dated_on,
            gross=entry.amount,
            account=account,
            faults=found,
            exported_to_bank=entry.exported_to_bank_file,
            historical=not entry.remaining,
            token=entry.token,
            print=self.entry_print(entry),
        )

    def account(
        self, details: PaymentDetails | None, subject: UUID
    ) -> tuple[SealedAccount | None, tuple[Fault, ...]]:
        instruction, found = instruction_of(details)
        if instruction is None:
            return None, found
        return self.instruction(instruction, subject), found

    def instruction(self, instruction: PaymentInstruction, subject: UUID) -> SealedAccount:
        whole = msgspec.json.encode(instruction).decode()
        reference = instruction.reference
        return SealedAccount(
            kind=instruction.kind.value,
            fingerprint=self.account_print(instruction),
            last4=instruction.account[-_SHOWN:],
            sealed=self._vault.seal(self._tenant_id, subject, whole),
            reference_fingerprint=self._print("reference", reference) if reference else None,
        )

    def opened(self, account: SealedAccount) -> PaymentDetails | None:
        """The sealed instruction as payment details to be entered with an invoice.

        None for a rail that the ledger's payment types do not know.
        """
        whole = self._vault.open(self._tenant_id, account.sealed)
        instruction = msgspec.json.decode(whole, type=PaymentInstruction)
        type_ = _TYPES.get(instruction.kind)
        if type_ is None:
            return None
        is_iban = instruction.kind is InstructionKind.IBAN
        return PaymentDetails(
            type=type_,
            creditor="" if is_iban else instruction.account,
            reference=instruction.reference or "",
            iban=instruction.account if is_iban else "",
            bic=instruction.bic or "",
        )

    def print_of(self, kind: str, facts: object) -> str:
        """One print of several facts."""
        return self._print(kind, msgspec.json.encode(facts, order="sorted").decode())

    def _print(self, kind: str, value: str) -> str:
        return self._vault.fingerprint(self._tenant_id, f"{kind}:{value}")


def instruction_of(
    details: PaymentDetails | None,
) -> tuple[PaymentInstruction | None, tuple[Fault, ...]]:
    """Payment details as an instruction with its faults. Domestic accounts are Danish ones."""
    if details is None:
        return None, (_MISSING,)
    kind = _KINDS.get(details.type)
    if kind is None:
        return None, (Fault("payment_type_unknown", "account"),)
    account = details.iban or details.creditor
    if not account:
        return None, (_MISSING,)
    instruction = normalised(kind, account, details.reference or details.message, details.bic)
    found = tuple(Fault(one.code.value, one.field, one.expected) for one in faults(instruction))
    return instruction, found
