"""A client lets us into its ledger: what it says, sealed and recorded."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from services.sync.commands import GiveConsent
from services.sync.model.connection import CONNECTION
from services.sync.model.naming import connection_id_of, run_id_of
from services.sync.values import PayTo, Receivables, ReferenceKind, Settings
from shared.clock import day_of
from shared.decider import Rejected
from shared.references.instruction import InstructionKind, faults
from shared.references.reading import normalised
from shared.vault import Vault
from shared.work import Work


class Accounts(BaseModel):
    """The client's accounts by what they are for."""

    bank: int
    bank_fees: int
    in_transit: int | None = None
    fee_income: int | None = None
    interest_income: int | None = None
    compensation_income: int | None = None


class PaidTo(BaseModel):
    """Where the client's customers pay in one currency; see `services.sync.values.PayTo`."""

    kind: InstructionKind
    currency: str = Field(pattern="^[A-Z]{3}$")
    account: str = Field(min_length=2, max_length=40)
    bic: str | None = Field(default=None, max_length=11)
    digits: int | None = Field(default=None, ge=2, le=25)
    length_digit: bool = False
    check: Literal["mod10", "mod11"] = "mod10"


class CustomersLedger(BaseModel):
    """The customers' side of the mandate; see `services.sync.values.Receivables`."""

    accounts: list[int] = Field(min_length=1, max_length=20)
    pay_to: list[PaidTo] = Field(default_factory=list, max_length=10)
    followed_from: date | None = None
    country: Literal["DK", "SE", "NO", "FI"] = "DK"
    other_reference: ReferenceKind = "case"
    layouts: dict[str, Literal["da", "sv", "nb", "fi", "en"]] = Field(
        default_factory=dict, max_length=50
    )


class Consent(BaseModel):
    """The mandate: into which agreement, by which grant, on which journal and accounts.

    Without `receivables` the customers' ledger stays shut. `institute` and `licence` name who executes the client's payments, and stand with the mandate.
    """

    system: Literal["economic"] = "economic"
    agreement: str = Field(min_length=1, max_length=40)
    grant: str = Field(min_length=1, max_length=400)
    journal: int
    payables_accounts: list[int] = Field(min_length=1, max_length=20)
    accounts: Accounts
    expense_account: int
    vat_code: str | None = Field(default=None, max_length=10)
    institute: str = Field(min_length=1, max_length=120)
    licence: str = Field(min_length=1, max_length=60)
    receivables: CustomersLedger | None = None


def give(work: Work, vault: Vault, consent: Consent, person: UUID) -> None:
    """Record the consent and start the run that tries it. Raises Rejected."""
    connection_id = connection_id_of(work.tenant_id)
    loaded = work.load(CONNECTION, connection_id)
    accounts = consent.accounts.model_dump(exclude_none=True)
    command = GiveConsent(
        system=consent.system,
        agreement=consent.agreement,
        settings=Settings(
            consent.journal,
            tuple(consent.payables_accounts),
            accounts,
            consent.expense_account,
            consent.vat_code,
            _receivables(work, vault, connection_id, consent.receivables),
        ),
        grant=vault.seal(work.tenant_id, connection_id, consent.grant),
        institute=consent.institute,
        licence=consent.licence,
        given_by=person,
        given_on=day_of(work.now, ZoneInfo(loaded.state.time_zone)),
        run_id=run_id_of(connection_id, loaded.version),
        at=work.now,
    )
    work.execute(CONNECTION, connection_id, command)


def _receivables(
    work: Work, vault: Vault, connection_id: UUID, chosen: CustomersLedger | None
) -> Receivables | None:
    if chosen is None:
        return None
    currencies = [one.currency for one in chosen.pay_to]
    if len(set(currencies)) < len(currencies):
        raise Rejected(
            "customers pay to one account in each currency",
            code="currency_twice",
            field="receivables.pay_to",
        )
    return Receivables(
        accounts=tuple(chosen.accounts),
        pay_to=tuple(_paid_to(work, vault, connection_id, one) for one in chosen.pay_to),
        followed_from=chosen.followed_from,
        country=chosen.country,
        other_reference=chosen.other_reference,
        layouts=dict(chosen.layouts),
    )


def _paid_to(work: Work, vault: Vault, connection_id: UUID, one: PaidTo) -> PayTo:
    """Where customers pay goes onto letters, so a number that cannot be right is refused here."""
    instruction = normalised(one.kind, one.account, None, one.bic)
    for fault in faults(instruction):
        if fault.field in {"account", "bic"}:
            raise Rejected(fault.text, code=fault.code.value, field="receivables.pay_to")
    return PayTo(
        kind=one.kind.value,
        currency=one.currency,
        account=vault.seal(work.tenant_id, connection_id, instruction.account),
        bic=instruction.bic,
        digits=one.digits,
        length_digit=one.length_digit,
        check=one.check,
    )
