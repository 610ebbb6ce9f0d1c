"""Letters leave the list: grouped as they will be read, priced by the law of this day, composed once.

Open items that were read more than an hour ago are read again first: nobody who has paid at noon is
reminded in the afternoon.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from itertools import count
from typing import Final
from uuid import UUID, uuid5

import msgspec

from services.dunning.acts import listing
from services.dunning.acts.gathering import creditor_of, debtor_of, terms_between
from services.dunning.commands.debtor import SeekCheck
from services.dunning.commands.notice import ComposeNotice
from services.dunning.commands.receivable import IssueLetter, SkipStep
from services.dunning.model import pricing
from services.dunning.model.arrears import unbroken_since
from services.dunning.model.composing import compose, grouped
from services.dunning.model.debtor import DEBTOR, Debtor
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.naming import notice_id_of
from services.dunning.model.notice import NOTICE, State
from services.dunning.model.pricing import Arrears, Item, PricedLetter
from services.dunning.queries import standing as queries
from services.dunning.registers.portal_links import PortalLinks
from services.dunning.values import Letter, Terms
from shared.work import Work

FRESH: Final = timedelta(hours=1)


def send(
    work: Work,
    debtor_id: UUID,
    invoices: Sequence[UUID],
    by: UUID | None,
    portal: PortalLinks | None = None,
) -> None:
    """Send what of these stands on the list, after a look at the ledger where ours is old.

    `portal` gives each letter a link to the debtor's own account.
    """
    debtor = debtor_of(work, debtor_id)
    if is_fresh(work, debtor):
        issue(work, debtor_id, invoices, by, portal)
        return
    version = work.load(DEBTOR, debtor_id).version
    check_id = uuid5(debtor_id, f"check:{version}")
    command = SeekCheck(check_id, work.now, tuple(sorted(invoices)), by)
    work.execute(DEBTOR, debtor_id, command)


def is_fresh(work: Work, debtor: Debtor) -> bool:
    """Whether the debtor's open items were read within the last hour."""
    mirror_at = queries.mirror_at(work.sql, work.tenant_id)
    read = [at for at in (mirror_at, debtor.checked_at) if at is not None]
    return bool(read) and work.now - max(read) <= FRESH


def issue(
    work: Work,
    debtor_id: UUID,
    invoices: Collection[UUID],
    by: UUID | None,
    portal: PortalLinks | None = None,
) -> int:
    """Compose the letters; how many. What is not on the list any more is left out."""
    listing.look_at(work, debtor_id, invoices)
    creditor, debtor = creditor_of(work), debtor_of(work, debtor_id)
    terms = terms_between(work, creditor, debtor)
    items = [
        Item(invoice_id, receivable)
        for invoice_id in sorted(invoices)
        if (receivable := work.load(RECEIVABLE, invoice_id).state).listed_on is not None
    ]
    return sum(
        _letter(work, group, debtor, terms, by, portal) for group in grouped(items, debtor, terms)
    )


def price(
    work: Work, group: Sequence[Item], debtor: Debtor, terms: Terms
) -> tuple[UUID, PricedLetter]:
    """The id that the letter about these invoices has today, and what it charges."""
    debtor_id = group[0].receivable.invoice.debtor_id
    invoices = [item.invoice_id for item in group]
    notice_id = new_notice(work, debtor_id, terms, group[0].plan.kind, invoices)
    times = queries.times_overdue(work.sql, work.tenant_id, debtor_id)
    # The engine counts the fee letters of the invoice that bears this one's.
    own = {one.notice_id for one in group[0].receivable.sent}
    since = unbroken_since(times, terms.today_on)
    waiting = _waiting(work, debtor_id)
    compensated = queries.compensated_since(work.sql, work.tenant_id, debtor_id, since)
    arrears = Arrears(
        debtor.fee_letters_since(since, own) + sum(bool(one.fee) for one in waiting),
        compensated.union(*(one.compensated for one in waiting)),
    )
    return notice_id, pricing.letter(group, notice_id, arrears, terms)


def _waiting(work: Work, debtor_id: UUID) -> list[Letter]:
    """Letters that are composed and may yet leave: what they charge is as good as charged."""
    letters = queries.notices_of(work.sql, work.tenant_id, debtor_id)
    may_leave = {State.COMPOSED, State.RECALLED}
    ids = [one.notice_id for one in letters if one.state in may_leave]
    return [work.load(NOTICE, notice_id).state.composed for notice_id in ids]


def _letter(
    work: Work,
    group: Sequence[Item],
    debtor: Debtor,
    terms: Terms,
    by: UUID | None,
    portal: PortalLinks | None,
) -> bool:
    notice_id, priced = price(work, group, debtor, terms)
    kind = group[0].plan.kind
    if priced.against is not None:
        for item in group:
            work.execute(RECEIVABLE, item.invoice_id, SkipStep(priced.against, terms))
        return False
    letter = with_link(work, notice_id, compose(group, priced, debtor, terms), portal)
    work.execute(NOTICE, notice_id, ComposeNotice(letter, by))
    for item in group:
        command = IssueLetter(notice_id, item.plan.step, kind, item.plan.step + 1, terms)
        work.execute(RECEIVABLE, item.invoice_id, command)
    return True


def with_link(work: Work, notice_id: UUID, letter: Letter, portal: PortalLinks | None) -> Letter:
    """The letter with its own link to the debtor's account."""
    if portal is None:
        return letter
    link = portal.issue(work, letter.debtor_id, notice_id)
    return msgspec.structs.replace(letter, portal=link)


def new_notice(
    work: Work, debtor_id: UUID, terms: Terms, kind: str, invoices: Sequence[UUID]
) -> UUID:
    """The first that there is not yet: one that fell today is not taken for this one."""
    for attempt in count(1):
        notice_id = notice_id_of(debtor_id, terms.today_on, kind, invoices, attempt)
        if work.load(NOTICE, notice_id).state.state is State.NEW:
            return notice_id
    raise AssertionError("there is always another number")
