"""The checker finds each kind of damage, and nothing where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import msgspec
import pytest

from forfald.verify import invariants
from forfald.verify.facts import Facts, Place, Published, Stored
from shared.eventstore.chain import BEGINNING, link

TENANT, PAYMENT, REQUEST = uuid4(), uuid4(), uuid4()
METTE, HENRIK, ANNE = (str(uuid4()) for _ in range(3))
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
AMOUNT = {"minor": 125_000, "currency": "DKK"}
DIGEST = "d" * 64
Tier = dict[str, object]
ONE: list[Tier] = [{"currency": "DKK", "above_minor": 0, "approvers": 1}]
TWO: list[Tier] = [{"currency": "DKK", "above_minor": 100_000, "approvers": 2}]


class History:
    """Builds events of one journey with unbroken chains."""

    def __init__(self) -> None:
        self.events: list[Stored] = []

    def add(
        self, name: str, aggregate: UUID = PAYMENT, at: datetime = AT, **fields: object
    ) -> History:
        service = name.split(".", maxsplit=1)[0]
        stream = [e for e in self.events if e.aggregate_id == aggregate]
        body = msgspec.json.encode({"event": name, **fields})
        meta = msgspec.json.encode({"recorded_at": at, "actor": "user:x"})
        version = len(stream) + 1
        position = max((event.position for event in self.events), default=0) + 1
        digest = link(
            stream[-1].hash if stream else BEGINNING, TENANT, aggregate, version, name, meta, body
        )
        self.events.append(
            Stored(service, TENANT, aggregate, version, position, name, body, meta, digest)
        )
        return self

    def facts(self, *debits: dict[str, object], **others: object) -> Facts:
        services = sorted({event.service for event in self.events})
        events = {s: [e for e in self.events if e.service == s] for s in services}
        return Facts(
            {"payments": [], "approvals": [], **events}, {}, [], {}, {"debits": debits},
            **others,  # type: ignore[arg-type]  # named by the test
        )  # fmt: skip


def debit(**changes: object) -> dict[str, object]:
    return {"end_to_end_id": "P-1", "amount": AMOUNT, **changes}


def journey(yes: tuple[str, ...] = (HENRIK,), tiers: Sequence[Tier] = ONE) -> History:
    grants = [{"approver_id": person, "digest": DIGEST} for person in yes]
    history = History()
    history.add("approvals.PolicySet.v1", uuid5(TENANT, "policy"), version=1, tiers=tiers)
    for grant in grants:
        history.add("approvals.YesGiven.v1", REQUEST, grant=grant, still_needed=0)
    history.add("payments.PaymentDrafted.v1", amount=AMOUNT, invoice={"invoice_id": "i"})
    history.add("payments.ApprovalAsked.v1", asked_by=METTE, digest=DIGEST)
    history.add("payments.PaymentApproved.v1", digest=DIGEST, policy_version=1, evidence=grants)
    return history


def release(history: History, digest: str = DIGEST) -> History:
    return history.add("payments.PaymentReleased.v1", end_to_end_id="P-1", digest=digest)


def test_an_approved_payment_that_was_paid_once_is_in_order() -> None:
    facts = release(journey()).facts(debit())
    assert invariants.paid_once(facts).damage == ()
    assert invariants.approved_as_paid(facts).damage == ()
    assert invariants.chained(facts).damage == ()


def test_a_second_debit_is_found() -> None:
    facts = release(journey()).facts(debit(), debit())
    assert invariants.paid_once(facts).damage == ("P-1 was paid 2 times",)


def test_a_debit_that_nobody_released_is_found() -> None:
    facts = journey().facts(debit())
    assert invariants.paid_once(facts).damage == ("P-1 was paid and never released",)


@pytest.mark.parametrize(
    ("history", "paid", "damage"),
    [
        (release(History().add("payments.PaymentDrafted.v1", amount=AMOUNT)), debit(),
         "paid without an approval"),
        (release(journey(), digest="e" * 64), debit(), "approved as something else"),
        (release(journey().add("payments.PaymentRevised.v1", amount=AMOUNT)), debit(),
         "changed after its approval"),
        (release(journey()), debit(amount={"minor": 1, "currency": "DKK"}), "approved as"),
        (release(journey(yes=(METTE,))), debit(), "nobody but the one who asked"),
        (release(journey(yes=())), debit(), "needed 1 approvers and had 0"),
        (release(journey(tiers=TWO)), debit(),
         "needed 2 approvers and had 1"),
    ],
)  # fmt: skip
def test_a_payment_that_was_not_approved_as_it_was_paid_is_found(
    history: History, paid: dict[str, object], damage: str
) -> None:
    found = invariants.approved_as_paid(history.facts(paid)).damage
    assert any(damage in sentence for sentence in found), found


def test_a_yes_that_approvals_never_recorded_is_found() -> None:
    history = journey()
    history.events = [e for e in history.events if e.name != "approvals.YesGiven.v1"]
    found = invariants.approved_as_paid(release(history).facts(debit())).damage
    assert found == (f"P-1: {HENRIK} never said this yes",)


@pytest.mark.property_("P20")
@pytest.mark.parametrize("change", ["body", "meta", "name"])
def test_an_edited_event_is_named(change: str) -> None:
    history = release(journey())
    victim = next(e for e in history.events if e.name == "payments.ApprovalAsked.v1")
    changes: dict[str, Any] = {
        change: "payments.Other.v1" if change == "name" else b'{"recorded_at": 1}'
    }
    edited = replace(victim, **changes)
    history.events[history.events.index(victim)] = edited
    assert len(invariants.chained(history.facts()).damage) == 1


@pytest.mark.property_("P20")
def test_a_deleted_event_is_found_by_its_neighbour() -> None:
    history = release(journey())
    history.events = [e for e in history.events if e.name != "payments.ApprovalAsked.v1"]
    (found,) = invariants.chained(history.facts()).damage
    assert "PaymentApproved" in found


@pytest.mark.property_("P20")
def test_a_stream_that_was_cut_off_at_its_end_is_found_by_what_was_told_of_it() -> None:
    history = release(journey())
    last = history.events[-1]
    headers = {
        "ce_type": "forfald.payments.PaymentSubmitted.v1",
        "ce_subject": str(last.aggregate_id),
        "ce_sequence": str(last.version),
    }
    told = Published(last.position + 1, "t", 0, b"{}", msgspec.json.encode(headers), uuid4())
    facts = replace(history.facts(), published={last.service: [told]})
    assert invariants.chained(facts).damage == ()
    history.events.pop()
    facts = replace(history.facts(), published={last.service: [told]})
    (found,) = invariants.chained(facts).damage
    assert f"{last.aggregate_id} version {last.version} is gone" in found


@pytest.mark.property_("P20")
def test_events_that_changed_places_in_the_log_are_found() -> None:
    history = release(journey())
    stream = [event for event in history.events if event.aggregate_id == PAYMENT]
    first, second = stream[:2]
    history.events[history.events.index(first)] = replace(first, position=second.position)
    history.events[history.events.index(second)] = replace(second, position=first.position)
    (found,) = invariants.chained(history.facts()).damage
    assert second.name in found


def test_an_unbalanced_posting_is_found() -> None:
    lines = [{"account": "bank", "amount": {"minor": -1, "currency": "DKK"}}]
    body = msgspec.json.encode({"posting_id": "x", "lines": lines})
    headers = msgspec.json.encode({"ce_type": "forfald.payments.PaymentPostingSought.v1"})
    facts = Facts({}, {"payments": [Published(1, "t", 0, body, headers, uuid4())]}, [], {})
    assert invariants.balanced(facts).damage == ("posting x is off by {'DKK': -1}",)


def told(type_name: str, **fields: object) -> Published:
    headers = msgspec.json.encode({"ce_type": type_name})
    return Published(1, "t", 0, msgspec.json.encode(fields), headers, uuid4())


def ledger(*texts: str) -> dict[str, object]:
    vouchers = [
        {"voucherNumber": number, "debit": "1", "credit": "1", "entries": [{"text": text}]}
        for number, text in enumerate(texts)
    ]
    return {"agreementNumber": 1, "companyName": "x", "vouchers": vouchers}


def test_a_voucher_that_stands_twice_in_the_ledger_is_found() -> None:
    sought = told("forfald.payments.PaymentPostingSought.v1", token="abc.7", lines=[])
    once = Facts({}, {"payments": [sought]}, [], {}, ledgers=[ledger("Lindtoft abc.7.1")])
    twice = replace(once, ledgers=[ledger("Lindtoft abc.7.1", "Lindtoft abc.7.1")])
    assert invariants.bookkept_once(once).damage == ()
    assert invariants.bookkept_once(twice).damage == ("abc.7.1 stands 2 times",)


def test_a_voucher_that_was_told_of_and_is_not_there_is_found() -> None:
    sought = told("forfald.payments.PaymentPostingSought.v1", token="abc.7", lines=[])
    posted = told("forfald.sync.VoucherPosted.v1", token="abc.7")
    facts = Facts({}, {"payments": [sought], "sync": [posted]}, [], {}, ledgers=[ledger("x")])
    (found,) = invariants.bookkept_once(facts).damage
    assert found == "abc.7 was told as posted and is not there"


def test_a_consumer_that_missed_a_message_is_found() -> None:
    records = [Published(n, "t", 0, b"", b"", uuid4()) for n in (3, 5, 8)]
    missed = Place("teller", "purse", "t", 0, seq=8, applied=2, parked=0)
    whole = replace(missed, applied=2, parked=1)
    assert invariants.told_once(Facts({}, {"purse": records}, [whole], {})).damage == ()
    (found,) = invariants.told_once(Facts({}, {"purse": records}, [missed], {})).damage
    assert found == "teller took 2 of 3 records of t[0]"


def test_an_unknown_outcome_that_nobody_was_told_of_is_found() -> None:
    history = release(journey()).add("payments.PaymentOutcomeUnknown.v1")
    soon = history.facts(now=AT + timedelta(hours=1))
    late = history.facts(now=AT + timedelta(hours=3))
    assert invariants.unknowns_are_escalated(soon).damage == ()
    assert len(invariants.unknowns_are_escalated(late).damage) == 1
    told = history.add("payments.OutcomeAlertRaised.v1").facts(now=AT + timedelta(hours=3))
    assert invariants.unknowns_are_escalated(told).damage == ()


def test_sending_again_while_the_outcome_is_unknown_is_found() -> None:
    history = release(release(journey()).add("payments.PaymentOutcomeUnknown.v1"))
    found = invariants.unknowns_are_escalated(history.facts(now=AT)).damage
    assert found == (f"payment {PAYMENT} was released while its outcome was unknown",)


def test_an_invoice_that_nobody_took_up_is_found() -> None:
    body = msgspec.json.encode({"invoice_id": "lost", "side": "payable", "historical": False})
    headers = msgspec.json.encode({"ce_type": "forfald.sync.InvoiceBooked.v1"})
    facts = Facts({}, {"sync": [Published(1, "t", 0, body, headers, uuid4())]}, [], {})
    assert invariants.invoices_end_somewhere(facts).damage == ("invoice lost has no payment",)
