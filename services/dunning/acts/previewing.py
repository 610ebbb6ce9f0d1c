"""Today's letters as they would leave now, each with what it charges: asked of the same rules as sending,
and nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from services.dunning.acts import sending, statements
from services.dunning.acts.gathering import creditor_of, debtor_of, terms_between
from services.dunning.model.composing import compose, grouped
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.pricing import Item
from services.dunning.queries import standing as queries
from services.dunning.queries import statements as statement_queries
from services.dunning.values import Letter, Mode
from shared.money import Money
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter that stands on the list. `against` is the code of what keeps it from being written."""

    notice_id: UUID
    letter: Letter
    mode: Mode
    against: str | None = None

    @property
    def invoices(self) -> tuple[UUID, ...]:
        return tuple(line.invoice_id for line in self.letter.lines)

    @property
    def oldest_on(self) -> date:
        """The first due date in it; a statement of credits alone has none but its own day."""
        lines = self.letter.lines
        return min((line.due_on for line in lines), default=self.letter.issued_on)

    @property
    def principal(self) -> Money:
        total = Money.zero(self.letter.currency)
        for line in self.letter.lines:
            total += line.principal
        return total

    @property
    def added(self) -> Money:
        """What it charges today, beyond earlier letters."""
        total = Money.zero(self.letter.currency)
        for line in self.letter.lines:
            for charge in line.added:
                total += charge.amount
        return total


def letters(work: Work, debtors: Collection[UUID]) -> list[Preview]:
    """All letters to these debtors, the oldest due date first."""
    found = [preview for debtor_id in sorted(debtors) for preview in of_debtor(work, debtor_id)]
    return sorted(found, key=lambda one: (one.oldest_on, one.letter.debtor_id))


def debtors_listed(sql: sa.Connection, tenant_id: UUID, after: UUID, most: int) -> list[UUID]:
    """Debtors who get a letter or a statement today, after a given one."""
    found = set(queries.listed_debtors(sql, tenant_id, after, most))
    found |= {one.debtor_id for one in statement_queries.listed(sql, tenant_id)}
    return sorted(one for one in found if one > after)[:most]


def of_debtor(work: Work, debtor_id: UUID) -> list[Preview]:
    """The letters that one debtor gets, grouped as they are sent."""
    items = [
        Item(row.invoice_id, work.load(RECEIVABLE, row.invoice_id).state)
        for row in queries.listed(work.sql, work.tenant_id, debtor_id)
    ]
    creditor, debtor = creditor_of(work), debtor_of(work, debtor_id)
    terms = terms_between(work, creditor, debtor)
    mode = terms.timeline.mode
    found = [
        Preview(notice_id, letter, mode)
        for notice_id, letter in statements.composed(work, debtor_id).items()
    ]
    for group in grouped(items, debtor, terms):
        notice_id, priced = sending.price(work, group, debtor, terms)
        letter = compose(group, priced, debtor, terms)
        found.append(Preview(notice_id, letter, mode, priced.against))
    return found
