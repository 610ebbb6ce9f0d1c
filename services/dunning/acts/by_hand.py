"""What people ask for, in words of this service; pages and the HTTP interface only call these.

Each function answers one request inside one transaction. Who asks is given by the signed-in session
and never by the request's body. What people write is sealed under the debtor's key: a note about a
person is forgotten with the person.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from services.dunning.acts import changing, counting, listing, previewing, sending, statements
from services.dunning.acts.gathering import creditor_of, terms_of
from services.dunning.commands.debtor import (
    AssignTimeline,
    ChangeGrouping,
    DebtorCommand,
    ExcludeDebtor,
    FreezeDebtor,
    IncludeDebtor,
    UnfreezeDebtor,
)
from services.dunning.commands.notice import NoteFailed, NoteSent
from services.dunning.commands.receivable import (
    AddComment,
    DisputeInvoice,
    IncludeHistory,
    PauseInvoice,
    ReceivableCommand,
    ResumeInvoice,
    SettleDispute,
    WriteOffCharges,
)
from services.dunning.model.debtor import DEBTOR
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.notice import NOTICE
from services.dunning.model.receivable import State
from services.dunning.queries import people
from services.dunning.queries import standing as queries
from services.dunning.queries.standing import Row
from services.dunning.registers.portal_links import PortalLinks
from services.dunning.values import NoticeKind
from shared.clock import day_of
from shared.decider import Rejected
from shared.sealed import Sealed
from shared.vault import Forgotten, Vault
from shared.work import Work

PAUSES = ("promised", "agreed", "checking", "other")
"""Why somebody lets an invoice wait."""
DISPUTES = ("not_delivered", "faulty", "wrong_amount", "already_paid", "other")
EXCLUSIONS = ("agreed", "by_hand", "important", "other")
LONGEST = 2000
"""Characters of a note."""


def send(
    work: Work,
    person: UUID,
    chosen: Collection[UUID] | None,
    debtors: Collection[UUID],
    portal: PortalLinks | None = None,
) -> int:
    """Send what of these letters still stands on the list as it was seen, or all; how many.

    A letter's id follows from what stands in it: one that has changed since is left out.
    """
    sent = 0
    for debtor_id in sorted(debtors):
        going = [
            one
            for one in previewing.of_debtor(work, debtor_id)
            if one.against is None and (chosen is None or one.notice_id in chosen)
        ]
        if any(one.letter.kind is NoticeKind.STATEMENT for one in going):
            # Its currencies go together: they are one statement of account.
            statements.send(work, debtor_id, person, portal)
            sent += len(going)
        elif going:
            invoices = [invoice_id for one in going for invoice_id in one.invoices]
            sending.send(work, debtor_id, invoices, person, portal)
            sent += len(going)
    return sent


# ----- one invoice ----------------------------------------------------------------------------------


def pause(work: Work, person: UUID, one: Row, code: str, until_on: date | None) -> None:
    _known(code, PAUSES, "code")
    terms = terms_of(work, one.debtor_id)
    _ask(work, one, PauseInvoice(code, until_on, person, terms))


def resume(work: Work, person: UUID, one: Row) -> None:
    """It stands on today's list at once where its step has come meanwhile."""
    _ask(work, one, ResumeInvoice(person, terms_of(work, one.debtor_id)))
    listing.look_at(work, one.debtor_id, [one.invoice_id])


def dispute(work: Work, vault: Vault, person: UUID, one: Row, code: str, text: str = "") -> None:
    _known(code, DISPUTES, "code")
    sealed = _sealed(work, vault, one, text) if text.strip() else None
    terms = terms_of(work, one.debtor_id)
    _ask(work, one, DisputeInvoice(code, person, terms, sealed))


def settle_dispute(work: Work, person: UUID, one: Row, *, upheld: bool) -> None:
    """`upheld`: the debtor was right, and a credit note is to follow."""
    _ask(work, one, SettleDispute(upheld, person, terms_of(work, one.debtor_id)))
    if not upheld:
        listing.look_at(work, one.debtor_id, [one.invoice_id])


def write_off(
    work: Work, vault: Vault, person: UUID, one: Row, text: str, *, claim_waived: bool
) -> None:
    """Give up in the books what is open of the charges; only `claim_waived` lets the debtor off."""
    terms = terms_of(work, one.debtor_id)
    sealed = _sealed(work, vault, one, text)
    _ask(work, one, WriteOffCharges("manual", claim_waived, terms, person, sealed))


