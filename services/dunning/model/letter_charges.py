"""What a letter adds to a claim, and how long it may be sent as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.dunning.model.charge import RULE_MISSING, Priced, Refusal
from services.dunning.model.claim import Claim, claim_on
from services.dunning.model.deadlines import Deadline, deadline_of
from services.dunning.model.facts import Booked, ClaimFacts, LetterKind, LetterSent
from services.dunning.model.law.book import Days, LawBook
from services.dunning.model.law.rows import Selector
from services.dunning.model.policy import Policy
from services.dunning.values import ChargeKind
from shared.money import Money

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LetterCharges:
    """What a letter sent on a day adds: its fee, and the lines that bring what is booked up to the law.

    A negative line takes back what was booked and has proved not to be owed. `pay_by_on` is the
    deadline that the letter sets; `valid_through_on` the last day on which it may be sent as it stands.
    """

    added: tuple[Priced, ...]
    refused: tuple[Refusal, ...]
    pay_by_on: date
    valid_through_on: date

    @property
    def missing(self) -> tuple[Refusal, ...]:
        """Rules without a row for their day. Where there are any, the letter must wait."""
        return tuple(one for one in self.refused if one.code == RULE_MISSING)

    @property
    def is_unverified(self) -> bool:
        return any(one.unverified for one in self.added)


def letter_charges(
    facts: ClaimFacts,
    policy: Policy,
    on: date,
    kind: LetterKind,
    law: LawBook,
    booked: Booked,
    *,
    charged: bool = True,
    overdue: Money | None = None,
    fee: bool = True,
) -> LetterCharges:
    """What a letter of a kind adds if it leaves on a day.

    Interest is all that the law has allowed so far less what is booked, so that rounding never adds
    up. Without `charged`, and on a statement, nothing is added. `fee` is False for the claims of a
    collective letter that do not bear its one fee; `overdue` is then the principal of all of them.
    """
    deadline = deadline_of(facts.country, kind, facts.debtor_kind, on, law)
    if not charged or kind == "statement":
        return LetterCharges((), (), deadline.on, _sendable_through(deadline, on))
    letter = LetterSent(kind, on, charged=fee, pay_by_on=deadline.on)
    claims_it = policy.compensation or booked.compensation
    claimed_on = facts.compensation_claimed_on or (on if claims_it else None)
    after = replace(facts, letters=(*facts.letters, letter), compensation_claimed_on=claimed_on)
    claim = claim_on(after, policy, on, law, overdue=overdue)
    priced = claim.letters[-1].priced
    added = [
        *([priced] if priced else []),
        *_fees(claim, booked, priced),
        *_of_kind(claim, "compensation", booked.compensation),
        *_of_kind(claim, "absorbed", booked.absorbed),
        *_interest(claim, after, policy, booked, law),
    ]
    # Earlier letters keep their own refusals: only what concerns this one is told with it.
    refused = tuple(one for one in claim.refused if one.on == on or one.code == RULE_MISSING)
    through = on
    if policy.interest == "none" or not claim.principal:
        through = min(_sendable_through(deadline, on), _rules_hold_through(claim, law, facts, on))
    return LetterCharges(tuple(added), refused, deadline.on, through)


def corrections(
    facts: ClaimFacts,
    policy: Policy,
    booked_on: date,
    law: LawBook,
    booked: Booked,
    before: ClaimFacts | None = None,
) -> tuple[Priced, ...]:
    """What takes back that which was booked by a day and, on what is known now, was not owed then.

    A credit note that corrects the invoice, a payment that came late into the books: both lower what
    was lawful when it was charged. Lines are negative; only what compensation had absorbed of a fee
    that falls away comes back as a positive one. Never more is taken back than was booked.

    `before` are the facts as they were until now. With them a creditor who has lowered the rate since
    takes back what these facts change and not what the new rate does.
    """
    claimed_on = facts.compensation_claimed_on or (booked_on if booked.compensation else None)
    known = replace(facts, compensation_claimed_on=claimed_on)
    claim = claim_on(known, policy, booked_on, law)
    wrong = [
        *_fees(claim, booked, None),
        *(
            one
            for one in _of_kind(claim, "compensation", booked.compensation)
            if one.amount.minor < 0
        ),
    ]
    if wrong:
        wrong += _of_kind(claim, "absorbed", booked.absorbed)
    return (*wrong, *_interest_back(claim, known, policy, booked.interest, law, before))


def _fees(claim: Claim, booked: Booked, this: Priced | None) -> Iterator[Priced]:
    """The fees of earlier letters: what one did not ask for is not asked for now, only wrong righted."""
    earlier = claim.sum_of("fee") - (this.amount if this else Money.zero(booked.fees.currency))
    if earlier < booked.fees:
        yield _line(claim, "fee", earlier - booked.fees)


def _of_kind(claim: Claim, kind: ChargeKind, before: Money) -> Iterator[Priced]:
    difference = claim.sum_of(kind) - before
    if difference:
        yield _line(claim, kind, difference)


def _interest(
    claim: Claim, facts: ClaimFacts, policy: Policy, booked: Booked, law: LawBook
) -> Iterator[Priced]:
    """All interest so far less what is booked. What was lawful when it was booked stays, also where
    the creditor has lowered the rate since or asks for none any more.
    """
    if claim.interest is None:
        return
    if claim.interest > booked.interest:
        yield _line(claim, "interest", claim.interest - booked.interest)
    else:
        yield from _interest_back(claim, facts, policy, booked.interest, law, None, at_most=True)


def _interest_back(
    claim: Claim,
    facts: ClaimFacts,
    policy: Policy,
    booked: Money,
    law: LawBook,
    before: ClaimFacts | None,
    *,
    at_most: bool = False,
) -> Iterator[Priced]:
    """What was booked beyond what can have been lawful.

    That is what the policy allows now; with `at_most`, or beside `before`, it is the most that either
    law or policy allows, and from `before` on what the change of facts makes of it.
    """
    if not booked:
        return
    if policy.interest == "none":
        policy = replace(policy, interest="legal")
        claim = claim_on(facts, policy, claim.on, law)
    lawful = claim.interest
    if lawful is None or lawful >= booked:
        return
    excess = booked - lawful
    if at_most or before is not None:
        most = _most(claim, facts, policy, law)
        over = Money.zero(booked.currency) if most is None else max(booked - most, booked - booked)
        fell = _fell(claim, policy, law, before)
        excess = min(excess, max(over, fell))
    if excess:
        yield _line(claim, "interest", -excess)


def _most(claim: Claim, facts: ClaimFacts, policy: Policy, law: LawBook) -> Money | None:
    """The most interest that law or contract allows."""
    if policy.interest == "legal" or claim.interest is None:
        return claim.interest
    legal = claim_on(facts, replace(policy, interest="legal"), claim.on, law).interest
    return None if legal is None else max(legal, claim.interest)


def _fell(claim: Claim, policy: Policy, law: LawBook, before: ClaimFacts | None) -> Money:
    """By how much the change of facts has lowered what was lawful."""
    zero = Money.zero(claim.principal.currency)
    if before is None or claim.interest is None:
        return zero
    earlier = claim_on(before, policy, claim.on, law).interest
    return zero if earlier is None else max(earlier - claim.interest, zero)


def _line(claim: Claim, kind: ChargeKind, amount: Money) -> Priced:
    """A difference, under the rule of what it brings up to date; `inputs` say of what it is one."""
    lawful = claim.sum_of(kind)
    inputs = {"lawful": str(lawful.decimal), "booked": str((lawful - amount).decimal)}
    stands = [one for one in claim.charges if one.kind == kind]
    if stands:
        last = stands[-1]
        return replace(last, amount=amount, on=claim.on, inputs={**last.inputs, **inputs})
    return Priced(
        kind=kind,
        amount=amount,
        rule_id="correction",
        law="nothing of it is owed",
        version=claim.law_version,
        on=claim.on,
        inputs=inputs,
    )


def _sendable_through(deadline: Deadline, on: date) -> date:
    """How long the deadline stays lawful; one of our own choosing only has to lie ahead."""
    if deadline.row.kind == "floor":
        return on + deadline.slack_days * _DAY
    return max(on, deadline.on - _DAY)


def _rules_hold_through(claim: Claim, law: LawBook, facts: ClaimFacts, on: date) -> date:
    """Until when the rules that are chosen by the day of sending stay as they are."""
    last = date.max
    days = Days(notice_sent=on, due_date=claim.due.nominal, measure_date=on)
    for letter in claim.letters[-1:]:
        if letter.rule_id is None:
            continue
        for row in law.find(letter.rule_id, facts.debtor_kind, days, claim.principal).rows:
            if row.selector is Selector.NOTICE_SENT and row.valid_to is not None:
                last = min(last, row.valid_to - _DAY)
    return last
