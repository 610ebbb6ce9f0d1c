"""A creditor whose ledger, letters and agency are played by the test, day by day.

    house.invoice("1001", "10000.00", due="2026-03-02")
    house.until("2026-03-10").sees("ReminderDue 1001")

The list is made at seven and goes at nine; letters leave at once and the ledger answers at once, save
where a test says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

import msgspec

from services.dunning.acts import changing, sending
from services.dunning.acts.gathering import terms_of
from services.dunning.app import build
from services.dunning.commands.creditor import (
    DefineTimeline,
    SetChargePolicy,
    SetReminderRules,
    SetWriteOffRules,
)
from services.dunning.commands.debtor import AssignTimeline
from services.dunning.commands.receivable import ReceivableCommand
from services.dunning.model.creditor import CREDITOR
from services.dunning.model.debtor import DEBTOR
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.naming import creditor_id_of, line_token
from services.dunning.model.receivable import Receivable
from services.dunning.queries import standing as queries
from services.dunning.values import ChargePolicy, ReminderRules, Terms, Timeline, WriteOffRules
from shared.contracts.base import CONTRACTS, Contract
from shared.contracts.collections import CaseClaim, CaseRecalled, CaseSentToCollection
from shared.contracts.notifications import (
    NoticeFailed,
    NoticeOutcomeUnknown,
    NoticeSent,
    NoticeWithheld,
)
from shared.contracts.sync import (
    Allocation,
    ChargeEntryBooked,
    CreditNoteBooked,
    InvoiceBooked,
    ItemsMatched,
    LedgerDriftCleared,
    LedgerDriftDetected,
    LedgerPaymentBooked,
    OpenItemsChecked,
    PartyChanged,
    SyncCompleted,
    VoucherPosted,
)
from shared.contracts.tenants import ClientAttached
from shared.contracts.values import RunCounts
from shared.money import Money
from shared.postgres import Server
from shared.testing.stand_in import say, stand_in
from shared.testing.visiting import JWKS
from shared.testing.world import World

# A Monday, one o'clock at night in Copenhagen.
START = datetime(2026, 3, 2, 0, tzinfo=UTC)
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
ANNA = UUID(int=7)
CLIENT = UUID(int=1)
_NEXT_DUE = "select min(due_at) from due where tenant_id = %s and done_at is null"
_SPOKEN = """
    select o.position, o.headers, o.body from outbox o where o.tenant_id = %s and o.position > %s
    order by o.position
"""


@dataclass
class Known:
    """An invoice, as the test's ledger has it."""

    invoice_id: UUID
    debtor_id: UUID
    number: str
    gross: Money
    due_on: date
    allocations: list[Allocation] = field(default_factory=list)

    @property
    def remaining(self) -> Money:
        left = self.gross
        for one in self.allocations:
            left -= one.amount
        return left


_UNSAID = frozenset(
    {"ChargePostingSought", "OpenItemsCheckSought", "ReminderListPublished", "ReportPublished"}
)
"""What comes every day or month, whatever a test is about."""


@dataclass
class Seen:
    """What dunning has told since one last looked."""

    told: list[str]

    def sees(self, *expected: str) -> None:
        """Exactly these, in this order."""
        assert self.told == list(expected)


