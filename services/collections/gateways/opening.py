"""What stands sealed, opened for the agency and for nobody else."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import msgspec

from services.collections.events.beside import DebtorLearnt
from services.collections.gateways.agency import (
    BadCaseError,
    ClaimDetails,
    DebtorDetails,
    Submission,
)
from services.collections.values import ClaimFacts, SentClaim
from shared.sealed import Erased, Sealed
from shared.vault import Vault


class Address(msgspec.Struct, frozen=True):
    """As the ledger's master data has it."""

    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Opener:
    vault: Vault

    def text(self, tenant_id: UUID, value: Sealed) -> str:
        return self.vault.open(tenant_id, value)

    def seal_bytes(self, tenant_id: UUID, debtor_id: UUID, body: bytes) -> Sealed:
        """Bytes about a debtor: whoever forgets the debtor forgets them too."""
        return self.vault.seal(tenant_id, debtor_id, base64.b64encode(body).decode())

    def open_bytes(self, tenant_id: UUID, value: Sealed) -> bytes | None:
        """None once the debtor has been forgotten."""
        text = self.vault.open(tenant_id, value)
        return None if isinstance(text, Erased) else base64.b64decode(text)

    def submission(
        self,
        tenant_id: UUID,
        reference: str,
        debtor: DebtorLearnt,
        facts: ClaimFacts,
        claims: tuple[SentClaim, ...],
        contact: Sealed,
        on: date,
    ) -> Submission:
        """A case in clear, for the agency's own form. BadCaseError where the debtor is forgotten."""
        return Submission(
            reference=reference,
            debtor=self._debtor(tenant_id, debtor, facts),
            claims=tuple(
                ClaimDetails(
                    claim.number,
                    claim.issued_on,
                    claim.due_on,
                    claim.principal,
                    claim.charges,
                    claim.interest,
                )
                for claim in claims
            ),
            on=on,
            contact_email=self.text(tenant_id, contact),
        )

    def _debtor(self, tenant_id: UUID, debtor: DebtorLearnt, facts: ClaimFacts) -> DebtorDetails:
        name = self.vault.open(tenant_id, debtor.name)
        if isinstance(name, Erased):
            raise BadCaseError("this debtor has been forgotten")
        address = Address()
        if debtor.address is not None:
            whole = self.vault.open(tenant_id, debtor.address)
            address = msgspec.json.decode(whole, type=Address)

        def opened(value: Sealed | None) -> str | None:
            return None if value is None else self.vault.open(tenant_id, value)

        return DebtorDetails(
            is_company=facts.debtor_kind == "company",
            name=name,
            country=address.country or debtor.country or facts.country,
            street=address.street,
            postal_code=address.postal_code,
            city=address.city,
            email=opened(debtor.email),
            phone=opened(debtor.mobile),
            id_number=opened(debtor.id_number),
        )
