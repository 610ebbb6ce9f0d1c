"""A document on its way in: read, sealed, kept as it came. What is no invoice is not kept."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from services.sync.commands import ReceiveDocument
from services.sync.gateways import copies
from services.sync.gateways.sealing import Sealer
from services.sync.model.document import DOCUMENT
from services.sync.model.einvoice import EInvoice, Party
from services.sync.model.naming import connection_id_of, document_id_of, party_id_of
from services.sync.model.ubl import read
from services.sync.queries import Suppliers
from services.sync.values import Reading
from shared.contracts.values import Fault
from shared.vault import Vault
from shared.work import Work

MEDIA_TYPE: Final = "application/xml"


def receive(work: Work, vault: Vault, document: bytes) -> UUID:
    """Take a document in; the same one again changes nothing.

    Raises UnsafeXml or NotAnInvoice: then nothing is kept.
    """
    einvoice = read(document)
    copy_of = copies.copy_of(document, MEDIA_TYPE)
    document_id = document_id_of(work.tenant_id, copy_of.sha256)
    if work.load(DOCUMENT, document_id).state.state != "new":
        return document_id
    copies.keep(work.raw, work.tenant_id, document, MEDIA_TYPE)
    reading = _reading(work, vault, einvoice, document_id)
    work.execute(DOCUMENT, document_id, ReceiveDocument(copy_of, reading))
    return document_id


def _reading(work: Work, vault: Vault, einvoice: EInvoice, document_id: UUID) -> Reading:
    connection_id = connection_id_of(work.tenant_id)
    sealer = Sealer(vault, work.tenant_id, connection_id)
    supplier = _supplier(Suppliers.of(work.sql, work.tenant_id), sealer, einvoice)
    subject = document_id if supplier is None else party_id_of(connection_id, supplier)
    name = (einvoice.payee or einvoice.seller).name
    instruction = einvoice.instruction
    return Reading(
        kind=einvoice.kind.value,
        number=einvoice.number,
        sender=vault.seal(work.tenant_id, subject, name),
        issued_on=einvoice.issued_on,
        due_on=einvoice.due_on,
        payable=einvoice.to_pay,
        confidence=str(min((field.confidence for field in einvoice.fields), default=0)),
        taxed=bool(einvoice.totals.tax),
        account=None if instruction is None else sealer.instruction(instruction, subject),
        faults=tuple(Fault(str(one.code), one.field) for one in einvoice.findings if one.blocks),
        supplier_number=supplier,
    )


def _supplier(known: Suppliers, sealer: Sealer, einvoice: EInvoice) -> int | None:
    """The one supplier of the ledger that fits: by VAT number, else by account, else by name."""
    seller = einvoice.seller
    found = None
    for number in (seller.vat, seller.identifier):
        print_ = sealer.vat_print(number)
        found = found or (known.by_vat.get(print_) if print_ else None)
    if found is None and einvoice.instruction is not None:
        found = known.by_account.get(sealer.account_print(einvoice.instruction))
    return found or _by_name(known, sealer, seller)


def _by_name(known: Suppliers, sealer: Sealer, seller: Party) -> int | None:
    return known.by_name.get(sealer.name_print(seller.name)) if seller.name else None