def say_what_became(work: Work, one: Row, *, left: bool) -> None:
    """Of the letter that the invoice stands in, of which nobody knows: it left when it was tried, or its
    step is to be written of anew.
    """
    receivable = work.load(RECEIVABLE, one.invoice_id).state
    letter = receivable.under_way
    lost = work.load(NOTICE, letter.notice_id).state.lost if letter else None
    if letter is None or lost is None:
        raise Rejected("what became of its letter is known", code="outcome_known")
    if left:
        sent = NoteSent(lost.channel, lost.tried_at, lost.delivery)
        counting.count(work, letter.notice_id, sent)
    else:
        counting.fail(work, letter.notice_id, NoteFailed("never_arrived", was_sent=False))


def include_history(work: Work, person: UUID, one: Row) -> None:
    _ask(work, one, IncludeHistory(person, terms_of(work, one.debtor_id)))


def comment(
    work: Work, vault: Vault, person: UUID, one: Row, text: str, mentions: Sequence[UUID] = ()
) -> None:
    """A word among colleagues; those mentioned are told that it is there, and not what it says."""
    if set(mentions) - people.mentionable(work.sql, work.tenant_id):
        raise Rejected(
            "nobody with this id works for this company", code="unknown_person", field="mentions"
        )
    command = AddComment(_sealed(work, vault, one, text), person, tuple(dict.fromkeys(mentions)))
    work.execute(RECEIVABLE, one.invoice_id, command)


def _ask(work: Work, one: Row, command: ReceivableCommand) -> None:
    work.execute(RECEIVABLE, one.invoice_id, command)
    changing.after_change(work, one.debtor_id, [one.invoice_id])


def _sealed(work: Work, vault: Vault, one: Row, text: str) -> Sealed:
    if not text.strip():
        raise Rejected("write something", code="text_missing", field="text")
    if len(text) > LONGEST:
        raise Rejected(f"at most {LONGEST} characters", code="text_too_long", field="text")
    try:
        return vault.seal(work.tenant_id, one.debtor_id, text.strip())
    except Forgotten as error:
        raise Rejected("this debtor has been forgotten", code="debtor_forgotten") from error


def _known(code: str, codes: Sequence[str], field: str) -> None:
    if code not in codes:
        raise Rejected(f"one of {', '.join(codes)}", code="unknown_code", field=field)


# ----- one debtor -----------------------------------------------------------------------------------


def assign_timeline(work: Work, person: UUID, debtor_id: UUID, name: str | None) -> None:
    """None is the main one. It counts from the next step on; what was sent stays as it was."""
    known = frozenset(creditor_of(work).timelines)
    _settle(work, debtor_id, AssignTimeline(name, "chosen", person, _today(work), known))


def group(work: Work, person: UUID, debtor_id: UUID, *, collective: bool) -> None:
    """Whether all of its invoices of a kind stand in one letter, or each in its own."""
    work.execute(DEBTOR, debtor_id, ChangeGrouping(collective, person))


def exclude(work: Work, person: UUID, debtor_id: UUID, code: str, until_on: date | None) -> None:
    _known(code, EXCLUSIONS, "code")
    _settle(work, debtor_id, ExcludeDebtor(code, until_on, person, _today(work)))


def include(work: Work, person: UUID, debtor_id: UUID) -> None:
    _settle(work, debtor_id, IncludeDebtor(person, _today(work)))


def freeze(
    work: Work, person: UUID, debtor_id: UUID, code: Literal["insolvent", "deceased"], on: date
) -> None:
    """No letter, no fee and no transfer until somebody says otherwise."""
    _settle(work, debtor_id, FreezeDebtor(code, on, person))


def unfreeze(work: Work, person: UUID, debtor_id: UUID) -> None:
    _settle(work, debtor_id, UnfreezeDebtor(person, _today(work)))


def _today(work: Work) -> date:
    return day_of(work.now, creditor_of(work).zone)


def _settle(work: Work, debtor_id: UUID, command: DebtorCommand) -> None:
    """All of its open invoices are planned anew, and today's list follows at once."""
    if not work.execute(DEBTOR, debtor_id, command):
        return
    changing.replan(work, debtor_id)
    open_ = queries.of_debtor(work.sql, work.tenant_id, debtor_id, {State.OPEN})
    listing.look_at(work, debtor_id, [row.invoice_id for row in open_])
