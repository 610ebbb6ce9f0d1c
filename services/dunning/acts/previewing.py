"""Today's letters as they would leave now, each with what it charges: asked of the same rules as sending,
and nothing is recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.dunning.acts import sending
from services.dunning.acts.gathering import creditor_of, debtor_of, terms_between
from services.dunning.model.composing import compose, grouped
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.pricing import Item
from services.dunning.queries import standing as queries
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
    return sorted(found, key=lambda one: (one.letter.lines[0].due_on, one.letter.lines[0].number))


def of_debtor(work: Work, debtor_id: UUID) -> list[Preview]:
    """The letters that one debtor gets, grouped as they are sent."""
    items = [
        Item(row.invoice_id, work.load(RECEIVABLE, row.invoice_id).state)
        for row in queries.listed(work.sql, work.tenant_id, debtor_id)
    ]
    if not items:
        return []
    creditor, debtor = creditor_of(work), debtor_of(work, debtor_id)
    terms = terms_between(work, creditor, debtor)
    found = []
    for group in grouped(items, debtor, terms):
        notice_id, priced = sending.price(work, group, debtor, terms)
        letter = compose(group, priced, debtor, terms)
        found.append(Preview(notice_id, letter, terms.timeline.mode, priced.against))
    return found


def by_debtor(previews: Sequence[Preview]) -> dict[UUID, list[Preview]]:
    found: dict[UUID, list[Preview]] = defaultdict(list)
    for preview in previews:
        found[preview.letter.debtor_id].append(preview)
    return found
