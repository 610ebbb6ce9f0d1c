"""A client's ledger, and the runs that read it.

    (no consent) --GiveConsent--> asked --probe agrees--> connected <--GiveConsent-- any trouble
                                    '------'--> needs consent | access denied | wrong agreement

    run: suppliers -> customers, where that side is read -> entries after the cursor, each page by
         page -> the open set -> completed
         at any step --> failed; asked for while one is under way: another follows it

One run at a time. The cursor moves with the page that it follows, in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, assert_never
from uuid import UUID

from msgspec.structs import replace as replace_fields

from services.sync import events as e
from services.sync.commands import (
    ConnectionCommand,
    FailRun,
    GiveConsent,
    NoteClient,
    NoteCustomers,
    NotePage,
    NoteSuppliers,
    NoteSweep,
    StartRun,
)
from services.sync.model.naming import following
from services.sync.values import Asker, ControlTotal, Settings, Side
from shared.contracts.values import RunCounts
from shared.decider import Decider, Rejected
from shared.money import Money

Standing = Literal[
    "none", "asked", "connected", "needs_consent", "access_denied", "wrong_agreement"
]
Step = Literal["suppliers", "customers", "entries", "open_set"]
Totals = tuple[Money, Money]
"""What a control account says, and what its open items add up to."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run under way: which step comes next, as its how-manieth, and what was counted so far."""

    run_id: UUID
    started_at: datetime
    step: Step = "suppliers"
    number: int = 0
    supplier_cursor: str | None = None
    customer_cursor: str | None = None
    newest_card: str | None = None
    pages: int = 0
    entries: int = 0
    told: int = 0


@dataclass(frozen=True, slots=True)
class Connection:
    time_zone: str = "UTC"
    language: str = "en"
    standing: Standing = "none"
    consent: e.ConsentGiven | None = None
    base_currency: str | None = None
    cursor: str | None = None
    run: Run | None = None
    queued: Asker | None = None
    drifts: Mapping[Side, Totals] = field(default_factory=dict)
    cards_since: str | None = None
    has_read: bool = False
    begins_anew: bool = False

    @property
    def reads_customers(self) -> bool:
        return self.consent is not None and self.consent.settings.receivables is not None

    @property
    def reads(self) -> bool:
        """Whether a run has any hope: there is a consent that has not failed."""
        return self.standing in {"asked", "connected"}


def decide(command: ConnectionCommand, connection: Connection) -> Sequence[e.ConnectionEvent]:
    match command:
        case NoteClient():
            return _note_client(command, connection)
        case GiveConsent():
            return _give_consent(command, connection)
        case StartRun():
            return _start_run(command, connection)
        case NoteSuppliers():
            return _note_suppliers(command, connection)
        case NoteCustomers():
            return _note_customers(command, connection)
        case NotePage():
            return _note_page(command, connection)
        case NoteSweep():
            return _note_sweep(command, connection)
        case FailRun():
            return _fail_run(command, connection)
        case _:
            assert_never(command)


def _note_client(command: NoteClient, connection: Connection) -> Sequence[e.ConnectionEvent]:
    if (connection.time_zone, connection.language) == (command.time_zone, command.language):
        return []
    return [e.ClientNoted(command.time_zone, command.language)]


def _give_consent(command: GiveConsent, connection: Connection) -> Sequence[e.ConnectionEvent]:
    known = connection.consent
    if known is not None and known.agreement != command.agreement and connection.has_read:
        raise Rejected(
            f"this client's history is that of agreement {known.agreement}; another company's"
            " books cannot go on from there",
            code="another_agreement",
            field="agreement",
        )
    given = e.ConsentGiven(
        system=command.system,
        agreement=command.agreement,
        settings=_settled(command, known),
        grant=command.grant,
        institute=command.institute,
        licence=command.licence,
        given_by=command.given_by,
        given_on=command.given_on,
    )
    if connection.run is not None:
        return [given, e.RunQueued("consent")]
    return [given, e.RunStarted(command.run_id, "consent", command.at)]


