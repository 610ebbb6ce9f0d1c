"""What must always hold of customers' invoices, each as a function from facts to what is wrong.

Every invoice's history is gone through as it was recorded, so that each letter is judged by what was known
at its instant and by nothing that came later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from forfald.verify.calculator import FEES_MOST, GAP_DAYS, Paid, fee_cap, most_interest
from forfald.verify.facts import Facts, Stored
from forfald.verify.invariants import Checked, contracts, streams

_HOME: Final = {"DK": "DKK", "SE": "SEK", "NO": "NOK", "FI": "EUR"}


@dataclass
class Life:
    """An invoice as it stood at one instant, by the plain words of its events."""

    invoice_id: UUID
    invoice: Mapping[str, Any] = field(default_factory=dict)
    remaining: int = 0
    movements: Sequence[Mapping[str, Any]] = ()
    paused: bool = False
    disputed: bool = False
    case: str | None = None
    letters: list[Mapping[str, Any]] = field(default_factory=list)
    charges: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    reversed: Counter[str] = field(default_factory=Counter)
    given_up: Counter[str] = field(default_factory=Counter)

    def takes(self, event: Stored) -> None:  # noqa: C901, PLR0912  one line for each event
        name, fields = event.name.split(".")[1], event.fields
        match name:
            case "ReceivableOpened":
                self.invoice, self.remaining = fields["invoice"], fields["remaining"]["minor"]
            case "ReceivableRestated":
                self.invoice = fields["invoice"]
            case "PrincipalMoved":
                self.remaining, self.movements = fields["remaining"]["minor"], fields["movements"]
            case "ReceivableWithdrawn":
                self.remaining = 0
            case "InvoicePaused":
                self.paused = True
            case "InvoiceResumed":
                self.paused = False
            case "InvoiceDisputed":
                self.disputed = True
            case "DisputeSettled":
                self.disputed = False
            case "HandedOver":
                self.case = fields["case_id"]
            case "TakenBack":
                self.case = None
            case "LetterCounted":
                self.letters.append(fields)
            case "LetterFell":
                self.letters = [
                    one for one in self.letters if one["notice_id"] != fields["notice_id"]
                ]
            case "ChargeAdded":
                self.charges[fields["charge"]["charge_id"]] = fields
            case "ChargesReversed":
                self.reversed.update(_amounts(fields))
            case "ChargesWrittenOff":
                self.given_up.update(_amounts(fields))
            case _:
                return

    def sum_of(self, kind: str) -> int:
        """What was charged of a kind so far, less what was taken back."""
        return sum(
            one["charge"]["amount"]["minor"] - self.reversed[charge_id]
            for charge_id, one in self.charges.items()
            if one["charge"]["kind"] == kind
        )

    @property
    def paid(self) -> list[Paid]:
        """A note that corrects the invoice counts from its beginning."""
        return [
            Paid(
                one["amount"]["minor"], date.min if one.get("correction") else _day(one["value_on"])
            )
            for one in self.movements
        ]


def _amounts(fields: Mapping[str, Any]) -> dict[str, int]:
    return {one["charge_id"]: one["amount"]["minor"] for one in fields["amounts"]}


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _lives(facts: Facts) -> Iterator[tuple[Life, list[Stored]]]:
    for invoice_id, events in streams(facts, "dunning"):
        if events[0].name == "dunning.ReceivableOpened.v1":
            yield Life(invoice_id), events


def nobody_is_reminded_without_reason(facts: Facts) -> Checked:
    """I8: no letter to who has paid, is paused or disputes; no step twice; never two in a day."""
    damage: list[str] = []
    looked_at = 0
    for life, events in _lives(facts):
        for event in events:
            if event.name == "dunning.LetterIssued.v1" and event.fields["step"] is not None:
                looked_at += 1
                damage += _against(life)
            if event.name == "dunning.LetterCounted.v1" and event.fields["step"] is not None:
                damage += _beside_others(life, event.fields)
            life.takes(event)
    return Checked(
        "I8", "nobody is reminded who has paid, is paused or disputes, nor twice of a step",
        looked_at, "letters", tuple(damage),
    )  # fmt: skip


def _against(life: Life) -> Iterator[str]:
    number = life.invoice["number"]
    if life.remaining <= 0:
        yield f"invoice {number} was reminded when nothing was owed"
    if life.paused:
        yield f"invoice {number} was reminded while it was paused"
    if life.disputed:
        yield f"invoice {number} was reminded while it was disputed"


def _beside_others(life: Life, letter: Mapping[str, Any]) -> Iterator[str]:
    number = life.invoice["number"]
    steps = [one for one in life.letters if one["step"] is not None]
    if any(one["level"] == letter["level"] for one in steps):
        yield f"invoice {number} has two letters of level {letter['level']}"
    if any(one["sent_on"] == letter["sent_on"] for one in steps):
        yield f"invoice {number} was sent two letters on {letter['sent_on']}"


def charged_within_the_law(facts: Facts) -> Checked:
    """I9: fees and interest are never above what a second calculator finds, and none is charged twice."""
    damage: list[str] = []
    looked_at = 0
    setting = _Settings(facts)
    for life, events in _lives(facts):
        for event in events:
            life.takes(event)
            if event.name == "dunning.ChargeAdded.v1":
                looked_at += 1
                damage += _charge_faults(life, event, setting)
    return Checked(
        "I9", "fees and interest stay within the law, each charged once", looked_at, "charges",
        tuple(damage),
    )  # fmt: skip


class _Settings:
    """What a creditor had set, and what a debtor was, at a place of the log."""

    def __init__(self, facts: Facts) -> None:
        self._country = {e.tenant_id: e.fields["country"] for e in facts.named(
            "dunning.CreditorLearnt.v1")}  # fmt: skip
        self._policies = list(facts.named("dunning.ChargePolicySet.v1"))
        self._contacts = list(facts.named("dunning.DebtorLearnt.v1"))

    def country(self, event: Stored) -> str:
        return str(self._country.get(event.tenant_id, "DK"))

    def rate(self, event: Stored) -> str | None:
        """The creditor's own yearly rate, where it had set one by then."""
        before = [
            one
            for one in self._policies
            if one.tenant_id == event.tenant_id and one.position < event.position
        ]
        policy = before[-1].fields["policy"] if before else {}
        return policy.get("rate") if policy.get("interest") == "own" else None

    def kind(self, event: Stored, debtor_id: str) -> str:
        before = [
            one
            for one in self._contacts
            if str(one.aggregate_id) == debtor_id and one.position < event.position
        ]
        return str(before[-1].fields["contact"]["kind"]) if before else "consumer"


