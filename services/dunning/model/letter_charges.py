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
    deadline that the letter sets; `valid_through` the last day on which it may be sent as it stands.
    """

    added: tuple[Priced, ...]
    refused: tuple[Refusal, ...]
    pay_by_on: date
    valid_through: date

    @property
    def missing(self) -> tuple[Refusal, ...]:
        """Rules without a row for their day. Where there are any, the letter must wait (§9a.3)."""
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
    deadline_days: int | None = None,
    overdue: Money | None = None,
    fee: bool = True,
) -> LetterCharges:
    """What a letter of a kind adds if it leaves on a day.

    Interest is all that the law has allowed so far less what is booked, so that rounding never adds
    up. Without `charged`, and on a statement, nothing is added. `fee` is False for the claims of a
    collective letter that do not bear its one fee; `overdue` is then the principal of all of them.
    """
    deadline = deadline_of(facts.country, kind, facts.debtor_kind, on, law, deadline_days)
    if not charged or kind == "statement":
        return LetterCharges((), (), deadline.on, _sendable_through(deadline, on))
    letter = LetterSent(kind, on, charged=fee, pay_by_on=deadline.on)
    claimed_on = facts.compensation_claimed_on or (on if policy.compensation else None)
    after = replace(facts, letters=(*facts.letters, letter), compensation_claimed_on=claimed_on)
    claim = claim_on(after, policy, on, law, overdue=overdue)
    priced = claim.letters[-1].priced
    added = [*([priced] if priced else []), *_lines(claim, policy, booked, priced)]
    # Earlier letters keep their own refusals: only what concerns this one is told with it.
    refused = tuple(one for one in claim.refused if one.on == on or one.code == RULE_MISSING)
    through = on
    if policy.interest == "none" or not claim.principal:
        through = min(_sendable_through(deadline, on), _rules_hold_through(claim, law, facts, on))
    return LetterCharges(tuple(added), refused, deadline.on, through)


def corrections(
    facts: ClaimFacts, policy: Policy, booked_on: date, law: LawBook, booked: Booked
) -> tuple[Priced, ...]:
    """Negative lines for what was booked by a day and, on what is known now, was not owed then.

    A credit note that corrects the invoice, a payment that came late into the books: both lower what
    was lawful when it was charged. Never more is taken back than was booked.
    """
    claim = claim_on(facts, policy, booked_on, law)
    return tuple(one for one in _lines(claim, policy, booked, None) if one.amount.minor < 0)


def _lines(claim: Claim, policy: Policy, booked: Booked, fee: Priced | None) -> Iterator[Priced]:
    """Per kind of charge the difference between what is lawful and what is booked."""
    this_fee = fee.amount if fee else Money.zero(claim.principal.currency)
    fees = claim.sum_of("fee") - this_fee - booked.fees
    # A fee that an earlier letter did not ask for is not asked for now: only the wrong is righted.
    if fees.minor < 0:
        yield _line(claim, "fee", fees)
    for kind, before in (("compensation", booked.compensation), ("absorbed", booked.absorbed)):
        difference = claim.sum_of(kind) - before
        if difference:
            yield _line(claim, kind, difference)  # type: ignore[arg-type]  # the two literals
    if claim.interest is None or policy.interest == "none":
        return
    interest = claim.interest - booked.interest
    if interest:
        yield _line(claim, "interest", interest)


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
