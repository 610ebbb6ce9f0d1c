"""The engine: from what is known of a claim to what it may carry on a day, with the reason for each øre."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.dunning.model.allocation import Ledger, walked
from services.dunning.model.charge import RULE_MISSING, Priced, Refusal, versions
from services.dunning.model.compensation import Compensation, absorbed_by, compensation_of
from services.dunning.model.conditions import Letter, Question
from services.dunning.model.due import Due, due_of, unpaid_as_known_on, unpaid_on
from services.dunning.model.facts import ClaimFacts, LetterSent
from services.dunning.model.fees import RULES, judged
from services.dunning.model.interest import CONTRACT, composed, refused_rate, statutory_rule
from services.dunning.model.law.book import Days, LawBook, RuleMissing
from services.dunning.model.policy import Policy
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What is open, by what it is open for. None where a rate is missing and nobody can tell."""

    principal: Money | None
    interest: Money | None
    costs: Money | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim on a day: all charges since it arose, what was refused, what is open.

    `interest` is all of it, paid or not; with `total`, what is open altogether, it is None when the
    rate of a day is not known. `principal` is what is open of the invoice in the ledger: less all
    reductions, whatever they settle here. `overpaid` is what came in beyond the claim: an open credit
    of the debtor's. `letters` are those of the facts, with the fee that each may bear.
    """

    on: date
    due: Due
    law_version: str
    charges: tuple[Priced, ...]
    refused: tuple[Refusal, ...]
    letters: tuple[Letter, ...]
    interest: Money | None
    principal: Money
    outstanding: Outstanding
    total: Money | None
    overpaid: Money

    def sum_of(self, kind: str) -> Money:
        """All charges of a kind together."""
        minor = sum(one.amount.minor for one in self.charges if one.kind == kind)
        return Money(minor, self.principal.currency)


def claim_on(
    facts: ClaimFacts,
    policy: Policy,
    on: date,
    law: LawBook,
    known_at: datetime | None = None,
    overdue: Money | None = None,
) -> Claim:
    """What a claim may carry at the end of a day, by the law as it was known at an instant.

    `overdue` is the overdue principal of all claims that the last letter is about, where those are
    several: fee tiers go by it.
    """
    law = law.as_known(known_at)
    try:
        due = due_of(facts, policy, law)
    except RuleMissing as missing:
        return _without_due_date(facts, on, law, missing)
    letters, refused = _letters(facts, policy, due, law, on, overdue)
    compensation, refusal = compensation_of(facts, due, law, on)
    policy, refused_rates, compared = _with_lawful_rate(facts, policy, law, due, on)

    def costs_on(day: date) -> int:
        # A letter of the same day comes after the payment; compensation ranks from its day.
        before = [one for one in letters if one.sent.sent_on < day]
        return _costs(before, compensation, facts, law, day)

    ledger = walked(facts, policy, law, due, on, costs_on)
    charges = [one.priced for one in letters if one.priced]
    if compensation is not None:
        charges.append(compensation.priced)
        absorbed = absorbed_by(compensation, letters, facts, law, _last_day(letters, compensation))
        charges += [absorbed] if absorbed else []
    charges += _interest(ledger, policy, facts, on, compared=compared)
    found = [*refused, *([refusal] if refusal else []), *refused_rates]
    if ledger.missing:
        found.append(_missing(ledger.missing))
    return _claim(
        facts,
        due,
        law,
        on,
        charges,
        found,
        letters,
        ledger,
        _costs(letters, compensation, facts, law, on),
    )


def lawful_interest(facts: ClaimFacts, policy: Policy, on: date, law: LawBook) -> Money | None:
    """All interest that the law has allowed by a day, on what is known now; None without a rate."""
    return claim_on(facts, policy, on, law).interest


def _without_due_date(facts: ClaimFacts, on: date, law: LawBook, missing: RuleMissing) -> Claim:
    """A claim of a time whose days from sending are not known: nothing can be charged on it."""
    told_on = facts.due_on or facts.sent_on
    assert told_on is not None
    sent = sorted(
        (one for one in facts.letters if one.sent_on <= on and one.kind != "statement"),
        key=lambda one: one.sent_on,
    )
    return _claim(
        facts=facts,
        due=Due(told_on, told_on, told_on),
        law=law,
        on=on,
        charges=[],
        refused=[_missing(missing)],
        letters=tuple(Letter(one, one.kind, None) for one in sent),
        ledger=Ledger(unpaid_on(facts, on), missing=missing),
        costs=0,
    )


def _letters(
    facts: ClaimFacts, policy: Policy, due: Due, law: LawBook, on: date, overdue: Money | None
) -> tuple[tuple[Letter, ...], list[Refusal]]:
    """The letters sent by a day, in order, each judged by what went before; the hand-over is one."""
    sent = [one for one in facts.letters if one.sent_on <= on and one.kind != "statement"]
    sent.sort(key=lambda one: one.sent_on)
    asked: list[tuple[str, LetterSent]] = [(one.kind, one) for one in sent]
    if facts.transferred_on and facts.transferred_on <= on and "transfer" in RULES[facts.country]:
        asked.append(("transfer", LetterSent("demand", facts.transferred_on)))
    judged_letters: list[Letter] = []
    refused: list[Refusal] = []
    for number, (kind, letter) in enumerate(asked, start=1):
        base = Money(unpaid_as_known_on(facts, letter.sent_on), facts.currency)
        if overdue is not None and number == len(asked) and kind != "transfer":
            base = overdue
        day = letter.sent_on
        days = Days(notice_sent=day, due_date=due.nominal, measure_date=day, transfer_date=day)
        question = Question(facts, policy, due, law, letter, kind, judged_letters, base, days)
        one, faults = judged(question)
        judged_letters.append(one)
        refused += faults
    return tuple(judged_letters), refused


def _with_lawful_rate(
    facts: ClaimFacts, policy: Policy, law: LawBook, due: Due, on: date
) -> tuple[Policy, list[Refusal], bool]:
    """An agreed rate that a consumer cannot be bound to is refused, not lowered: no interest."""
    try:
        refusal = refused_rate(facts, policy, law, due.nominal, due.free_through_on, on)
    except RuleMissing:
        # An agreed rate needs no reference row; that it was not compared marks the charge.
        return policy, [], False
    if refusal is None:
        return policy, [], True
    return replace(policy, interest="none"), [refusal], True


def _costs(
    letters: Sequence[Letter],
    compensation: Compensation | None,
    facts: ClaimFacts,
    law: LawBook,
    on: date,
) -> int:
    fees = sum(one.fee for one in letters)
    if compensation is None or compensation.on > on:
        return fees
    absorbed = absorbed_by(compensation, letters, facts, law, on)
    taken = absorbed.amount.minor if absorbed else 0
    return fees + compensation.priced.amount.minor + taken


def _last_day(letters: Sequence[Letter], compensation: Compensation) -> date:
    return max([compensation.on, *(one.sent.sent_on for one in letters if one.fee)])


def _interest(
    ledger: Ledger, policy: Policy, facts: ClaimFacts, on: date, *, compared: bool
) -> Iterable[Priced]:
    if not ledger.interest:
        return
    rows = tuple(dict.fromkeys(row for one in ledger.stretches for row in one.rows))
    windows = [*ledger.windows, ledger.interest - sum(ledger.windows)]
    rule_id = CONTRACT if policy.interest == "contract" else statutory_rule(facts.country)
    yield Priced(
        kind="interest",
        amount=Money(ledger.interest, facts.currency),
        rule_id=rule_id,
        law=rows[0].law if rows else "the contract",
        version=versions(rows) or CONTRACT,
        on=on,
        unverified=not compared or any(row.is_unverified for row in rows),
        spans=tuple(one.span for one in ledger.stretches),
        inputs={
            "rates": "; ".join(dict.fromkeys(composed(one) for one in ledger.stretches)),
            "day_count": policy.day_count,
            "rounding": "half up, once for each window",
            "windows": " + ".join(str(Money(one, facts.currency).decimal) for one in windows),
        },
    )


def _missing(missing: RuleMissing) -> Refusal:
    return Refusal(RULE_MISSING, missing.rule_id, missing.law, str(missing), on=missing.on)


def _claim(
    facts: ClaimFacts,
    due: Due,
    law: LawBook,
    on: date,
    charges: list[Priced],
    refused: list[Refusal],
    letters: tuple[Letter, ...],
    ledger: Ledger,
    costs: int,
) -> Claim:
    currency = facts.currency

    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, currency)

    interest = ledger.interest
    open_interest = None if interest is None else interest - ledger.interest_paid
    # Costs can fall after they were settled, when a letter's fee proves not to be owed.
    open_costs = None if ledger.costs_paid is None else max(costs - ledger.costs_paid, 0)
    parts = (ledger.principal, open_interest, open_costs)
    total = None
    if None not in parts:
        total = Money(sum(part for part in parts if part is not None), currency)
    came = sum(
        one.amount.minor
        for one in facts.reductions
        if one.kind != "correction" and one.value_on <= on
    )
    return Claim(
        on=on,
        due=due,
        law_version=law.version,
        charges=tuple(charges),
        refused=tuple(refused),
        letters=letters,
        interest=money(interest),
        principal=Money(max(facts.corrected.minor - came, 0), currency),
        outstanding=Outstanding(*(money(part) for part in parts)),
        total=total,
        overpaid=Money(ledger.overpaid, currency),
    )
