"""What the law lets an invoice carry, asked of the engine in its words and answered in ours.

The one place where an invoice's history becomes a claim. What reduces an invoice in the ledger reduces its
principal, since whoever matched it said so; what pays a charge is matched with the charge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from services.dunning.model.charge import Priced
from services.dunning.model.claim import claim_on
from services.dunning.model.facts import Booked, ClaimFacts
from services.dunning.model.law import LAW
from services.dunning.model.letter_charges import letter_charges
from services.dunning.model.naming import charge_id_of
from services.dunning.model.policy import Policy
from services.dunning.model.receivable import Receivable
from services.dunning.values import (
    Charge,
    ChargePolicy,
    Claimed,
    FeeTier,
    Plan,
    Terms,
)
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Item:
    """An invoice that is to stand in a letter."""

    invoice_id: UUID
    receivable: Receivable

    @property
    def plan(self) -> Plan:
        assert self.receivable.plan is not None, "what stands on the list has a step"
        return self.receivable.plan


@dataclass(frozen=True, slots=True)
class PricedLetter:
    """What a letter adds to each of its invoices, and the days that it sets.

    `against` is the code of what keeps it from being written: a rule that is missing, or one that
    nobody has verified where the creditor wants verified ones only.
    """

    added: Mapping[UUID, tuple[Charge, ...]] = field(default_factory=dict)
    pay_by_on: date | None = None
    valid_through: date = date.max
    law: str = ""
    against: str | None = None


def letter(group: Sequence[Item], notice_id: UUID, earlier_fees: int, terms: Terms) -> PricedLetter:
    """One letter has one fee: the oldest invoice carries it. Interest is each invoice's own."""
    kind, charged = group[0].plan.kind, group[0].plan.charged
    priced = PricedLetter()
    total = Money.zero(group[0].receivable.invoice.gross.currency)
    for item in group:
        total += item.receivable.principal
    for item in group:
        policy = policy_of(terms.policy, total, fees=item is group[0])
        facts = facts_of(item.receivable, terms, earlier_fees)
        answer = letter_charges(
            facts, policy, terms.today, kind.value, charged, LAW, booked_of(item.receivable)
        )
        if answer.missing:
            return replace(priced, against="rule_missing")
        if not terms.policy.accept_unverified and any(one.unverified for one in answer.added):
            return replace(priced, against="rule_unverified")
        priced = PricedLetter(
            added={**priced.added, item.invoice_id: _charges(answer.added, notice_id, item)},
            pay_by_on=max(answer.pay_by_on, priced.pay_by_on or answer.pay_by_on),
            valid_through=min(answer.valid_through, priced.valid_through),
            law=answer.law,
        )
    return priced


def _charges(added: Sequence[Priced], notice_id: UUID, item: Item) -> tuple[Charge, ...]:
    return tuple(
        Charge(
            charge_id=charge_id_of(notice_id, item.invoice_id, f"{one.kind}:{number}"),
            kind=one.kind,
            amount=one.amount,
            rule_id=one.rule_id,
            law=one.law,
            law_version=one.version,
            unverified=one.unverified,
            spans=one.spans,
        )
        for number, one in enumerate(added)
    )


def accrued(receivable: Receivable, terms: Terms, on: date) -> Money:
    """Interest that the law allows up to a day beyond what was charged; nothing where no rate is known."""
    zero = Money.zero(receivable.invoice.gross.currency)
    lawful = _lawful_interest(receivable, terms, on)
    return max(zero, lawful - booked_of(receivable).interest)


def unlawful(after: Receivable, terms: Terms) -> tuple[Claimed, ...]:
    """What has been charged and, on what is known now, was never owed.

    Interest beyond what was lawful on the day of the last letter, from the latest charge backwards; and
    the fee of a letter that was sent to somebody who had paid in time before it.
    """
    charged = [one for one in after.charges.values() if one.lawful.minor > 0]
    if not charged or not after.sent:
        return ()
    last_on = max(one.charged_on for one in charged)
    excess = booked_of(after).interest - _lawful_interest(after, terms, last_on)
    back: list[Claimed] = []
    for one in reversed(charged):
        if one.charge.kind == "interest" and excess.minor > 0:
            amount = min(excess, one.lawful)
            back.append(Claimed(one.charge.charge_id, amount))
            excess -= amount
    tolerance = timedelta(days=LAW.paid_before_send_days(terms.country, terms.debtor_kind, last_on))
    for one in charged:
        if one.charge.kind == "fee" and _was_paid(after, one.charged_on, tolerance):
            back.append(Claimed(one.charge.charge_id, one.lawful))
    return tuple(back)


def _was_paid(after: Receivable, sent_on: date, tolerance: timedelta) -> bool:
    """Whether nothing was owed when the letter went, by what is known now."""
    owed = after.invoice.gross
    for movement in after.movements:
        if movement.correction or movement.value_on <= sent_on - tolerance:
            owed -= movement.amount
    return owed.minor <= 0


def _lawful_interest(receivable: Receivable, terms: Terms, on: date) -> Money:
    policy = policy_of(terms.policy, receivable.principal, fees=False)
    claim = claim_on(facts_of(receivable, terms, 0), policy, on, LAW)
    total = Money.zero(receivable.invoice.gross.currency)
    for one in claim.charges:
        if one.kind == "interest":
            total += one.amount
    return total


def booked_of(receivable: Receivable) -> Booked:
    sums = dict.fromkeys(
        ("fee", "interest", "compensation", "absorbed"),
        Money.zero(receivable.invoice.gross.currency),
    )
    for one in receivable.charges.values():
        sums[one.charge.kind] += one.lawful
    return Booked(sums["fee"], sums["interest"], sums["compensation"], sums["absorbed"])


def policy_of(policy: ChargePolicy, overdue: Money, *, fees: bool) -> Policy:
    """The creditor's choices for the engine; the fee by what is overdue in the whole letter."""
    return Policy(
        interest="contract" if policy.interest == "own" else policy.interest,
        contract_rate=None if policy.rate is None else Decimal(policy.rate),
        fees=policy.fees if fees else "none",
        fee_wanted=fee_of(policy.tiers, overdue) if policy.fees == "own" else None,
        fee_clause=policy.fee_clause,
        allocation="principal_first",
        day_count=policy.day_count,
        count_due_date=policy.count_due_date,
    )


def fee_of(tiers: Sequence[FeeTier], overdue: Money) -> Money | None:
    """The fee of the highest tier that is reached; the boundary belongs to the higher tier."""
    reached = [
        tier
        for tier in tiers
        if tier.from_principal.currency == overdue.currency and tier.from_principal <= overdue
    ]
    if not reached:
        return None
    return max(reached, key=lambda tier: tier.from_principal.minor).fee


def facts_of(receivable: Receivable, terms: Terms, earlier_fees: int) -> ClaimFacts:
    invoice = receivable.invoice
    return ClaimFacts(
        country=terms.country,
        debtor_kind=terms.debtor_kind,
        principal=invoice.gross,
        due_on=invoice.due_on,
        due_basis=invoice.due_basis,
        sent_on=invoice.sent_on,
        reductions=tuple(_reduction(one) for one in receivable.movements),
        letters=tuple(_letter_sent(receivable, notice_id) for notice_id in _letters(receivable)),
        earlier_fees=earlier_fees,
        transferred_on=receivable.case.handed_over_on if receivable.case else None,
    )
