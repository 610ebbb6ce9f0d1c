"""Customers' cards and entries, judged while they are open and sealed before they are recorded.

What is wrong with a way to reach somebody, and whose law protects them, is found here: afterwards
nobody can see it.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from services.sync.commands import NoteCustomer
from services.sync.gateways.receivables import Customer, CustomerEntry, SalesDocument
from services.sync.gateways.sealing import KnownParty, Sealer
from services.sync.model.naming import customer_id_of
from services.sync.model.references import references_in
from services.sync.values import Entry, PayTo, Receivables
from shared.contracts.values import Fault, SealedAccount, SealedReference
from shared.references import contact, id_numbers
from shared.references.billing import reference_of
from shared.references.instruction import InstructionKind
from shared.references.reading import normalised
from shared.sealed import Sealed
from shared.vault import Vault

LANGUAGES: Final = {"DK": "da", "FO": "da", "GL": "da", "SE": "sv", "NO": "nb", "FI": "fi"}


class CustomerSealer:
    """Seals for one client's connection, by what the client chose for its customers' ledger."""

    def __init__(
        self, vault: Vault, tenant_id: UUID, connection_id: UUID, chosen: Receivables
    ) -> None:
        self._vault = vault
        self._tenant_id = tenant_id
        self._connection_id = connection_id
        self._chosen = chosen
        self._sealer = Sealer(vault, tenant_id, connection_id)
        self._pay_to: dict[str, tuple[PayTo, str]] = {
            one.currency: (one, vault.open(tenant_id, one.account)) for one in chosen.pay_to
        }

    def card_print(self, customer: Customer) -> str:
        """When the card was last looked at is none of its facts; how it is read is one."""
        facts = msgspec.to_builtins(customer)
        del facts["updated_at"]
        facts["read_by"] = (self._chosen.country, sorted(self._chosen.layouts.items()))
        return self._sealer.print_of("customer", facts)

    def card(self, customer: Customer) -> NoteCustomer:
        subject = customer_id_of(self._connection_id, customer.number)
        written = customer.country.strip()
        country = contact.country_of(written) if written else self._chosen.country
        number = id_numbers.read(country or "", customer.identification)
        mobile = contact.mobile(customer.mobile, country)
        return NoteCustomer(
            number=customer.number,
            name=self._seal(subject, customer.name),
            blocked=customer.blocked,
            kind=number.kind,
            country=country,
            language=self._language(customer, country),
            currency=customer.currency,
            email=self._sealed(subject, customer.email.strip()),
            mobile=self._sealed(subject, mobile or ""),
            address=self._address(subject, customer, country),
            id_number=self._sealed(subject, number.number),
            faults=_faults(customer, country, number, mobile),
            print=self.card_print(customer),
        )

    def entry_print(self, entry: CustomerEntry) -> str:
        """What remains, and when it was matched, are told beside the entry and not in its print."""
        facts = msgspec.to_builtins(entry)
        del facts["remaining"], facts["matched_on"]
        paid_to = self._pay_to.get(entry.amount.currency) if entry.kind == "invoice" else None
        if paid_to is not None:
            one, account = paid_to
            facts["pay_to"] = [
                one.kind, account, one.bic, one.digits, one.length_digit, one.check
            ]  # fmt: skip
        return self._sealer.print_of("entry", facts)

    def entry(
        self,
        entry: CustomerEntry,
        party: KnownParty,
        document: SalesDocument | None,
        corrects: UUID | None,
    ) -> Entry:
        subject = customer_id_of(self._connection_id, party.number)
        is_invoice = entry.kind == "invoice"
        number = str(entry.invoice_number or "")
        return Entry(
            number=entry.entry_number,
            kind=entry.kind.value,
            party_id=subject,
            party_name=party.name,
            party_number=str(party.number),
            invoice_number=number,
            year=entry.voucher.accounting_year,
            voucher=entry.voucher.number,
            issued_on=entry.dated_on,
            due_on=entry.due_on or entry.dated_on,
            gross=entry.amount,
            account=self._account(entry, number, subject) if is_invoice else None,
            faults=(),
            exported_to_bank=False,
            historical=self._is_history(entry),
            token=entry.mark,
            print=self.entry_print(entry),
            side="receivable",
            entered_on=entry.created_on,
            gross_in_base=entry.amount_in_base,
            due_basis="agreed" if entry.due_on else "statutory",
            references=self._references(document, subject),
            corrects=corrects,
            documented=document is not None,
        )

    def _is_history(self, entry: CustomerEntry) -> bool:
        """Entered before the client let us in, or before the day that it named, open or settled.

        What is settled and was entered since is no history: unmatched, it is owed like any other.
        """
        followed_from = self._chosen.followed_from
        return followed_from is not None and entry.created_on < followed_from

    def _account(self, entry: CustomerEntry, number: str, subject: UUID) -> SealedAccount | None:
        """Where the customer pays, under the invoice's own reference; None without a sound one."""
        paid_to = self._pay_to.get(entry.amount.currency)
        if paid_to is None or not number:
            return None
        one, written = paid_to
        kind = InstructionKind(one.kind)
        account = normalised(kind, written).account
        reference = reference_of(
            kind,
            account,
            number,
            digits=one.digits,
            length_digit=one.length_digit,
            modulus=10 if one.check == "mod10" else 11,
        )
        if reference is None:
            return None
        return self._sealer.instruction(normalised(kind, account, reference, one.bic), subject)

    def _references(
        self, document: SalesDocument | None, subject: UUID
    ) -> tuple[SealedReference, ...]:
        if document is None:
            return ()
        found = references_in(document.other_reference, self._chosen.other_reference)
        return tuple(SealedReference(kind, self._seal(subject, value)) for kind, value in found)

    def _language(self, customer: Customer, country: str | None) -> str:
        chosen = self._chosen.layouts.get(str(customer.layout))
        return chosen or LANGUAGES.get(country or "", "en")

    def _address(self, subject: UUID, customer: Customer, country: str | None) -> Sealed | None:
        parts = {
            "street": customer.street.strip(),
            "postal_code": customer.postal_code.strip(),
            "city": customer.city.strip(),
            "country": country or customer.country.strip(),
        }
        if not (parts["street"] or parts["postal_code"] or parts["city"]):
            return None
        return self._seal(subject, msgspec.json.encode(parts).decode())

    def _seal(self, subject: UUID, value: str) -> Sealed:
        return self._vault.seal(self._tenant_id, subject, value)

    def _sealed(self, subject: UUID, value: str) -> Sealed | None:
        return self._seal(subject, value) if value else None


def _faults(
    customer: Customer,
    country: str | None,
    number: id_numbers.IdNumber,
    mobile: str | None,
) -> tuple[Fault, ...]:
    """What is wrong with a card; whatever is wrong with a part of the address is with all of it.

    A mobile number may be missing: few letters go by text message.
    """
    if any(part.strip() for part in (customer.street, customer.postal_code, customer.city)):
        found = [
            Fault(f"{defect.field}_{defect.code}", "address")
            for defect in contact.address_defects(
                customer.street, customer.postal_code, customer.city, country
            )
        ]
    else:
        found = [Fault("missing", "address")]
    email = customer.email.strip()
    if not email:
        found.append(Fault("missing", "email"))
    elif not contact.is_email(email):
        found.append(Fault("invalid", "email"))
    if customer.mobile.strip() and mobile is None:
        found.append(Fault("invalid", "mobile"))
    if not number.number:
        found.append(Fault("missing", "id_number"))
    elif number.kind is None and id_numbers.is_known(country or ""):
        found.append(Fault("invalid", "id_number"))
    return tuple(found)
