"""IN: others' events become own facts about people and clients, or messages to somebody."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID, uuid5

from services.notifications.acts import letters
from services.notifications.acts.devices import push_beside
from services.notifications.commands import (
    BrandClient,
    DisablePerson,
    IntendDelivery,
    IntroduceClient,
    IntroduceDebtor,
    IntroducePerson,
    LoseRole,
    ReceiveLetter,
    TakeRole,
)
from services.notifications.model.client import CLIENT
from services.notifications.model.debtor import DEBTOR
from services.notifications.model.delivery import DELIVERY, delivery_id
from services.notifications.model.letter import LETTER
from services.notifications.model.pace import pace_of
from services.notifications.model.person import PERSON, person_stream
from services.notifications.queries import messages as queries
from services.notifications.queries.letters import list_readers
from services.notifications.values import (
    AddressFault,
    Branding,
    Contact,
    Kept,
    LetterCharge,
    LetterCredit,
    LetterFacts,
    LetterKind,
    LetterLine,
    Notice,
    OccasionName,
    Reference,
    Span,
)
from shared.contracts.approvals import (
    ApprovalExpired,
    ApprovalReminded,
    ApprovalRequested,
    PaymentRejected,
)
from shared.contracts.dunning import (
    CollectionWarningIssued,
    NoticeCharge,
    NoticeLine,
    NoticeRecalled,
    ReminderIssued,
    ReminderListPublished,
    StatementIssued,
)
from shared.contracts.payments import PaymentFailed, PaymentOutcomeUnknown, PaymentReturned
from shared.contracts.sync import PartyChanged
from shared.contracts.tenants import (
    BrandingChanged,
    ClientAttached,
    RoleGranted,
    RoleRevoked,
    UserDisabled,
    UserInvited,
)
from shared.sealed import Sealed
from shared.stream.subscriptions import Subscriptions
from shared.work import Work

subscriptions = Subscriptions("notifications")


@subscriptions.on(ClientAttached)
def on_client_attached(event: ClientAttached, work: Work) -> None:
    command = IntroduceClient(event.name, event.time_zone, event.country, event.language)
    work.execute(CLIENT, event.client_id, command)


@subscriptions.on(BrandingChanged)
def on_branding_changed(event: BrandingChanged, work: Work) -> None:
    """How the client's letters look from now on. Its logo comes with what tells of it."""
    logo = b64decode(event.logo_png) if event.logo_png else b""
    if event.logo is not None and sha256(logo).hexdigest() != event.logo.sha256:
        raise ValueError("the logo is not what its hash says")
    branding = Branding(
        logo=logo,
        street=event.street,
        postal_code=event.postal_code,
        city=event.city,
        company_number=event.company_number,
        email=event.email,
        phone=event.phone,
    )
    work.execute(CLIENT, event.client_id, BrandClient(branding))


@subscriptions.on(UserInvited)
def on_user_invited(event: UserInvited, work: Work) -> None:
    command = IntroducePerson(event.user_id, event.name, event.email, event.language)
    work.execute(PERSON, person_stream(work.tenant_id, event.user_id), command)


@subscriptions.on(RoleGranted)
def on_role_granted(event: RoleGranted, work: Work) -> None:
    stream = person_stream(work.tenant_id, event.user_id)
    work.execute(PERSON, stream, TakeRole(event.user_id, event.role))


@subscriptions.on(RoleRevoked)
def on_role_revoked(event: RoleRevoked, work: Work) -> None:
    stream = person_stream(work.tenant_id, event.user_id)
    work.execute(PERSON, stream, LoseRole(event.user_id, event.role))


@subscriptions.on(UserDisabled)
def on_user_disabled(event: UserDisabled, work: Work) -> None:
    stream = person_stream(work.tenant_id, event.user_id)
    work.execute(PERSON, stream, DisablePerson(event.user_id))


@subscriptions.on(ApprovalRequested)
def on_approval_requested(event: ApprovalRequested, work: Work) -> None:
    """The approvers are asked for their yes."""
    ask(
        OccasionName.APPROVAL_REQUESTED,
        event,
        asked_by=event.sought_by,
        work=work,
    )