def _charge_faults(life: Life, event: Stored, setting: _Settings) -> Iterator[str]:
    charge, charged_on = event.fields["charge"], _day(event.fields["charged_on"])
    invoice = life.invoice
    number, country = invoice["number"], setting.country(event)
    kind = setting.kind(event, invoice["debtor_id"])
    same = [one for one in life.charges.values() if one["charge"]["rule_id"] == charge["rule_id"]]
    in_letter = [one for one in same if one.get("notice_id") == event.fields.get("notice_id")]
    if len(in_letter) > 1:
        yield f"invoice {number} is charged twice by {charge['rule_id']} in one letter"
    if charge["kind"] == "fee":
        yield from _fee_faults(life, event, country, kind)
    if charge["kind"] == "interest":
        most = most_interest(
            country,
            kind,
            invoice["gross"]["minor"],
            _day(invoice["due_on"]),
            charged_on,
            life.paid,
            setting.rate(event),
        )
        if most is None:
            yield f"invoice {number} bears interest of a day without a rate"
        elif life.sum_of("interest") > most:
            yield f"invoice {number} bears {life.sum_of('interest')} of {most} lawful interest"


def _fee_faults(life: Life, event: Stored, country: str, kind: str) -> Iterator[str]:
    charge, invoice = event.fields["charge"], life.invoice
    number, cap = invoice["number"], fee_cap(country, kind, event.fields["category"])
    if charge["amount"]["currency"] != _HOME[country]:
        yield f"invoice {number} bears a fee in a foreign currency"
    if charge["amount"]["minor"] > cap:
        yield f"invoice {number} bears a fee of {charge['amount']['minor']}, more than {cap}"
    fees = [
        one
        for charge_id, one in life.charges.items()
        if one["charge"]["kind"] == "fee"
        and one["charge"]["amount"]["minor"] > life.reversed[charge_id]
    ]
    if len(fees) > FEES_MOST[country]:
        yield f"invoice {number} bears {len(fees)} fees"
    charged_on = _day(event.fields["charged_on"])
    earlier = [
        _day(one["sent_on"])
        for one in life.letters
        if one["step"] is not None and _day(one["sent_on"]) < charged_on
    ]
    if earlier and charged_on - max(earlier) < timedelta(days=GAP_DAYS[country]):
        yield f"invoice {number} bears a fee {(charged_on - max(earlier)).days} days after a letter"


