"""From a client's consent to its ledger: one adapter per system, opened under the client's grant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from services.sync.events import ConsentGiven
from services.sync.gateways.economic import EconomicLedger, EconomicSettings
from services.sync.gateways.source import AccountingSource
from services.sync.gateways.transport import Credentials, EconomicHttp, Hosts
from shared.clock import Clock
from shared.vault import Vault

OpenLedger = Callable[[UUID, ConsentGiven], AccountingSource]


@dataclass(frozen=True, slots=True)
class EconomicApp:
    """Our registration with the vendor. `hosts` differ where a simulator stands in for it."""

    secret: str
    hosts: Hosts
    timeout_seconds: float = 30


class Ledgers:
    """Opened ledgers, one per client and grant, so that a vendor's wish to be left alone is kept.

    `clock` is the wall clock. Used by one thread at a time: the worker of effects.
    """

    def __init__(self, vault: Vault, clock: Clock, economic: EconomicApp) -> None:
        self._vault = vault
        self._clock = clock
        self._economic = economic
        self._opened: dict[UUID, tuple[ConsentGiven, AccountingSource]] = {}

    def open(self, tenant_id: UUID, consent: ConsentGiven) -> AccountingSource:
        known = self._opened.get(tenant_id)
        if known is None or known[0] != consent:
            known = (consent, self._economic_ledger(tenant_id, consent))
            self._opened[tenant_id] = known
        return known[1]

    def _economic_ledger(self, tenant_id: UUID, consent: ConsentGiven) -> AccountingSource:
        grant = self._vault.open(tenant_id, consent.grant)
        app, chosen = self._economic, consent.settings
        http = EconomicHttp(
            Credentials(app.secret, grant), self._clock, app.hosts, app.timeout_seconds
        )
        receivables = chosen.receivables.accounts if chosen.receivables else ()
        settings = EconomicSettings(
            consent.agreement, chosen.journal, chosen.payables_accounts, receivables
        )
        return EconomicLedger(http, settings)