@subscriptions.on(ApprovalReminded)
def on_approval_reminded(event: ApprovalReminded, work: Work) -> None:
    """The approvers are asked again."""
    asked_by = queries.asker_of(work.sql, work.tenant_id, event.request_id)
    ask(OccasionName.APPROVAL_REMINDER, event, asked_by=asked_by, work=work)


@subscriptions.on(ApprovalExpired)
def on_approval_expired(event: ApprovalExpired, work: Work) -> None:
    """Whoever sought the approval learns that nobody answered."""
    tell(
        [event.sought_by],
        OccasionName.APPROVAL_EXPIRED,
        event.request_id,
        event.payments,
        work,
        at=work.now,
    )


@subscriptions.on(PaymentRejected)
def on_payment_rejected(event: PaymentRejected, work: Work) -> None:
    """Whoever sought the approval learns who said no; the reason stays behind the link."""
    tell(
        [event.sought_by],
        OccasionName.PAYMENTS_REJECTED,
        event.payment_id,
        (event.payment_id,),
        work,
        person_id=event.rejected_by,
    )


@subscriptions.on(PaymentFailed)
def on_payment_failed(event: PaymentFailed, work: Work) -> None:
    tell_keepers(OccasionName.PAYMENTS_FAILED, event.payment_id, work)


@subscriptions.on(PaymentOutcomeUnknown)
def on_payment_outcome_unknown(event: PaymentOutcomeUnknown, work: Work) -> None:
    tell_keepers(OccasionName.PAYMENTS_UNKNOWN, event.payment_id, work)


@subscriptions.on(PaymentReturned)
def on_payment_returned(event: PaymentReturned, work: Work) -> None:
    tell_keepers(OccasionName.PAYMENTS_RETURNED, event.payment_id, work)


@subscriptions.on(PartyChanged)
def on_party_changed(event: PartyChanged, work: Work) -> None:
    """A customer's contact data; suppliers are written to by nobody here."""
    if event.side != "receivable":
        return
    contact = Contact(
        number=event.number,
        name=event.name,
        country=event.country or "",
        # Of whom nobody knows better is treated as the law treats a consumer.
        is_person=event.kind != "company",
        email=event.email,
        address=event.address,
        faults=tuple(AddressFault(fault.code, fault.field) for fault in event.faults),
    )
    work.execute(DEBTOR, event.party_id, IntroduceDebtor(event.party_id, contact))


@subscriptions.on(ReminderIssued)
def on_reminder_issued(event: ReminderIssued, work: Work) -> None:
    kind = LetterKind.CHARGED if event.charges else LetterKind.REMINDER
    receive(work, event.notice_id, facts_of(event, kind, deadline_on=event.pay_by_on))


@subscriptions.on(CollectionWarningIssued)
def on_collection_warning_issued(event: CollectionWarningIssued, work: Work) -> None:
    facts = facts_of(event, LetterKind.WARNING, deadline_on=event.deadline_on, law=event.law)
    receive(work, event.notice_id, facts)


@subscriptions.on(StatementIssued)
def on_statement_issued(event: StatementIssued, work: Work) -> None:
    receive(work, event.notice_id, facts_of(event, LetterKind.STATEMENT))


@subscriptions.on(NoticeRecalled)
def on_notice_recalled(event: NoticeRecalled, work: Work) -> None:
    """Paid, paused or disputed meanwhile: it is not sent, if it has not been."""
    letters.recall(work, event.notice_id)


@subscriptions.on(ReminderListPublished)
def on_reminder_list_published(event: ReminderListPublished, work: Work) -> None:
    """Today's list stands: one mail to each who subscribes to it, however often it is published."""
    if event.invoices == 0:
        return
    list_id = uuid5(work.tenant_id, f"list:{event.listed_on.isoformat()}")
    at = event.goes_by_itself_at
    for recipient_id in list_readers(work.sql, work.tenant_id):
        notice = Notice(
            recipient_id=recipient_id,
            occasion=OccasionName.LIST_WAITS if at is None else OccasionName.LIST_GOES,
            subject_id=list_id,
            payments=(),
            at=at,
            invoices=event.invoices,
            debtors=event.debtors,
        )
        command = IntendDelivery(notice, 0, work.now)
        work.execute(DELIVERY, delivery_id(list_id, recipient_id), command)


