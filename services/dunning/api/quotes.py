"""What may a claim carry on a day? Answered from what is told, and nothing is kept.

POST /dunning/v1/quotes          one claim: each charge with its rule, what was refused, what is open
POST /dunning/v1/letter-quotes   one letter about several claims: a letter per currency, one fee in each

`forfald quote` answers through the same functions. Amounts are decimal strings ("10000.00"): a JSON
number is no amount of money.
"""

from __future__ import annotations

from fastapi import APIRouter

from services.dunning.api.law import law_api
from services.dunning.api.quote_answers import (
    ChargeLine,
    DueDates,
    LetterLine,
    LetterOfCurrency,
    LettersAnswer,
    OpenParts,
    PolicyTold,
    QuoteAnswer,
    RefusalLine,
    text,
)
from services.dunning.api.quote_requests import LetterAsked, QuoteAsked
from services.dunning.model.bookings import Booking, booked_by, bookings
from services.dunning.model.charge import Priced
from services.dunning.model.checking import is_listed
from services.dunning.model.claim import Claim, claim_on
from services.dunning.model.collective import Part, collective_charges
from services.dunning.model.deadlines import deadline_of, transfer_from
from services.dunning.model.due import unpaid_on
from services.dunning.model.facts import ClaimFacts
from services.dunning.model.law.book import LawBook, RuleMissing
from services.dunning.model.law.packs import law_book
from services.dunning.model.letter_charges import LetterCharges, corrections
from services.dunning.model.policy import Policy
from shared.calendar import calendar_version
from shared.decider import Rejected
from shared.money import Money
from shared.web.routers import api_router
from shared.web.scope import SignedIn


def quotes_api() -> APIRouter:
    """The quotes, and beside them the law that they cite."""
    api = api_router("dunning")
    api.routes.extend(law_api().routes)

    @api.post("/quotes")
    def quotes(_: SignedIn, asked: QuoteAsked) -> QuoteAnswer:
        """What a claim may carry on a day, and why no more. Stores nothing."""
        return quote(asked, law_book())

    @api.post("/letter-quotes")
    def letter_quotes(_: SignedIn, asked: LetterAsked) -> LettersAnswer:
        """What a letter may add to each of its claims, and why no more. Stores nothing."""
        return quote_letter(asked, law_book())

    return api


def answer(request: bytes) -> QuoteAnswer | LettersAnswer:
    """The answer to a request of either kind in JSON, one with `claims` being about a letter.

    Raises pydantic's `ValidationError`, or `Rejected`.
    """
    if b'"claims"' in request:
        return quote_letter(LetterAsked.model_validate_json(request), law_book())
    return quote(QuoteAsked.model_validate_json(request), law_book())


def quote(asked: QuoteAsked, law: LawBook) -> QuoteAnswer:
    """What a claim may carry. Raises `Rejected` naming the field where the facts are none."""
    law = law.as_known(asked.known_at)
    facts = asked.facts()
    try:
        policy = asked.policy.resolved(
            facts.country, facts.debtor_kind, facts.currency, asked.on, law
        )
        claim = claim_on(facts, policy, asked.on, law)
        return _answer(facts, policy, claim, law)
    except RuleMissing as missing:
        # Without the law's own days from sending, or its deadlines, there is no claim to price.
        raise Rejected(str(missing), code=missing.code, field="on") from missing


def quote_letter(asked: LetterAsked, law: LawBook) -> LettersAnswer:
    """What one letter adds to each of its claims: a letter per currency, and one fee in each."""
    law = law.as_known(asked.known_at)
    try:
        letters = [
            _letter_of(currency, asked, law)
            for currency in dict.fromkeys(claim.currency for claim in asked.claims)
        ]
    except RuleMissing as missing:
        raise Rejected(str(missing), code=missing.code, field="sent_on") from missing
    return LettersAnswer(law_version=law.version, letters=letters)


