"""The fee of a letter: what the row of its kind caps, if the conditions of that row hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from services.dunning.model.charge import RULE_MISSING, Priced, Refusal, versions
from services.dunning.model.conditions import WORDS, Letter, Question, fault_of
from services.dunning.model.facts import HOME
from services.dunning.model.law.book import Found, RuleMissing
from services.dunning.model.policy import Policy
from shared.money import Money

RULES: Final[dict[str, dict[str, str]]] = {
    "DK": {
        "reminder": "dk.fee.reminder",
        "warning": "dk.fee.reminder",
        "demand": "dk.fee.reminder",
        "transfer": "dk.fee.transfer",
    },
    "SE": {
        "reminder": "se.fee.reminder",
        "warning": "se.fee.demand",
        "demand": "se.fee.demand",
        "transfer": "se.fee.demand",
    },
    "NO": {
        "reminder": "no.fee.reminder",
        "warning": "no.fee.warning",
        "demand": "no.fee.demand",
    },
    "FI": {"reminder": "fi.fee.reminder", "demand": "fi.fee.demand"},
}
"""Which rule prices a kind of letter. A Danish warning is a reminder with a deadline; the Swedish one
is the inkassokrav; a Finnish one has no fee of its own."""


def judged(question: Question) -> tuple[Letter, tuple[Refusal, ...]]:
    """The letter with the fee that it may bear, and why it may not bear more."""
    letter = question.letter
    # What a letter has carried is judged by the law, not by what its creditor has set since.
    wanted = question.policy.fees != "none" if letter.fee is None else bool(letter.fee)
    if not letter.charged or letter.kind == "statement" or not wanted:
        return Letter(letter, question.kind, None), ()
    rule_id = RULES[question.facts.country].get(question.kind)
    if rule_id is None:
        rule = f"{question.facts.country.lower()}.fee.{question.kind}"
        text = f"a {question.kind} has no fee of its own in {question.facts.country}"
        return Letter(letter, question.kind, None), (
            Refusal("NO_FEE", rule, "", text, on=letter.sent_on),
        )
    if not question.facts.is_home:
        home = HOME[question.facts.country]
        text = (
            f"fees are stated in {home}; a claim in {question.facts.currency} bears interest only"
        )
        return Letter(letter, question.kind, rule_id), (
            Refusal(
                "FOREIGN_CURRENCY", rule_id, question.law.cited(rule_id), text, on=letter.sent_on
            ),
        )
    try:
        row = question.law.chosen(rule_id, question.facts.debtor_kind, question.days)
        fault = fault_of(question, row)
        if fault is not None:
            return Letter(letter, question.kind, rule_id, None, row.requires), (fault,)
        return _priced(question, question.rule(rule_id, question.overdue))
    except RuleMissing as missing:
        return Letter(letter, question.kind, rule_id), (
            Refusal(RULE_MISSING, missing.rule_id, missing.law, str(missing), on=missing.on),
        )


def _priced(question: Question, found: Found) -> tuple[Letter, tuple[Refusal, ...]]:
    """The wanted fee, lowered to what the row allows."""
    row, rows = found.row, list(found.rows)
    cap, refused = found.money, []
    for name in row.requires:
        if name in WORDS or not question.law.governs(name, question.facts.debtor_kind):
            continue
        limit = question.rule(name, question.overdue)
        lowered = _lowered(question, found, limit, cap)
        if lowered is None or lowered >= cap:
            continue
        rows.append(limit.row)
        cap = lowered
        if limit.row.parameter == "total_cap":
            text = f"all costs together may come to {limit.money}, and {cap} is left"
            refused.append(question.refused("TOTAL_CAP", limit.row, text))
    wanted = wanted_fee(question.policy, question.kind, question.overdue, cap)
    if question.letter.fee is not None:
        wanted = question.letter.fee
    if wanted > cap:
        text = f"{wanted} was asked for, and no more than {cap} may be"
        refused.append(question.refused("ABOVE_CAP", row, text, amount=wanted - cap))
    amount = min(wanted.minor, cap.minor)
    letter = Letter(question.letter, question.kind, row.rule_id, None, row.requires)
    if not amount:
        return letter, tuple(refused)
    priced = Priced(
        kind="fee",
        amount=Money(amount, cap.currency),
        rule_id=row.rule_id,
        law=row.law,
        version=versions(tuple(rows)),
        on=question.letter.sent_on,
        unverified=any(one.is_unverified for one in rows),
        inputs={
            "letter": question.kind,
            "sent_on": question.letter.sent_on.isoformat(),
            "most": str(cap.decimal),
            "wanted": str(wanted.decimal),
            "overdue_principal": str(question.overdue.decimal),
        },
    )
    return replace(letter, priced=priced), tuple(refused)


def _lowered(question: Question, found: Found, limit: Found, cap: Money) -> Money | None:
    """What a rule beside the row's own leaves of a fee; None where it limits no amount."""
    match limit.row.parameter:
        case "later_divisor":
            is_later = any(one.fee and one.rule_id == found.row.rule_id for one in question.earlier)
            return Money(cap.minor // limit.number, cap.currency) if is_later else None
        case "total_cap":
            left = limit.number - sum(one.fee for one in question.earlier)
            return Money(max(left, 0), cap.currency)
        case _:
            return None


def wanted_fee(policy: Policy, kind: str, overdue: Money, cap: Money) -> Money:
    """What the creditor asks for: by tiers, as one amount, or all that the law allows.

    The fee of a hand-over is the law's. A boundary belongs to the higher tier; below the lowest there
    is no fee.
    """
    if policy.fees != "own" or kind == "transfer":
        return cap
    if policy.tiers:
        reached = [tier for tier in policy.tiers if tier.from_principal <= overdue]
        best = max(reached, key=lambda tier: tier.from_principal.minor, default=None)
        return best.fee if best else Money.zero(cap.currency)
    return policy.fee_wanted or cap
