"""The way to a client's ledger, and what its errors mean for an effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.sync import queries
from services.sync.gateways import errors
from services.sync.gateways.ledgers import OpenLedger
from services.sync.gateways.source import AccountingSource
from shared.database import Database
from shared.effects.worker import Later, Outcome, Refused
from shared.vault import Vault

_LONGEST_WAIT: Final = timedelta(hours=4)
_DOUBLED_MAX: Final = 8


class NotConnected(errors.LedgerError):
    """There is no consent to come in by."""


@dataclass(frozen=True, slots=True)
class Door:
    """What every performer is given. `database` is the service's own, asked between calls."""

    open_ledger: OpenLedger
    database: Database
    vault: Vault

    def ledger(self, tenant_id: UUID) -> AccountingSource:
        with self.database.transaction([tenant_id]) as transaction:
            row = queries.connection(transaction.sql, tenant_id)
        if row is None or row.consent is None:
            raise NotConnected("the client has not let us into a ledger")
        return self.open_ledger(tenant_id, row.consent)


def refusal(error: errors.LedgerError) -> Refused:
    """An error that asking again does not mend, as a stable code and its text."""
    match error:
        case errors.NeedsConsent():
            return Refused("needs_consent", str(error))
        case errors.AccessDenied():
            return Refused("access_denied", str(error))
        case errors.WrongAgreement():
            return Refused("wrong_agreement", str(error))
        case errors.Refused():
            return Refused(error.code, error.text)
        case errors.Unreadable():
            return Refused("unreadable", str(error))
        case errors.Gone():
            return Refused("gone", str(error))
        case _:
            return Refused("not_connected", str(error))


def is_passing(error: errors.LedgerError) -> bool:
    """Whether nothing was done, and the same call may be made again."""
    return isinstance(error, errors.Transient | errors.NotSent)


def later(
    error: errors.LedgerError, attempt: int, now: datetime, *, patient: bool = False
) -> Outcome:
    """Again when the vendor says, else after two minutes, four, eight, up to four hours."""
    asked = error.retry_after if isinstance(error, errors.Transient) else None
    wait = asked or min(timedelta(minutes=2 ** min(attempt, _DOUBLED_MAX)), _LONGEST_WAIT)
    return Later(str(error), now + wait, patient)


def answer(error: errors.LedgerError, attempt: int, now: datetime) -> Outcome:
    """What an error means where something was only read: again later, or not at all."""
    return later(error, attempt, now) if is_passing(error) else refusal(error)
