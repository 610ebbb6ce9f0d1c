"""The conditions of a fee, one function each: those of every country, and those that a row requires.

A row's `requires` holds words (`contract_clause`) and rules of their own whose number is the condition's
(`dk.fee.reminder.min_gap_days`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.dunning.model.charge import Priced, Refusal
from services.dunning.model.deadlines import deadline_of
from services.dunning.model.due import Due, unpaid_as_known_on, unpaid_on
from services.dunning.model.facts import ClaimFacts, LetterSent
from services.dunning.model.law.book import Days, Found, LawBook
from services.dunning.model.law.rows import Row
from services.dunning.model.policy import Policy
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as the rules have judged it. `priced` is None where it bears no fee; a hand-over to an
    agency is judged like one, of the kind `transfer`.
    """

    sent: LetterSent
    kind: str
    rule_id: str | None
    priced: Priced | None = None
    requires: tuple[str, ...] = ()

    @property
    def fee(self) -> int:
        return self.priced.amount.minor if self.priced else 0


@dataclass(frozen=True, slots=True)
class Question:
    """One letter before the rules: may it bear a fee?

    `overdue` is the principal by which the creditor's tiers and the law's go: for a letter about
    several claims it is theirs together.
    """

    facts: ClaimFacts
    policy: Policy
    due: Due
    law: LawBook
    letter: LetterSent
    kind: str
    earlier: Sequence[Letter]
    overdue: Money
    days: Days
    """By which the rows of its rules are chosen."""

    def rule(self, rule_id: str, base: Money | None = None) -> Found:
        return self.law.find(rule_id, self.facts.debtor_kind, self.days, base)

    def refused(self, code: str, row: Row, text: str, amount: Money | None = None) -> Refusal:
        return Refusal(code, row.rule_id, row.law, text, on=self.letter.sent_on, amount=amount)


def fault_of(question: Question, row: Row) -> Refusal | None:
    """The first condition that does not hold: those of every country, then those of the row."""
    facts, on = question.facts, question.letter.sent_on
    if question.kind != "transfer" and facts.transferred_on and facts.transferred_on <= on:
        text = f"the case has been with an agency since {facts.transferred_on}"
        return question.refused("TRANSFERRED", row, text)
    if on <= question.due.effective:
        text = f"it can be paid in time until {question.due.effective}"
        return question.refused("NOT_OVERDUE", row, text)
    if not min(unpaid_as_known_on(facts, on), facts.corrected.minor):
        return question.refused("NOTHING_OWED", row, "nothing of the principal was owed that day")
    if _is_below_minimum(question):
        text = (
            f"less than {question.policy.minimum} was overdue, and the creditor reminds of no less"
        )
        return question.refused("BELOW_MINIMUM", row, text)
    for name in row.requires:
        fault = WORDS[name](question, row) if name in WORDS else _by_rule(question, name)
        if fault is not None:
            return fault
    return None


def _is_below_minimum(question: Question) -> bool:
    """Whether the overdue principal, less what has turned out never to be owed, was too little.

    A letter that has carried a fee had enough by what was set then: only a correction undoes that.
    """
    minimum = question.policy.minimum
    if minimum is None:
        return False
    corrections = [one for one in question.facts.reductions if one.kind == "correction"]
    late = [one.amount.minor for one in corrections if one.seen_on > question.letter.sent_on]
    if question.letter.fee is not None and not late:
        return False
    return question.overdue.minor - sum(late) < minimum.minor


def _by_rule(question: Question, rule_id: str) -> Refusal | None:
    """A condition that is a rule of its own, with a number. Rules of amounts are no conditions."""
    if not question.law.governs(rule_id, question.facts.debtor_kind):
        return None
    found = question.rule(rule_id, question.overdue)
    check = _NUMBERS.get(found.row.parameter)
    return check(question, found.row, found.number) if check else None


def _clause(question: Question, row: Row) -> Refusal | None:
    if question.policy.fee_clause:
        return None
    text = "the fee was not agreed at the latest when the debt arose"
    return question.refused("CONTRACT_CLAUSE", row, text)


def _missed_deadline(question: Question, row: Row) -> Refusal | None:
    """A second fee needs a letter sent after the deadline of the last one with a fee."""
    charged = [one.sent for one in question.earlier if one.fee]
    if not charged:
        return None
    deadline = _deadline(question, charged[-1])
    if question.letter.sent_on > deadline:
        return None
    text = f"the deadline of the letter of {charged[-1].sent_on} runs through {deadline}"
    return question.refused("DEADLINE_RUNS", row, text)


def _prior_warning(question: Question, row: Row) -> Refusal | None:
    warnings = [one.sent for one in question.earlier if one.sent.kind == "warning"]
    if not warnings:
        return question.refused("NO_WARNING", row, "no warning has been sent before it")
    deadline = _deadline(question, warnings[-1])
    if question.letter.sent_on > deadline:
        return None
    text = f"the deadline of the warning of {warnings[-1].sent_on} runs through {deadline}"
    return question.refused("DEADLINE_RUNS", row, text)


def _deadline(question: Question, letter: LetterSent) -> date:
    if letter.pay_by_on is not None:
        return letter.pay_by_on
    facts = question.facts
    return deadline_of(
        facts.country, letter.kind, facts.debtor_kind, letter.sent_on, question.law
    ).on


def _max_count(question: Question, row: Row, most: int) -> Refusal | None:
    before = sum(1 for one in question.earlier if one.fee and row.rule_id in one.requires)
    if row.parameter == "max_count_in_arrears":
        before += question.facts.earlier_fees
    if before < most:
        return None
    text = f"{before} letters have borne this fee, and no more than {most} may"
    return question.refused("COUNT", row, text)


def _min_gap(question: Question, row: Row, least: int) -> Refusal | None:
    if not question.earlier:
        return None
    last = question.earlier[-1].sent.sent_on
    gap = (question.letter.sent_on - last).days
    if gap >= least:
        return None
    text = f"{gap} days have passed since the letter of {last}, and {least} must"
    return question.refused("GAP", row, text)


def _after_due(question: Question, row: Row, least: int) -> Refusal | None:
    passed = (question.letter.sent_on - question.due.nominal).days
    if passed >= least:
        return None
    text = f"{passed} days have passed since it was due on {question.due.nominal}, and {least} must"
    return question.refused("TOO_EARLY", row, text)


def _invoice_before_due(question: Question, row: Row, least: int) -> Refusal | None:
    sent_on = question.facts.sent_on
    if sent_on is None or (question.due.nominal - sent_on).days >= least:
        return None
    text = f"the invoice of {sent_on} left the debtor fewer than {least} days before it was due"
    return question.refused("INVOICE_TOO_LATE", row, text)


def _paid_before(question: Question, row: Row, days: int) -> Refusal | None:
    until = question.letter.sent_on - timedelta(days=days)
    if unpaid_on(question.facts, until):
        return None
    text = f"the principal had been paid by {until}"
    return question.refused("PAID_BEFORE", row, text)


_Check = Callable[[Question, Row], Refusal | None]
_NumberCheck = Callable[[Question, Row, int], Refusal | None]
WORDS: Final[dict[str, _Check]] = {
    "contract_clause": _clause,
    "missed_deadline": _missed_deadline,
    "prior_warning": _prior_warning,
}
_NUMBERS: Final[dict[str, _NumberCheck]] = {
    "max_count": _max_count,
    "max_count_in_arrears": _max_count,
    "min_gap_days": _min_gap,
    "min_days_after_due": _after_due,
    "invoice_days_before_due": _invoice_before_due,
    "paid_before_send_days": _paid_before,
}