def _settled(command: GiveConsent, known: e.ConsentGiven | None) -> Settings:
    """From which day on customers' invoices are followed up stays what it was, unless it is said."""
    settings = command.settings
    chosen = settings.receivables
    if chosen is None or chosen.followed_from is not None:
        return settings
    before = None if known is None else known.settings.receivables
    first = command.given_on if before is None else before.followed_from or command.given_on
    return replace_fields(settings, receivables=replace_fields(chosen, followed_from=first))


def _start_run(command: StartRun, connection: Connection) -> Sequence[e.ConnectionEvent]:
    if not connection.reads:
        if command.asked_by == "person":
            raise Rejected(
                "the ledger is not connected: the client must give its consent again",
                code="not_connected",
            )
        return []
    if connection.run is not None:
        return [] if connection.queued else [e.RunQueued(command.asked_by)]
    return [e.RunStarted(command.run_id, command.asked_by, command.at)]


def _note_suppliers(command: NoteSuppliers, connection: Connection) -> Sequence[e.ConnectionEvent]:
    if not _is_of(connection, command.run_id):
        return []
    read = e.SuppliersRead(
        command.run_id, command.cursor, command.told, command.parked, command.complete
    )
    if connection.standing == "connected":
        return [read]
    return [e.LedgerConnected(command.base_currency), read]


def _note_customers(command: NoteCustomers, connection: Connection) -> Sequence[e.ConnectionEvent]:
    if not _is_of(connection, command.run_id):
        return []
    read = e.CustomersRead(
        command.run_id,
        command.cursor,
        command.told,
        command.parked,
        command.complete,
        command.newest,
    )
    return [read]


def _note_page(command: NotePage, connection: Connection) -> Sequence[e.ConnectionEvent]:
    if not _is_of(connection, command.run_id):
        return []
    return [
        e.PageRead(
            command.run_id,
            command.cursor,
            command.entries,
            command.told,
            command.parked,
            command.complete,
        )
    ]


def _note_sweep(command: NoteSweep, connection: Connection) -> Sequence[e.ConnectionEvent]:
    run = connection.run
    if run is None or run.run_id != command.run_id:
        return []
    swept = e.SweepRead(
        command.run_id, command.open_items, command.told, complete=command.totals is not None
    )
    if command.totals is None:
        return [swept]
    sides: dict[Side, tuple[bool, Totals]] = {"payable": (command.believable, command.totals)}
    if command.receivables is not None:
        sides["receivable"] = command.receivables
    ended: e.ConnectionEvent
    if all(believable for believable, _ in sides.values()):
        counts = RunCounts(run.pages, run.entries, run.told + command.told)
        totals = tuple(ControlTotal(side, *found) for side, (_, found) in sides.items())
        ended = e.RunCompleted(run.run_id, run.started_at, counts, totals)
    else:
        reason = f"the ledger lists {command.open_items} open items, far fewer than stand open"
        ended = e.RunFailed(run.run_id, "open_set_shrunk", reason)
    drifts = [
        event
        for side, (believable, found) in sides.items()
        for event in _drift(side, found, connection, believable=believable)
    ]
    return [swept, *drifts, ended, *_follow_up(command.run_id, command.at, connection)]


def _drift(
    side: Side, totals: Totals, connection: Connection, *, believable: bool
) -> Sequence[e.ConnectionEvent]:
    known = connection.drifts.get(side)
    ledger_total, mirror_total = totals
    if ledger_total == mirror_total and believable:
        return [e.DriftCleared(side)] if known else []
    return [] if known == totals else [e.DriftDetected(ledger_total, mirror_total, side)]


def _fail_run(command: FailRun, connection: Connection) -> Sequence[e.ConnectionEvent]:
    if not _is_of(connection, command.run_id):
        return []
    trouble = _trouble(command.code, command.reason, connection)
    failed = e.RunFailed(command.run_id, command.code, command.reason)
    if trouble:
        return [*trouble, failed]
    return [failed, *_follow_up(command.run_id, command.at, connection)]