def _answer(facts: ClaimFacts, policy: Policy, claim: Claim, law: LawBook) -> QuoteAnswer:
    made = bookings(facts, policy, claim, law)
    overdue = unpaid_on(facts, claim.on) if claim.on > claim.due.effective else 0
    costs = claim.sum_of("fee") + claim.sum_of("compensation") + claim.sum_of("absorbed")
    return QuoteAnswer(
        on=claim.on,
        currency=facts.currency,
        law_version=claim.law_version,
        calendar_version=calendar_version(),
        policy=PolicyTold.of(policy),
        due=DueDates.of(claim.due),
        is_listed=is_listed(Money(overdue, facts.currency), policy),
        charges=[ChargeLine.of(one) for one in claim.charges],
        refused=[RefusalLine.of(one) for one in claim.refused],
        letters=[_letter_line(one, facts, law) for one in made],
        corrections=[ChargeLine.of(one) for one in _righted(facts, policy, made, law)],
        interest=text(claim.interest),
        costs=str(costs.decimal),
        outstanding=OpenParts(
            principal=text(claim.outstanding.principal),
            interest=text(claim.outstanding.interest),
            costs=text(claim.outstanding.costs),
        ),
        total=text(claim.total),
        overpaid=str(claim.overpaid.decimal),
    )


def _letter_line(booking: Booking, facts: ClaimFacts, law: LawBook) -> LetterLine:
    sent, priced = booking.letter.sent, booking.letter.priced
    deadline = deadline_of(facts.country, sent.kind, facts.debtor_kind, sent.sent_on, law)
    pay_by_on = sent.pay_by_on or deadline.on
    return LetterLine(
        kind=sent.kind,
        sent_on=sent.sent_on,
        fee=str((priced.amount if priced else Money.zero(facts.currency)).decimal),
        interest=text(booking.interest),
        pay_by_on=pay_by_on,
        transfer_from_on=transfer_from(pay_by_on),
    )


def _righted(
    facts: ClaimFacts, policy: Policy, made: tuple[Booking, ...], law: LawBook
) -> tuple[Priced, ...]:
    """What letters carried and was not owed on their day, on what is known now."""
    if not made:
        return ()
    last_on = made[-1].letter.sent.sent_on
    booked = booked_by(facts, policy, last_on, law)
    return corrections(facts, policy, last_on, law, booked)


def _letter_of(currency: str, asked: LetterAsked, law: LawBook) -> LetterOfCurrency:
    first = asked.claims[0]
    policy = asked.policy.resolved(first.country, first.debtor_kind, currency, asked.sent_on, law)
    parts: dict[str, Part] = {}
    for number, one in enumerate(asked.claims):
        if one.currency != currency:
            continue
        facts = one.facts(f"claims.{number}.")
        parts[one.key] = Part(facts, booked_by(facts, policy, asked.sent_on, law))
    added = collective_charges(parts, policy, asked.sent_on, asked.kind, law)
    total = sum(_open(part, added[key], asked) for key, part in parts.items())
    is_whole = not any(one.missing for one in added.values())
    return LetterOfCurrency(
        currency=currency,
        pay_by_on=next(iter(added.values())).pay_by_on,
        valid_through_on=min(one.valid_through_on for one in added.values()),
        added={key: [ChargeLine.of(line) for line in one.added] for key, one in added.items()},
        refused={key: [RefusalLine.of(line) for line in one.refused] for key, one in added.items()},
        total=str(Money(total, currency).decimal) if is_whole else None,
    )


def _open(part: Part, added: LetterCharges, asked: LetterAsked) -> int:
    """Principal and charges of a claim once the letter has left, in minor units."""
    facts, booked = part.facts, part.booked
    charged = [booked.fees, booked.interest, booked.compensation, booked.absorbed]
    charged += [one.amount for one in added.added]
    came = sum(
        one.amount.minor
        for one in facts.reductions
        if one.kind != "correction" and one.value_on <= asked.sent_on
    )
    return max(facts.corrected.minor + sum(one.minor for one in charged) - came, 0)
