"""What the law lets an invoice carry, asked of the engine in its words and answered in ours.

The one place where an invoice's history becomes a claim. What is matched with an invoice in the ledger
reduces its principal, since whoever matched it said so; what pays a charge is matched with the charge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from services.dunning.model.charge import Priced
from services.dunning.model.claim import lawful_interest
from services.dunning.model.collective import Part, collective_charges
from services.dunning.model.defaults import resolved
from services.dunning.model.facts import Booked, ClaimFacts, LetterSent, Reduction, ReductionKind
from services.dunning.model.law.packs import law_book
from services.dunning.model.letter_charges import corrections
from services.dunning.model.naming import charge_id_of
from services.dunning.model.policy import Policy
from services.dunning.model.receivable import Receivable, Sent
from services.dunning.values import Charge, Claimed, Movement, Plan, Terms
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
class Arrears:
    """What a debtor's present arrears have borne already.

    `fee_letters` counts those that were not about the invoice that bears this one's fee; `compensated`
    are the invoices on which the flat compensation stands.
    """

    fee_letters: int = 0
    compensated: Collection[UUID] = ()


@dataclass(frozen=True, slots=True)
class PricedLetter:
    """What a letter adds to each of its invoices, and the days that it sets.

    `against` is the code of what keeps it from being written: a rule that is missing, or one that
    nobody has verified where the creditor wants verified ones only.
    """

    added: Mapping[UUID, tuple[Charge, ...]] = field(default_factory=dict)
    pay_by_on: date | None = None
    valid_through_on: date = date.max
    against: str | None = None


def letter(group: Sequence[Item], notice_id: UUID, arrears: Arrears, terms: Terms) -> PricedLetter:
    """One letter has one fee; interest is each invoice's own."""
    plan = group[0].plan
    parts = {
        item.invoice_id: Part(
            replace(
                facts_of(item.receivable, terms),
                earlier_fees=arrears.fee_letters,
                compensated_in_arrears=bool(set(arrears.compensated) - {item.invoice_id}),
            ),
            booked_of(item.receivable),
        )
        for item in group
    }
    answers = collective_charges(
        parts, policy_of(terms), terms.today_on, plan.kind.value, law_book(), charged=plan.charged
    )
    if any(answer.missing for answer in answers.values()):
        return PricedLetter(against="rule_missing")
    unverified = any(answer.is_unverified for answer in answers.values())
    if unverified and not terms.policy.accept_unverified:
        return PricedLetter(against="rule_unverified")
    return PricedLetter(
        added={
            invoice_id: _charges(answer.added, notice_id, invoice_id)
            for invoice_id, answer in answers.items()
        },
        pay_by_on=max(answer.pay_by_on for answer in answers.values()),
        valid_through_on=min(answer.valid_through_on for answer in answers.values()),
    )


def _charges(added: Sequence[Priced], notice_id: UUID, invoice_id: UUID) -> tuple[Charge, ...]:
    return tuple(
        Charge(
            charge_id=charge_id_of(notice_id, invoice_id, f"{one.kind}:{number}"),
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
    return next(accruing(receivable, terms, [on]), zero)


def accruing(receivable: Receivable, terms: Terms, days: Iterable[date]) -> Iterator[Money]:
    """The same for each of these days, up to the first whose rate is not known."""
    booked = booked_of(receivable).interest
    facts, policy, law = facts_of(receivable, terms), policy_of(terms), law_book()
    for day in days:
        lawful = lawful_interest(facts, policy, day, law)
        if lawful is None:
            return
        yield max(booked, lawful) - booked


def unlawful(
    after: Receivable, terms: Terms, before: Receivable, terms_before: Terms | None = None
) -> tuple[Claimed, ...]:
    """What has been charged and, on what is known now, was never owed: from the latest charge backwards.

    `before` is the invoice until now, and `terms_before` how its debtor stood, where that has changed:
    what its creditor has set since is no reason by itself.
    What compensation absorbed of a fee that falls is negative, and comes back with it.
    """
    charged = [one for one in after.charges.values() if one.lawful]
    if not charged:
        return ()
    wrong = corrections(
        facts_of(after, terms),
        policy_of(terms),
        max(one.charged_on for one in charged),
        law_book(),
        booked_of(after),
        facts_of(before, terms_before or terms),
    )
    back: list[Claimed] = []
    for line in wrong:
        left = -line.amount.minor
        for one in reversed([one for one in charged if one.charge.kind == line.kind]):
            stands = one.lawful.minor
            if left * stands > 0:
                taken = min(left, stands) if left > 0 else max(left, stands)
                back.append(Claimed(one.charge.charge_id, Money(taken, one.lawful.currency)))
                left -= taken
    return tuple(back)


def booked_of(receivable: Receivable) -> Booked:
    sums = dict.fromkeys(
        ("fee", "interest", "compensation", "absorbed"),
        Money.zero(receivable.invoice.gross.currency),
    )
    for one in receivable.charges.values():
        sums[one.charge.kind] += one.lawful
    return Booked(sums["fee"], sums["interest"], sums["compensation"], sums["absorbed"])


def policy_of(terms: Terms) -> Policy:
    """The creditor's choices for the engine. Payments have been allocated by the ledger already."""
    chosen = resolved(terms.policy, terms.country, terms.debtor_kind, terms.today_on, law_book())
    return replace(chosen, allocation="principal_first")


def facts_of(receivable: Receivable, terms: Terms) -> ClaimFacts:
    """An invoice's history as the engine asks for it."""
    invoice = receivable.invoice
    return ClaimFacts(
        country=terms.country,
        debtor_kind=terms.debtor_kind,
        principal=invoice.gross,
        due_on=invoice.due_on,
        due_basis=invoice.due_basis,
        sent_on=invoice.sent_on,
        reductions=tuple(_reduction(one) for one in receivable.movements),
        letters=tuple(_letter_sent(one, receivable) for one in receivable.letters),
        transferred_on=receivable.case.handed_over_on if receivable.case else None,
    )


def _reduction(movement: Movement) -> Reduction:
    kind: ReductionKind = "payment"
    if movement.kind == "credit_note":
        kind = "correction" if movement.correction else "goodwill"
    return Reduction(kind, movement.amount, movement.value_on, known_on=movement.matched_on)


def _letter_sent(sent: Sent, receivable: Receivable) -> LetterSent:
    """With what it carried: a fee of another invoice of the same letter is not this one's."""
    fee = interest = Money.zero(receivable.invoice.gross.currency)
    for one in receivable.charges.values():
        if one.notice_id == sent.notice_id and one.charge.kind == "fee":
            # A negative line takes back another letter's fee and is none of this one's.
            fee += max(one.charge.amount, Money.zero(fee.currency))
        elif one.notice_id == sent.notice_id and one.charge.kind == "interest":
            interest += one.charge.amount
    return LetterSent(
        kind=sent.kind.value,
        sent_on=sent.sent_on,
        charged=sent.charged,
        pay_by_on=sent.deadline_on,
        fee=fee,
        interest=interest,
    )
