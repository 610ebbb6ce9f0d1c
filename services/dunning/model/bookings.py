"""What each letter booked: its fee, and all interest until its day less what was booked before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.dunning.model.claim import Claim, claim_on
from services.dunning.model.conditions import Letter
from services.dunning.model.facts import Booked, ClaimFacts
from services.dunning.model.law.book import LawBook
from services.dunning.model.policy import Policy
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Booking:
    """One letter's. `interest` is None on a letter without charges and where a rate is missing."""

    letter: Letter
    fee: Money
    interest: Money | None


def bookings(facts: ClaimFacts, policy: Policy, claim: Claim, law: LawBook) -> tuple[Booking, ...]:
    """What the letters of a claim booked: what they say that they carried, else what was lawful."""
    zero = Money.zero(facts.currency)
    made: list[Booking] = []
    before = zero
    for letter in claim.letters:
        if letter.kind == "transfer":
            continue
        fee = letter.priced.amount if letter.priced else zero
        if letter.sent.fee is not None:
            fee = letter.sent.fee
        interest = letter.sent.interest
        if interest is None and letter.sent.charged:
            lawful = claim_on(facts, policy, letter.sent.sent_on, law).interest
            interest = None if lawful is None else lawful - before
        before += interest or zero
        made.append(Booking(letter, fee, interest))
    return tuple(made)


def booked_by(
    facts: ClaimFacts, policy: Policy, on: date, law: LawBook, claim: Claim | None = None
) -> Booked:
    """All that letters have booked by a day, and the compensation that was claimed by then."""
    claim = claim or claim_on(facts, policy, on, law)
    zero = Money.zero(facts.currency)
    made = bookings(facts, policy, claim, law)
    return Booked(
        fees=sum((one.fee for one in made), zero),
        interest=sum((one.interest for one in made if one.interest), zero),
        compensation=claim.sum_of("compensation"),
        absorbed=claim.sum_of("absorbed"),
    )
