"""Flat compensation between businesses, and the negative line that takes in fees already charged.

It is claimed, never automatic, and never of a consumer or in foreign currency. In Denmark it stands
beside the reminder fees, elsewhere it absorbs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.dunning.model.charge import RULE_MISSING, Priced, Refusal, versions
from services.dunning.model.conditions import Letter
from services.dunning.model.due import Due, is_paid_in_time
from services.dunning.model.facts import HOME, ClaimFacts
from services.dunning.model.law.book import Days, Found, LawBook, RuleMissing
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Compensation:
    """The compensation of a claim: from its first day on it is a cost like a fee."""

    priced: Priced
    found: Found
    on: date


def compensation_of(
    facts: ClaimFacts, due: Due, law: LawBook, on: date
) -> tuple[Compensation | None, Refusal | None]:
    """The compensation that has been claimed by a day, or why there is none."""
    claimed_on = facts.compensation_claimed_on
    if claimed_on is None or claimed_on > on:
        return None, None
    rule_id = f"{facts.country.lower()}.compensation"
    begins_on = max(claimed_on, due.effective + timedelta(days=1))

    def refused(code: str, cited: str, text: str) -> tuple[None, Refusal]:
        return None, Refusal(code, rule_id, cited, text, on=claimed_on)

    if not law.governs(rule_id, facts.debtor_kind):
        cited = law.cited(rule_id)
        return refused("CONSUMER", cited, "flat compensation is owed between businesses only")
    if not facts.is_home:
        text = f"the law states it in {HOME[facts.country]}; a foreign claim bears interest only"
        return refused("FOREIGN_CURRENCY", law.cited(rule_id), text)
    days = Days(due_date=due.nominal, measure_date=begins_on, notice_sent=begins_on)
    try:
        found = law.find(rule_id, facts.debtor_kind, days)
    except RuleMissing as missing:
        return None, Refusal(RULE_MISSING, rule_id, missing.law, str(missing), on=missing.on)
    cited = found.row.law
    if facts.compensated_in_arrears:
        return refused("COUNT", cited, "another invoice of the same arrears bears it already")
    if not facts.corrected:
        return refused("NOTHING_OWED", cited, "nothing of the principal was ever owed")
    if begins_on > on or is_paid_in_time(facts, due):
        return refused("NOT_OVERDUE", cited, f"it could be paid in time until {due.effective}")
    priced = Priced(
        kind="compensation",
        amount=found.money,
        rule_id=rule_id,
        law=cited,
        version=versions(found.rows),
        on=begins_on,
        unverified=found.is_unverified,
        inputs={"claimed_on": claimed_on.isoformat(), "due_on": due.nominal.isoformat()},
    )
    return Compensation(priced, found, begins_on), None


def absorbed_by(
    compensation: Compensation, letters: Sequence[Letter], facts: ClaimFacts, law: LawBook, on: date
) -> Priced | None:
    """The line with which compensation takes in what the letters before have charged.

    Together they cost the larger of the two: the line is as large as the smaller one.
    """
    row = compensation.found.row
    taken = [one for one in letters if one.fee and one.rule_id in row.absorbs]
    amount = min(sum(one.fee for one in taken), compensation.priced.amount.minor)
    if not amount:
        return None
    # What is remembered about absorption is a row of its own: it marks the line, not the amount.
    prefix = f"{facts.country.lower()}.compensation"
    asked = [f"{prefix}.absorption"]
    if any(one.fee and one.rule_id not in row.absorbs for one in letters):
        asked.append(f"{prefix}.demand")
    rests_on = [row]
    for rule_id in asked:
        if law.governs(rule_id, facts.debtor_kind):
            due_on = date.fromisoformat(compensation.priced.inputs["due_on"])
            rests_on.append(law.row(rule_id, facts.debtor_kind, due_on))
    return Priced(
        kind="absorbed",
        amount=Money(-amount, facts.currency),
        rule_id=row.rule_id,
        law=row.law,
        version=versions(tuple(rests_on)),
        on=max(on, compensation.on),
        unverified=any(one.is_unverified for one in rests_on),
        inputs={
            "fees": " + ".join(str(one.priced.amount.decimal) for one in taken if one.priced),
            "absorbs": ", ".join(row.absorbs),
        },
    )