def with_one_only(facts: Facts) -> Checked:
    """I10: an invoice is followed up by its creditor or by an agency, never by both."""
    damage: list[str] = []
    looked_at = 0
    held: dict[UUID, str] = {}
    for life, events in _lives(facts):
        for event in events:
            if event.name == "dunning.LetterIssued.v1" and life.case is not None:
                damage.append(f"invoice {life.invoice['number']} was reminded while with an agency")
            life.takes(event)
        if life.case is not None:
            held[life.invoice_id] = life.case
            looked_at += 1
    waiting = any(p.consumer == "dunning" and p.source == "collections" and p.parked
                  for p in facts.places)  # fmt: skip
    for case_id, invoices in _at_agencies(facts).items():
        for invoice_id in invoices:
            looked_at += 1
            if held.get(UUID(invoice_id)) != case_id and not waiting:
                damage.append(f"invoice {invoice_id} is with an agency and dunning does not know")
    return Checked(
        "I10", "an invoice is with its creditor or with an agency, never both", looked_at,
        "invoices", tuple(damage),
    )  # fmt: skip


def _at_agencies(facts: Facts) -> dict[str, list[str]]:
    """The cases that are with an agency by what collections has told, with their invoices."""
    cases: dict[str, list[str]] = {}
    told = [
        (record.position, record.type_name, body)
        for record, body in contracts(facts, "collections")
    ]
    for _, type_name, body in sorted(told, key=lambda one: one[0]):
        match type_name.split(".")[2]:
            case "CaseSentToCollection":
                cases[body["case_id"]] = [one["invoice_id"] for one in body["claims"]]
            case "CaseRefused" | "CaseRecalled" | "CaseClosed":
                left = set(cases.pop(body["case_id"], ())) - set(body["invoices"])
                if left:
                    cases[body["case_id"]] = sorted(left)
            case _:
                pass
    return cases


def charges_are_bookkept(facts: Facts) -> Checked:
    """I3c: what is bookkept of an invoice's charges is what was charged less what was given up."""
    damage = []
    looked_at = 0
    for life, events in _lives(facts):
        posted = 0
        for event in events:
            life.takes(event)
            if event.name == "dunning.PostingSought.v1":
                looked_at += 1
                posted += sum(one["amount"]["minor"] for one in event.fields["amounts"])
        charged = sum(one["charge"]["amount"]["minor"] for one in life.charges.values())
        left = charged - life.reversed.total() - life.given_up.total()
        if posted != left:
            damage.append(f"invoice {life.invoice['number']}: {posted} bookkept of {left}")
    return Checked("I3c", "charges are bookkept to the minor unit", looked_at, "vouchers",
                   tuple(damage))  # fmt: skip


RECEIVABLES: Final[tuple[Callable[[Facts], Checked], ...]] = (
    charges_are_bookkept,
    nobody_is_reminded_without_reason,
    charged_within_the_law,
    with_one_only,
)
