"""What must always hold, each as a function from facts to how many were looked at and what is wrong.

The numbers are those of docs/guarantees.md. I6 (read tables are the fold of the log) is asked of
`forfald rebuild --shadow`, since only a service can fold its own events.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import msgspec

from forfald.verify.facts import Facts, Published, Stored
from shared.contracts.values import PolicyTier
from shared.eventstore.chain import BEGINNING, link
from shared.evidence import NOBODY, approvers_needed
from shared.money import Money

_ALERT_AFTER: Final = timedelta(hours=2, minutes=15)


@dataclass(frozen=True, slots=True)
class Checked:
    """One invariant's answer: how many of what were looked at, and each damage in a sentence."""

    number: str
    says: str
    looked_at: int
    of: str
    damage: tuple[str, ...] = ()


def paid_once(facts: Facts) -> Checked:
    """I1: the bank's own book holds one debit per order, and only of orders that we released."""
    debits = facts.bank.get("debits", [])
    counts = Counter(debit["end_to_end_id"] for debit in debits)
    released = {event.fields["end_to_end_id"] for event in _released(facts)}
    damage = [f"{order} was paid {count} times" for order, count in counts.items() if count > 1] + [
        f"{order} was paid and never released" for order in counts if order not in released
    ]
    return Checked(
        "I1", "no payment is executed twice at the bank", len(debits), "debits", tuple(damage)
    )


def approved_as_paid(facts: Facts) -> Checked:
    """I2: who said yes, to exactly what the bank executed."""
    released = {event.fields["end_to_end_id"]: event for event in _released(facts)}
    damage: list[str] = []
    debits = facts.bank.get("debits", [])
    for debit in debits:
        release = released.get(debit["end_to_end_id"])
        if release is not None:
            damage += _approval_faults(facts, release, debit)
    return Checked(
        "I2", "what is executed is what was approved, by enough people", len(debits), "debits",
        tuple(damage),
    )  # fmt: skip


def balanced(facts: Facts) -> Checked:
    """I3: debit equals credit in every voucher, ours to the ledger and the ledger's own."""
    damage = []
    looked_at = 0
    for contract in _contracts(facts, "payments", "forfald.payments.PaymentPostingSought.v1"):
        looked_at += 1
        sums: dict[str, int] = defaultdict(int)
        for line in contract["lines"]:
            sums[line["amount"]["currency"]] += line["amount"]["minor"]
        if any(sums.values()):
            damage.append(f"posting {contract['posting_id']} is off by {dict(sums)}")
    for ledger in facts.ledgers:
        for voucher in ledger["vouchers"]:
            looked_at += 1
            if Decimal(str(voucher["debit"])) != Decimal(str(voucher["credit"])):
                damage.append(f"voucher {voucher['voucherNumber']} of {ledger['companyName']}")
    return Checked("I3", "postings balance", looked_at, "vouchers", tuple(damage))


def bookkept_once(facts: Facts) -> Checked:
    """I3b: what was asked to be bookkept stands in the ledger at most once, by its token.

    Each line of a voucher ends in the token and the line's number: `token.n`.
    """
    sought = [
        *_contracts(facts, "payments", "forfald.payments.PaymentPostingSought.v1"),
        *_contracts(facts, "dunning", "forfald.dunning.ChargePostingSought.v1"),
    ]
    tokens = {contract["token"] for contract in sought}
    vouchers: dict[str, set[Any]] = defaultdict(set)
    lines: Counter[str] = Counter()
    for ledger in facts.ledgers:
        for voucher in ledger["vouchers"]:
            words = {word for entry in voucher["entries"] for word in entry.get("text", "").split()}
            for word in words:
                token, _, number = word.rpartition(".")
                if token in tokens and number.isdigit():
                    place = (ledger["agreementNumber"], voucher["voucherNumber"])
                    vouchers[token].add(place)
                    lines[word] += 1
    damage = [f"{line} stands {count} times" for line, count in lines.items() if count > 1]
    posted = {c["token"] for c in _contracts(facts, "sync", "forfald.sync.VoucherPosted.v1")}
    damage += [
        f"{token} was told as posted and is not there" for token in sorted(posted - set(vouchers))
    ]
    return Checked(
        "I3b", "one voucher in the ledger per posting", len(sought), "postings", tuple(damage)
    )


