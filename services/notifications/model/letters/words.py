"""What a letter says in one language: labels, clauses whose wording is fixed, and texts to begin with."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifications.model.letter_texts import CLAUSES, FACTS, LetterTexts, checked
from services.notifications.model.wording import Counted, check
from services.notifications.values import LetterKind

_CLAUSE_FACTS = frozenset({"total", "deadline", "law", "creditor_name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Short words of the letter's parts; no gaps."""

    date: str
    customer: str
    letter: str
    invoice: str
    invoice_date: str
    due: str
    amount: str
    open: str
    charges: str
    to_pay: str
    total: str
    pay_by: str
    balance: str
    charges_now: str
    earlier_charges: str
    law: str
    fee: str
    interest: str
    compensation: str
    absorbed: str
    credit_note: str
    payment: str
    other: str
    payment_details: str
    reference: str
    payee: str
    scan: str
    open_online: str
    company_number: str
    page: str
    """With gaps `{page}` and `{pages}`."""
    unverified: str
    case: str
    registration: str
    order: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWords:
    language: str
    day: str
    """A day in a sentence, as a CLDR date pattern."""
    short_day: str
    """A day in a table."""
    labels: Labels
    greeting: str
    regards: str
    payment_demand: str
    charges_notice: str
    collection_notice: dict[str, str]
    """By country, since each law asks for its own; `""` is for any other."""
    open_credits: str
    """That what is matched with nothing may change the balance; gap `{credits}`."""
    portal: str
    attached: Counted
    """In a mail: that the letter, and the invoice's copy, are attached."""
    interest_of: str
    """How interest came about; gaps `{rate}`, `{base}`, `{days}`, `{from_on}`, `{through_on}`."""
    subject: dict[LetterKind, str]
    """A mail's; gap `{creditor_name}` and nothing else, since whoever looks over a shoulder reads it."""
    texts: dict[LetterKind, LetterTexts]

    def __post_init__(self) -> None:
        for text in (self.payment_demand, self.charges_notice, *self.collection_notice.values()):
            check(text, _CLAUSE_FACTS)
        check(self.open_credits, frozenset({"credits"}))
        check(self.interest_of, frozenset({"rate", "base", "days", "from_on", "through_on"}))
        check(self.greeting, frozenset({"debtor_name"}))
        check(self.labels.page, frozenset({"page", "pages"}))
        for kind in LetterKind:
            check(self.subject[kind], frozenset({"creditor_name"}))
            checked(kind, self.texts[kind])

    def collection(self, country: str) -> str:
        return self.collection_notice.get(country) or self.collection_notice[""]


assert not FACTS & CLAUSES, "a placeholder is a fact or a clause"