@dataclass
class House:
    world: World
    tenant: UUID = CLIENT
    invoices: dict[str, Known] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)
    looked: int = 0
    letters_leave: bool = True
    recalls_arrive: bool = True
    contracts: list[Contract] = field(default_factory=list)
    neighbours: list[House] = field(default_factory=list)

    # ----- who there is

    def say(self, contract: Contract) -> None:
        say(self.world, self.tenant, contract)
        self.world.runtimes[contract.publisher].step()

    def settle(self) -> None:
        """Until nobody has anything left to do; letters and vouchers are answered as they come."""
        dunning = self.world.runtimes["dunning"]
        while True:
            # The others only speak when they are asked to.
            while dunning.step():
                pass
            if not self._answer():
                return
            self.world.settle()

    def debtor(
        self, name: str, kind: Literal["company", "person"] = "company", language: str = "da"
    ) -> UUID:
        debtor_id = uuid5(self.tenant, name)
        self.names[debtor_id] = name
        self.say(
            PartyChanged(
                party_id=debtor_id,
                side="receivable",
                number=name,
                name=self.world.vault.seal(self.tenant, debtor_id, name),
                blocked=False,
                kind=kind,
                country="DK",
                language=language,
            )
        )
        return debtor_id

    # ----- what the ledger says

    def invoice(
        self,
        number: str,
        amount: str,
        due: str,
        debtor: UUID,
        currency: str = "DKK",
        issued: str | None = None,
        **other: Any,
    ) -> Known:
        gross, due_on = Money.of(amount, currency), date.fromisoformat(due)
        issued_on = date.fromisoformat(issued) if issued else due_on - timedelta(days=14)
        known = Known(uuid5(self.tenant, number), debtor, number, gross, due_on)
        self.invoices[number] = known
        self.say(
            InvoiceBooked(
                invoice_id=known.invoice_id,
                side="receivable",
                party_id=debtor,
                party_name=self.world.vault.seal(self.tenant, debtor, self.names[debtor]),
                party_number=self.names[debtor],
                number=number,
                voucher=f"2026-{number}",
                issued_on=issued_on,
                due_on=due_on,
                gross=gross,
                remaining=gross,
                account=None,
                **other,
            )
        )
        self.settle()
        return known

    def pays(self, debtor: UUID, amount: str, on: str, currency: str = "DKK") -> UUID:
        """Money comes in and is matched with nothing yet."""
        entry_id, money = uuid4(), Money.of(amount, currency)
        day = date.fromisoformat(on)
        self.say(
            LedgerPaymentBooked(
                entry_id=entry_id,
                side="receivable",
                party_id=debtor,
                voucher="2026-500",
                booked_on=day,
                value_on=day,
                amount=money,
                remaining=money,
            )
        )
        self.settle()
        return entry_id

    def credits(self, debtor: UUID, amount: str, on: str, corrects: str | None = None) -> UUID:
        entry_id, money = uuid4(), Money.of(amount, "DKK")
        self.say(
            CreditNoteBooked(
                credit_note_id=entry_id,
                side="receivable",
                party_id=debtor,
                number="K1",
                voucher="2026-600",
                issued_on=date.fromisoformat(on),
                gross=money,
                remaining=money,
                corrects=self.invoices[corrects].invoice_id if corrects else None,
            )
        )
        self.settle()
        return entry_id

    def matches(
        self, number: str, entry_id: UUID, amount: str, on: str, kind: Any = "payment"
    ) -> None:
        """The bookkeeper sets an entry off against an invoice: both are told, as the ledger does."""
        known, day = self.invoices[number], date.fromisoformat(on)
        money = Money.of(amount, known.gross.currency)
        today = self.today_on
        known.allocations.append(Allocation(entry_id, kind, money, day, today))
        self._matched(known.invoice_id, known.debtor_id, known.remaining, known.allocations)
        self._matched(entry_id, known.debtor_id, Money.zero(money.currency), [])
        self.settle()

    def _matched(
        self, item_id: UUID, party_id: UUID, remaining: Money, allocations: Sequence[Allocation]
    ) -> None:
        self.say(
            ItemsMatched(
                item_id=item_id,
                side="receivable",
                party_id=party_id,
                remaining=remaining,
                matched_on=self.today_on,
                allocations=tuple(allocations),
            )
        )

    def paid(self, number: str, on: str, amount: str | None = None) -> None:
        """Money comes in and is matched with an invoice at once."""
        known = self.invoices[number]
        amount = amount or str(known.remaining.decimal)
        entry_id = self.pays(known.debtor_id, amount, on, known.gross.currency)
        self.matches(number, entry_id, amount, on)

    # ----- what people do

    def work(self, command: Callable[..., Any]) -> Any:
        answer = self.world.work("dunning", self.tenant, command, f"user:{ANNA}")
        self.settle()
        return answer

    def asks(self, number: str, command: Callable[[Terms], ReceivableCommand]) -> None:
        """Ask something of an invoice, on the terms of this moment."""
        known = self.invoices[number]

        def ask(work: Any) -> None:
            work.execute(RECEIVABLE, known.invoice_id, command(terms_of(work, known.debtor_id)))
            changing.after_change(work, known.debtor_id, [known.invoice_id])

        self.work(ask)

    def sends(self, *numbers: str) -> None:
        """A person presses "Send" for these."""
        chosen = [self.invoices[number] for number in numbers]

        def send(work: Any) -> None:
            for debtor_id in sorted({known.debtor_id for known in chosen}):
                own = [known.invoice_id for known in chosen if known.debtor_id == debtor_id]
                sending.send(work, debtor_id, own, ANNA)

        self.work(send)

    def sets(self, what: ChargePolicy | ReminderRules | WriteOffRules | Timeline) -> None:
        command: Any
        match what:
            case ChargePolicy():
                command = SetChargePolicy(what, ANNA)
            case ReminderRules():
                command = SetReminderRules(what, ANNA)
            case WriteOffRules():
                command = SetWriteOffRules(what, ANNA)
            case Timeline():
                command = DefineTimeline(what, ANNA)
        creditor_id = creditor_id_of(self.tenant)
        self.work(lambda work: work.execute(CREDITOR, creditor_id, command))

    def assigns(self, debtor: UUID, timeline: str) -> None:
        command = AssignTimeline(timeline, "chosen", ANNA, self.today_on, frozenset({timeline}))
        self.work(lambda work: work.execute(DEBTOR, debtor, command))

    def state(self, number: str) -> Receivable:
        invoice_id = self.invoices[number].invoice_id
        loaded: Receivable = self.work(lambda work: work.load(RECEIVABLE, invoice_id)).state
        return loaded

    def row(self, number: str) -> queries.Row:
        invoice_id = self.invoices[number].invoice_id
        found = self.work(lambda work: queries.receivable(work.sql, self.tenant, invoice_id))
        assert found is not None
        return found  # type: ignore[no-any-return]  # a test's lambda has no types

    # ----- time

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    @property
    def today_on(self) -> date:
        return self.now.astimezone(COPENHAGEN).date()

    def until(self, day: str, hour: int = 10) -> Seen:
        """Let time pass from one due instant to the next; what was told on the way."""
        end = datetime.combine(date.fromisoformat(day), time(hour), COPENHAGEN).astimezone(UTC)
        while (at := self._next_due()) is not None and at <= end:
            self.world.clock.move_to(max(at, self.now))
            self.settle()
        self.world.clock.move_to(end)
        self.settle()
        return self.seen()

    def _next_due(self) -> datetime | None:
        with self.world.runtimes["dunning"].reader.connection() as transaction:
            row = transaction.raw.execute(_NEXT_DUE, (self.tenant,)).fetchone()
        return None if row is None else row[0]

    def drifts(self) -> None:
        """The mirror and the ledger's own account disagree."""
        one, other = Money.of("1.00", "DKK"), Money.of("2.00", "DKK")
        self.say(
            LedgerDriftDetected(
                connection_id=self.tenant, side="receivable", ledger_total=one, mirror_total=other
            )
        )
        self.settle()

    def agrees(self) -> None:
        self.say(LedgerDriftCleared(connection_id=self.tenant, side="receivable"))
        self.settle()

    def reads_the_ledger(self) -> None:
        self.say(
            SyncCompleted(
                connection_id=self.tenant,
                run_id=uuid4(),
                started_at=self.now,
                counts=RunCounts(1, 1, 0),
            )
        )

    # ----- what is told, and who answers

    def seen(self) -> Seen:
        """What dunning has told since the last look."""
        with self.world.runtimes["dunning"].reader.connection() as transaction:
            rows = transaction.raw.execute(_SPOKEN, (self.tenant, self.looked)).fetchall()
        told = []
        for position, headers, body in rows:
            self.looked = position
            name = msgspec.json.decode(headers)["ce_type"]
            contract = CONTRACTS[name].model_validate_json(body)
            self.contracts.append(contract)
            if (sentence := self._sentence(contract)) is not None:
                told.append(sentence)
        return Seen(told)

    def _sentence(self, contract: Any) -> str | None:
        name = type(contract).__name__
        if name in _UNSAID:
            return None
        by_id = {known.invoice_id: number for number, known in self.invoices.items()}
        if hasattr(contract, "total"):
            numbers = "+".join(line.number for line in contract.lines)
            return f"{name} {numbers}: {contract.total.decimal}"
        number = by_id.get(getattr(contract, "invoice_id", None), "")  # type: ignore[arg-type]
        detail = getattr(contract, "code", None)
        if name == "ChargeAdded":
            detail = f"{contract.charge.kind} {contract.charge.amount.decimal}"
        return " ".join(part for part in (name, number, detail) if part)

    def seen_lately(self, name: str) -> list[Any]:
        """All that was told by this name so far, as far as one has looked."""
        return [one for one in self.contracts if type(one).__name__ == name]

    def letter_of(self, *numbers: str) -> Any:
        """The last letter about exactly these invoices."""
        letters: list[Any] = [one for one in self.contracts if hasattr(one, "total")]
        wanted = list(numbers)
        return next(one for one in reversed(letters) if [x.number for x in one.lines] == wanted)

    def last(self, name: str) -> Any:
        return next(one for one in reversed(self.contracts) if type(one).__name__ == name)

    def nobody_knows(self) -> NoticeOutcomeUnknown:
        """What became of the last reminder, which was tried just now and never answered."""
        letter = self.last("ReminderIssued")
        told = NoticeOutcomeUnknown(
            notice_id=letter.notice_id, debtor_id=letter.debtor_id, channel="mail",
            tried_at=self.now, delivery=1,
        )  # fmt: skip
        self.say(told)
        return told

    def _answer(self) -> bool:
        """Letters leave, vouchers are booked, open items are read: whatever has been asked since."""
        with self.world.runtimes["dunning"].reader.connection() as transaction:
            rows = transaction.raw.execute(_SPOKEN, (self.tenant, self.answered)).fetchall()
        moved = False
        for position, headers, body in rows:
            self.answered = position
            contract = CONTRACTS[msgspec.json.decode(headers)["ce_type"]].model_validate_json(body)
            for answer in self._answers(contract):
                self.say(answer)
                moved = True
        return moved

    answered: int = 0

    def _answers(self, contract: Any) -> Iterator[Contract]:
        match type(contract).__name__:
            case "ReminderIssued" | "CollectionWarningIssued" | "StatementIssued":
                if self.letters_leave:
                    yield self.sent(contract.notice_id, contract.debtor_id)
            case "NoticeRecalled" if self.recalls_arrive:
                yield NoticeWithheld(notice_id=contract.notice_id, debtor_id=contract.debtor_id)
            case "OpenItemsCheckSought":
                yield OpenItemsChecked(
                    check_id=contract.check_id,
                    party_id=contract.debtor_id,
                    checked_at=self.now,
                    complete=True,
                )
            case "ChargePostingSought":
                yield VoucherPosted(
                    posting_id=contract.posting_id,
                    token=contract.token,
                    voucher="2026-900",
                    posted_on=contract.voucher_on,
                    moved_because=None,
                )
                for number, line in enumerate(contract.lines, start=1):
                    yield ChargeEntryBooked(
                        entry_id=uuid5(contract.posting_id, str(number)),
                        party_id=contract.debtor_id,
                        line_token=line_token(contract.token, number),
                        booked_on=contract.voucher_on,
                        amount=line.amount,
                        remaining=line.amount,
                    )
            case _:
                return

    def sent(self, notice_id: UUID, debtor_id: UUID) -> NoticeSent:
        return NoticeSent(
            notice_id=notice_id,
            debtor_id=debtor_id,
            channel="mail",
            sent_at=self.now,
            delivery=1,
        )

    def fails(self, notice: Any, code: str = "no_channel", *, was_sent: bool = False) -> None:
        self.say(
            NoticeFailed(
                notice_id=notice.notice_id,
                debtor_id=notice.debtor_id,
                code=code,
                was_sent=was_sent,
            )
        )
        self.settle()

    def hands_over(self, *numbers: str) -> UUID:
        """The agency gets these as one case."""
        case_id, first = uuid4(), self.invoices[numbers[0]]
        claims = tuple(
            CaseClaim(
                invoice_id=self.invoices[number].invoice_id,
                principal=self.state(number).principal,
                charges=self.state(number).open_charges,
                interest=Money.zero("DKK"),
            )
            for number in numbers
        )
        self.say(
            CaseSentToCollection(
                case_id=case_id,
                debtor_id=first.debtor_id,
                agency="agency",
                claims=claims,
                sent_on=self.today_on,
                sent_at=self.now,
                automatic=True,
            )
        )
        self.settle()
        return case_id

    def recalls(self, case_id: UUID, *numbers: str) -> None:
        known = [self.invoices[number] for number in numbers]
        self.say(
            CaseRecalled(
                case_id=case_id,
                debtor_id=known[0].debtor_id,
                invoices=tuple(one.invoice_id for one in known),
                recalled_on=self.today_on,
            )
        )
        self.settle()


@contextmanager
def house(server: Server) -> Iterator[House]:
    """Empty, with services that listen; `open_house` gives one with a creditor in it."""
    others = [stand_in(name) for name in ("tenants", "sync", "notifications", "collections")]
    with World(server, [build, *others], START, {"assertion_keys": JWKS}) as world:
        yield House(world)


def moves_in(here: House, country: str = "DK", zone: str = "Europe/Copenhagen") -> House:
    """Another creditor in the same house, with a calendar of its own."""
    there = House(here.world, tenant=uuid5(here.tenant, f"{country} {len(here.neighbours)}"))
    here.neighbours.append(there)
    there.say(
        ClientAttached(
            client_id=there.tenant,
            agency_id=uuid4(),
            name="Fjordvig Byg ApS",
            country=country,
            time_zone=zone,
            language={"DK": "da", "SE": "sv", "NO": "nb", "FI": "fi"}[country],
        )
    )
    there.settle()
    return there