def invoices_end_somewhere(facts: Facts) -> Checked:
    """I4: each payable invoice that was told of has its payment, live or explained."""
    known = {event.fields["invoice"]["invoice_id"] for event in facts.named(
        "payments.PaymentDrafted.v1")}  # fmt: skip
    told = [
        contract
        for contract in _contracts(facts, "sync", "forfald.sync.InvoiceBooked.v1")
        if contract["side"] == "payable" and not contract["historical"]
    ]
    waiting = {
        place.topic for place in facts.places if place.consumer == "payments" and place.parked
    }
    damage = [
        f"invoice {contract['invoice_id']} has no payment"
        for contract in told
        if contract["invoice_id"] not in known and not waiting
    ]
    return Checked(
        "I4", "every booked invoice has a payment, or a reason", len(told), "invoices",
        tuple(damage),
    )  # fmt: skip


def told_once(facts: Facts) -> Checked:
    """I5: what a consumer applied and parked adds up to what its publisher published."""
    damage = []
    taken = sum(place.applied + place.parked for place in facts.places)
    for place in facts.places:
        records = [
            record
            for record in facts.published.get(place.source, ())
            if (record.topic, record.partition) == (place.topic, place.partition)
            and record.position <= place.seq
        ]
        if len(records) != place.applied + place.parked:
            damage.append(
                f"{place.consumer} took {place.applied + place.parked} of {len(records)} records of"
                f" {place.topic}[{place.partition}]"
            )
        if records and records[-1].position != place.seq:
            damage.append(f"{place.consumer} stands at {place.seq}, where nothing was published")
    return Checked(
        "I5", "every message affects every consumer once", taken, "messages", tuple(damage)
    )


def unknowns_are_escalated(facts: Facts) -> Checked:
    """I11: an unknown outcome is known or told to people in time, and never sent again meanwhile."""
    damage = []
    looked_at = 0
    for payment, events in streams(facts, "payments"):
        since = None
        alerted = False
        for event in events:
            match event.name:
                case "payments.PaymentOutcomeUnknown.v1":
                    since, alerted, looked_at = event.recorded_at, False, looked_at + 1
                case "payments.OutcomeAlertRaised.v1":
                    alerted = True
                case "payments.PaymentReleased.v1" if since is not None:
                    damage.append(f"payment {payment} was released while its outcome was unknown")
                case "payments.OutcomeProved.v1" | "payments.PaymentExecuted.v1":
                    since = None
        late = since is not None and facts.now is not None and facts.now - since > _ALERT_AFTER
        if late and not alerted:
            damage.append(f"payment {payment} is unknown since {since} and nobody was told")
    return Checked(
        "I11", "an unknown outcome is resolved or escalated", looked_at, "outcomes", tuple(damage)
    )


def chained(facts: Facts) -> Checked:
    """I12: versions without holes, each event after its predecessor and hashed over it, none gone."""
    damage: list[str] = []
    looked_at = 0
    for service in facts.events:
        damage += _cut_off(facts, service)
        for aggregate, events in streams(facts, service):
            previous, position = BEGINNING, 0
            for number, event in enumerate(events, start=1):
                looked_at += 1
                expected = link(
                    previous, event.tenant_id, aggregate, event.version, event.name, event.meta,
                    event.body,
                )  # fmt: skip
                if (event.version, event.hash) != (number, expected) or event.position <= position:
                    damage.append(f"{service} {aggregate} version {event.version}: {event.name}")
                    break
                previous, position = event.hash, event.position
    return Checked(
        "I12", "hash chains and versions are unbroken", looked_at, "events", tuple(damage)
    )


def _cut_off(facts: Facts, service: str) -> Iterator[str]:
    """What the outbox tells of and is not there: a stream cut off at its end has an unbroken chain."""
    there = {(event.aggregate_id, event.version) for event in facts.events[service]}
    for record in facts.published.get(service, ()):
        aggregate, version = record.cause
        if (aggregate, version) not in there:
            yield f"{service} {aggregate} version {version} is gone: {record.type_name} tells of it"


