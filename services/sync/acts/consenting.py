"""A client lets us into its ledger: what it says, sealed and recorded."""

from __future__ import annotations

from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from services.sync.commands import GiveConsent
from services.sync.model.connection import CONNECTION
from services.sync.model.naming import connection_id_of, run_id_of
from services.sync.values import Settings
from shared.clock import day_of
from shared.vault import Vault
from shared.work import Work


class Accounts(BaseModel):
    """The client's accounts by what they are for."""

    bank: int
    bank_fees: int
    in_transit: int | None = None


class Consent(BaseModel):
    """The mandate: into which agreement, by which grant, on which journal and accounts.

    `institute` and `licence` name who executes the client's payments, and stand with the mandate.
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


def give(work: Work, vault: Vault, consent: Consent, person: UUID) -> None:
    """Record the consent and start the run that tries it."""
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
