"""The clients whose customers are followed up: what they are owed, their ways, their agency.

One asks before letters go, as a careful office does; two let them go by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import msgspec

from forfald.demo import customers
from forfald.demo import outside_world as outside
from forfald.demo.outside_world import Company, OutsideWorld
from services.collections.acts import by_hand as collecting
from services.collections.acts.by_hand import Person
from services.collections.app import agencies_of
from services.collections.gateways.opening import Opener
from services.dunning.acts import by_hand as reminding
from services.dunning.acts import settings as following
from services.dunning.model.defaults import TIMELINES
from services.dunning.queries import standing
from services.dunning.registers.portal_links import PortalLinks
from services.dunning.values import ChargePolicy, Country, Mode, ReminderRules
from services.sync.acts import consenting
from services.sync.acts.consenting import Accounts, Consent, CustomersLedger, PaidTo
from services.tenants.acts import demo as cast
from shared.clock import WallClock
from shared.money import Money
from shared.references.instruction import InstructionKind
from shared.runtime import Runtime
from shared.work import Work

# The simulated books' chart of accounts.
_JOURNAL, _PAYABLES, _RECEIVABLES, _EXPENSE = 4, 6800, 5600, 1310
_ACCOUNTS: Final = {"bank": 5820, "bank_fees": 4310, "in_transit": 5825}
_INCOME: Final = {"fee_income": 1311, "interest_income": 4305, "compensation_income": 1315}
_INSTITUTE: Final = "Nordbetaling A/S"
_LICENCE: Final = "FT 34012"
_AGENCY: Final = "debitura"
_ALL: Final = 1000
_STOP_DAYS: Final = 2
"""Banking days in which a person can stop what goes to the agency by itself."""
_HISTORY: Final = timedelta(days=150)
"""What is older than this stands in the books as history."""
_PAY_TO: Final = {
    "DK": PaidTo(kind=InstructionKind.FIK71, currency="DKK", account="80882939"),
    "SE": PaidTo(kind=InstructionKind.BANKGIRO, currency="SEK", account="5050-1055"),
    "NO": PaidTo(kind=InstructionKind.NO_ACCOUNT, currency="NOK", account="86011117947"),
}


@dataclass(frozen=True, slots=True)
class Creditor:
    """A client whose customers are followed up. `mode` says whether its letters wait for a person."""

    tenant_id: UUID
    company: Company
    country: Country
    mode: Mode
    minimum: Money


CREDITORS: Final = (
    Creditor(cast.FJORDVIG.client_id, outside.FJORDVIG, "DK", "ask", Money.of("50", "DKK")),
    Creditor(cast.SODERMALM.client_id, outside.SODERMALM, "SE", "automatic", Money.of("50", "SEK")),
    Creditor(cast.FJELLTOPP.client_id, outside.FJELLTOPP, "NO", "automatic", Money.of("50", "NOK")),
)


def creditor_of(tenant_id: UUID) -> Creditor | None:
    return next((one for one in CREDITORS if one.tenant_id == tenant_id), None)


def consent_of(company: Company, creditor: Creditor | None, today: date) -> Consent:
    """The mandate into a client's ledger, and into its customers' where those are followed up."""
    customers_ledger = None
    if creditor is not None:
        customers_ledger = CustomersLedger(
            accounts=[_RECEIVABLES],
            pay_to=[_PAY_TO[creditor.country]],
            followed_from=today - _HISTORY,
            country=creditor.country,
        )
    return Consent(
        agreement=str(company.agreement),
        grant=company.grant,
        journal=_JOURNAL,
        payables_accounts=[_PAYABLES],
        accounts=Accounts(**_ACCOUNTS, **(_INCOME if creditor else {})),
        expense_account=_EXPENSE,
        vat_code="I25",
        institute=_INSTITUTE,
        licence=_LICENCE,
        receivables=customers_ledger,
    )


class Creditors:
    """`work` does something at a service for a client, as the office's administrator."""

    def __init__(
        self,
        runtimes: Mapping[str, Runtime],
        world: OutsideWorld,
        work: Callable[[str, UUID, Callable[[Work], object]], object],
    ) -> None:
        self._world = world
        self._work = work
        self._runtimes = runtimes
        self._sync = runtimes["sync"]
        surroundings = runtimes["collections"].surroundings
        self._agencies = agencies_of(surroundings)
        self._opener = Opener(surroundings.opened())
        letters = runtimes["dunning"].surroundings
        self._portal = PortalLinks(letters.opened(), WallClock())

    def sell(self, day: date) -> None:
        """What customers owe on the first morning, and how they will pay."""
        for agreement, several in customers.CUSTOMERS.items():
            self._world.keep_cards(agreement, (customer.card for customer in several))
        entries = self._world.sell(customers.SALES, day)
        agreement, customer, amount, since = customers.UNMATCHED
        self._world.pay_on_account(agreement, customer, amount, day + timedelta(days=since))
        agreement, customer, invoice, amount, since = customers.CREDITED
        on = day + timedelta(days=since)
        self._world.credit(agreement, customer, invoice, entries[invoice], amount, on)
        self._world.open_agency()

    def set_up(self, paying: frozenset[UUID]) -> None:
        """Each creditor's ways and its agency; its ledger, unless it is connected for its payables."""
        for creditor in CREDITORS:
            self._ask("dunning", creditor, self._ways(creditor))
            self._ask("collections", creditor, self._agreement(creditor))
            if creditor.tenant_id not in paying:
                self._connect(creditor)

    def send_list(self, creditor: Creditor) -> int:
        """Send every letter that stands on a creditor's list, as its person would; how many."""
        person = cast.METTE.user_id

        def send(work: Work) -> int:
            tenant = creditor.tenant_id
            debtors = standing.listed_debtors(work.sql, tenant, after=UUID(int=0), most=_ALL)
            return reminding.send(work, person, None, debtors, self._portal)

        sent: int = self._runtimes["dunning"].work(creditor.tenant_id, f"user:{person}", send)
        return sent

    def _connect(self, creditor: Creditor) -> None:
        consent = consent_of(creditor.company, creditor, self._sync.clock.now().date())
        vault = self._sync.surroundings.opened()
        self._ask("sync", creditor, lambda work: consenting.give(
            work, vault, consent, cast.SOREN.user_id))  # fmt: skip

    def _ways(self, creditor: Creditor) -> Callable[[Work], None]:
        by = cast.SOREN.user_id
        timeline = msgspec.structs.replace(TIMELINES[creditor.country], mode=creditor.mode)

        def set_ways(work: Work) -> None:
            # Where nobody has verified a rule yet the demonstration shows the mark, and goes on.
            following.set_charges(work, ChargePolicy(fee_clause=True, accept_unverified=True), by)
            following.define_timeline(work, timeline, by)
            following.set_rules(work, ReminderRules(minimum=(creditor.minimum,)), by)

        return set_ways

    def _agreement(self, creditor: Creditor) -> Callable[[Work], None]:
        person = Person(cast.SOREN.user_id, frozenset({"administrator"}))
        key = outside.AGENCY_KEYS[creditor.company.agreement]

        def offer(work: Work) -> None:
            collecting.offer_agreement(
                work, self._agencies, self._opener, person, _AGENCY, key, cast.SOREN.email
            )
            automatic = creditor.mode == "automatic"
            collecting.set_ways(work, person, automatic=automatic, stop_days=_STOP_DAYS)

        return offer

    def _ask(self, service: str, creditor: Creditor, command: Callable[[Work], None]) -> None:
        self._work(service, creditor.tenant_id, command)