INVARIANTS: Final[tuple[Callable[[Facts], Checked], ...]] = (
    paid_once,
    approved_as_paid,
    balanced,
    bookkept_once,
    invoices_end_somewhere,
    told_once,
    unknowns_are_escalated,
    chained,
)


def _released(facts: Facts) -> Iterator[Stored]:
    return facts.named("payments.PaymentReleased.v1")


def contracts(facts: Facts, service: str) -> Iterator[tuple[Published, Any]]:
    """All that a service has told, in its order."""
    for record in facts.published.get(service, ()):
        yield record, msgspec.json.decode(record.body)


def _contracts(facts: Facts, service: str, type_name: str) -> Iterator[Any]:
    for record in facts.published.get(service, ()):
        if record.type_name == type_name:
            yield msgspec.json.decode(record.body)


def streams(facts: Facts, service: str) -> Iterator[tuple[UUID, list[Stored]]]:
    ordered = sorted(facts.events.get(service, ()), key=_place_in_stream)
    for aggregate, events in groupby(ordered, key=lambda event: event.aggregate_id):
        yield aggregate, list(events)


def _place_in_stream(event: Stored) -> tuple[UUID, int]:
    return event.aggregate_id, event.version


def _approval_faults(facts: Facts, release: Stored, debit: Mapping[str, Any]) -> Iterator[str]:
    order = debit["end_to_end_id"]
    history = [
        event
        for event in facts.events["payments"]
        if event.aggregate_id == release.aggregate_id and event.position < release.position
    ]
    approved = _last(history, "payments.PaymentApproved.v1")
    if approved is None:
        yield f"{order} was paid without an approval"
        return
    if approved["digest"] != release.fields["digest"]:
        yield f"{order} was approved as something else than what was sent"
    voiding = {"payments.PaymentRevised.v1", "payments.InvoiceRevised.v1"}
    after = [event for event in history if event.position > approved["@position"]]
    if any(event.name in voiding for event in after):
        yield f"{order} was changed after its approval"
    amount = _amount(history)
    if amount != debit["amount"]:
        yield f"{order} was paid as {debit['amount']} and approved as {amount}"
    yield from _person_faults(facts, order, history, approved)


def _person_faults(
    facts: Facts, order: str, history: list[Stored], approved: Mapping[str, Any]
) -> Iterator[str]:
    # Where the policy asks for nobody, its own signed statement stands in for a person's.
    said_yes = {grant["approver_id"] for grant in approved["evidence"]} - {str(NOBODY)}
    given = {
        (event.fields["grant"]["approver_id"], event.fields["grant"]["digest"])
        for event in facts.named("approvals.YesGiven.v1")
    }
    asked = _last(history, "payments.ApprovalAsked.v1")
    needed = _needed(facts, history, approved["policy_version"])
    if len(said_yes) < needed:
        yield f"{order} needed {needed} approvers and had {len(said_yes)}"
    if needed and asked is not None and said_yes == {asked["asked_by"]}:
        yield f"{order} was approved by nobody but the one who asked"
    for approver in said_yes:
        if (approver, approved["digest"]) not in given:
            yield f"{order}: {approver} never said this yes"


def _needed(facts: Facts, history: list[Stored], version: int) -> int:
    """How many the client's policy of that version asks for this amount."""
    amount = _amount(history)
    tenant = history[0].tenant_id
    for event in facts.named("approvals.PolicySet.v1"):
        if event.tenant_id == tenant and event.fields["version"] == version:
            tiers = msgspec.convert(event.fields["tiers"], tuple[PolicyTier, ...])
            return approvers_needed(tiers, Money(amount["minor"], amount["currency"]))
    return 1


def _amount(history: list[Stored]) -> dict[str, Any]:
    carrying = {
        "payments.PaymentDrafted.v1",
        "payments.PaymentRevised.v1",
        "payments.InvoiceRevised.v1",
    }
    found: dict[str, Any] = [e for e in history if e.name in carrying][-1].fields["amount"]
    return found


def _last(history: list[Stored], name: str) -> dict[str, Any] | None:
    found = [event for event in history if event.name == name]
    return {**found[-1].fields, "@position": found[-1].position} if found else None