def receive(work: Work, notice_id: UUID, facts: LetterFacts) -> None:
    reach = letters.reach_of(work, facts.debtor_id)
    work.execute(LETTER, notice_id, ReceiveLetter(facts, reach))


def facts_of(
    event: ReminderIssued | CollectionWarningIssued | StatementIssued,
    kind: LetterKind,
    *,
    deadline_on: date | None = None,
    law: str = "",
) -> LetterFacts:
    """A letter in our own words: figures as they came, sealed values unopened."""
    return LetterFacts(
        debtor_id=event.debtor_id,
        kind=kind,
        level=event.level,
        language=event.language,
        currency=event.currency,
        issued_on=event.issued_on,
        valid_through_on=event.valid_through_on,
        lines=tuple(line_of(line) for line in event.lines),
        charges=tuple(charge_of(charge) for charge in event.charges),
        total=event.total,
        channels=event.channels,
        copies=event.copies,
        deadline_on=deadline_on,
        law=law,
        credits=tuple(
            LetterCredit(
                kind=one.kind, number=one.number, dated_on=one.dated_on, remaining=one.remaining
            )
            for one in event.credits
        ),
        portal=event.portal,
    )


def line_of(line: NoticeLine) -> LetterLine:
    copy = line.copy_of
    return LetterLine(
        invoice_id=line.invoice_id,
        number=line.number,
        issued_on=line.issued_on,
        due_on=line.due_on,
        gross=line.gross,
        principal=line.principal,
        charges=line.charges,
        account=None if line.account is None else line.account.sealed,
        references=tuple(Reference(one.kind, one.value) for one in line.references),
        copy_of=None if copy is None else Kept(copy.sha256, copy.media_type, copy.size_bytes),
    )


def charge_of(charge: NoticeCharge) -> LetterCharge:
    return LetterCharge(
        invoice_id=charge.invoice_id,
        kind=charge.kind,
        amount=charge.amount,
        law=charge.law,
        unverified=charge.unverified,
        spans=tuple(
            Span(
                from_on=span.from_on,
                through_on=span.through_on,
                days=span.days,
                base=span.base,
                rate=span.rate,
            )
            for span in charge.spans
        ),
    )


def tell_keepers(occasion: OccasionName, payment_id: UUID, work: Work) -> None:
    keepers = queries.keepers(work.sql, work.tenant_id)
    tell(keepers, occasion, payment_id, (payment_id,), work)


def ask(
    occasion: OccasionName,
    event: ApprovalRequested | ApprovalReminded,
    *,
    asked_by: UUID | None,
    work: Work,
) -> None:
    tell(
        event.approvers,
        occasion,
        event.request_id,
        event.payments,
        work,
        person_id=asked_by,
        at=event.latest_approval_at,
        links={link.subject: link for link in event.links},
    )


def tell(
    recipients: Iterable[UUID],
    occasion: OccasionName,
    subject_id: UUID,
    payments: tuple[UUID, ...],
    work: Work,
    *,
    person_id: UUID | None = None,
    at: datetime | None = None,
    links: dict[UUID, Sealed] | None = None,
) -> None:
    """One mail to each, known by the event that caused it, and a push to each of their devices."""
    event_id = work.cause.causation_id
    assert event_id is not None, "a message has an event id"
    if not payments:
        return
    since = pace_of(occasion).since(work.now)
    for recipient_id in sorted(set(recipients)):
        notice = Notice(
            recipient_id=recipient_id,
            occasion=occasion,
            subject_id=subject_id,
            payments=payments,
            person_id=person_id,
            at=at,
            link=(links or {}).get(recipient_id),
        )
        lately = queries.mails_since(work.sql, work.tenant_id, recipient_id, occasion, since)
        command = IntendDelivery(notice, lately, work.now)
        mail_id = delivery_id(event_id, recipient_id)
        push_beside(work, mail_id, work.execute(DELIVERY, mail_id, command))