def _trouble(code: str, reason: str, connection: Connection) -> Sequence[e.ConnectionEvent]:
    if code == connection.standing or connection.consent is None:
        return []
    match code:
        case "needs_consent":
            return [e.ConsentLost()]
        case "access_denied":
            return [e.AccessDenied(reason)]
        case "wrong_agreement":
            return [e.WrongAgreementMet(connection.consent.agreement)]
        case _:
            return []


def _follow_up(ended: UUID, at: datetime, connection: Connection) -> Sequence[e.ConnectionEvent]:
    """The run that was asked for meanwhile."""
    if connection.queued is None:
        return []
    return [e.RunStarted(following(ended), connection.queued, at)]


def _is_of(connection: Connection, run_id: UUID) -> bool:
    """Whether an answer belongs to the run under way: a late one of another passes by."""
    return connection.run is not None and connection.run.run_id == run_id


def evolve(connection: Connection, event: e.ConnectionEvent) -> Connection:
    match event:
        case e.ClientNoted():
            return replace(connection, time_zone=event.time_zone, language=event.language)
        case e.RunStarted():
            started = replace(connection, run=Run(event.run_id, event.started_at), queued=None)
            # Entries of a side that was not read before stand before the cursor.
            return (
                replace(started, cursor=None, begins_anew=False) if started.begins_anew else started
            )
        case e.RunQueued():
            return replace(connection, queued=event.asked_by)
        case e.SuppliersRead() | e.CustomersRead() | e.PageRead() | e.SweepRead():
            return _evolve_step(connection, event)
        case e.RunCompleted() | e.RunFailed():
            return replace(connection, run=None)
        case e.DriftDetected():
            totals = (event.ledger_total, event.mirror_total)
            return replace(connection, drifts={**connection.drifts, event.side: totals})
        case e.DriftCleared():
            left = {side: each for side, each in connection.drifts.items() if side != event.side}
            return replace(connection, drifts=left)
        case _:
            return _evolve_standing(connection, event)


def _evolve_standing(
    connection: Connection,
    event: e.ConsentGiven
    | e.LedgerConnected
    | e.ConsentLost
    | e.AccessDenied
    | e.WrongAgreementMet,
) -> Connection:
    match event:
        case e.ConsentGiven():
            agreed = replace(connection, consent=event, standing="asked", cards_since=None)
            begins = agreed.reads_customers and not connection.reads_customers
            return replace(agreed, begins_anew=begins or connection.begins_anew)
        case e.LedgerConnected():
            return replace(connection, standing="connected", base_currency=event.base_currency)
        case e.ConsentLost():
            return replace(connection, standing="needs_consent")
        case e.AccessDenied():
            return replace(connection, standing="access_denied")
        case e.WrongAgreementMet():
            return replace(connection, standing="wrong_agreement")
        case _:
            assert_never(event)


def _evolve_step(
    connection: Connection, event: e.SuppliersRead | e.CustomersRead | e.PageRead | e.SweepRead
) -> Connection:
    if connection.run is None:
        return connection
    run = replace(
        connection.run, number=connection.run.number + 1, told=connection.run.told + event.told
    )
    match event:
        case e.SuppliersRead():
            after_them: Step = "customers" if connection.reads_customers else "entries"
            step: Step = after_them if event.complete else "suppliers"
            return replace(connection, run=replace(run, step=step, supplier_cursor=event.cursor))
        case e.CustomersRead():
            newest = max(filter(None, (run.newest_card, event.newest)), default=None)
            step = "entries" if event.complete else "customers"
            run = replace(run, step=step, customer_cursor=event.cursor, newest_card=newest)
            since = newest or connection.cards_since if event.complete else connection.cards_since
            return replace(connection, run=run, cards_since=since)
        case e.PageRead():
            step = "open_set" if event.complete else "entries"
            counted = replace(
                run, step=step, pages=run.pages + 1, entries=run.entries + event.entries
            )
            return replace(connection, run=counted, cursor=event.cursor, has_read=True)
        case e.SweepRead():
            return replace(connection, run=run)
        case _:
            assert_never(event)


CONNECTION: Decider[ConnectionCommand, Connection, e.ConnectionEvent] = Decider(
    decide, evolve, Connection()
)
