"""A client's ledger, and the runs that read it.

    (no consent) --GiveConsent--> asked --probe agrees--> connected <--GiveConsent-- any trouble
                                    '------'--> needs consent | access denied | wrong agreement

    run: suppliers, page by page -> entries after the cursor, page by page -> the open set -> completed
         at any step --> failed; asked for while one is under way: another follows it

One run at a time. The cursor moves with the page that it follows, in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, assert_never
from uuid import UUID

from services.sync import events as e
from services.sync.commands import (
    ConnectionCommand,
    FailRun,
    GiveConsent,
    NoteClient,
    NotePage,
    NoteSuppliers,
    NoteSweep,
    StartRun,
)
from services.sync.model.naming import following
from services.sync.values import Asker
from shared.contracts.values import RunCounts
from shared.decider import Decider, Rejected
from shared.money import Money

Standing = Literal[
    "none", "asked", "connected", "needs_consent", "access_denied", "wrong_agreement"
]
Step = Literal["suppliers", "entries", "open_set"]

NEEDS_CONSENT: Final = "needs_consent"
ACCESS_DENIED: Final = "access_denied"
WRONG_AGREEMENT: Final = "wrong_agreement"


@dataclass(frozen=True, slots=True)
class Run:
    """A run under way: which step comes next, as its how-manieth, and what was counted so far."""

    run_id: UUID
    started_at: datetime
    step: Step = "suppliers"
    number: int = 0
    supplier_cursor: str | None = None
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
    drift: tuple[Money, Money] | None = None

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
    if known is not None and known.agreement != command.agreement and connection.cursor:
        raise Rejected(
            f"this client's history is that of agreement {known.agreement}; another company's"
            " books cannot go on from there",
            code="another_agreement",
            field="agreement",
        )
    given = e.ConsentGiven(
        system=command.system,
        agreement=command.agreement,
        settings=command.settings,
        grant=command.grant,
        institute=command.institute,
        licence=command.licence,
        given_by=command.given_by,
        given_on=command.given_on,
    )
    if connection.run is not None:
        return [given, e.RunQueued("consent")]
    return [given, e.RunStarted(command.run_id, "consent", command.at)]


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
    ended: e.ConnectionEvent
    if command.believable:
        counts = RunCounts(run.pages, run.entries, run.told + command.told)
        ended = e.RunCompleted(run.run_id, run.started_at, counts)
    else:
        reason = f"the ledger lists {command.open_items} open items, far fewer than stand open"
        ended = e.RunFailed(run.run_id, "open_set_shrunk", reason)
    drift = _drift(command.totals, connection, believable=command.believable)
    return [swept, *drift, ended, *_follow_up(command.run_id, command.at, connection)]


def _drift(
    totals: tuple[Money, Money], connection: Connection, *, believable: bool
) -> Sequence[e.ConnectionEvent]:
    ledger_total, mirror_total = totals
    if ledger_total == mirror_total and believable:
        return [e.DriftCleared()] if connection.drift else []
    return [] if connection.drift == totals else [e.DriftDetected(ledger_total, mirror_total)]


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
            return replace(connection, run=Run(event.run_id, event.started_at), queued=None)
        case e.RunQueued():
            return replace(connection, queued=event.asked_by)
        case e.SuppliersRead() | e.PageRead() | e.SweepRead():
            return _evolve_step(connection, event)
        case e.RunCompleted() | e.RunFailed():
            return replace(connection, run=None)
        case e.DriftDetected():
            return replace(connection, drift=(event.ledger_total, event.mirror_total))
        case e.DriftCleared():
            return replace(connection, drift=None)
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
            return replace(connection, consent=event, standing="asked")
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
    connection: Connection, event: e.SuppliersRead | e.PageRead | e.SweepRead
) -> Connection:
    if connection.run is None:
        return connection
    run = replace(
        connection.run, number=connection.run.number + 1, told=connection.run.told + event.told
    )
    match event:
        case e.SuppliersRead():
            step: Step = "entries" if event.complete else "suppliers"
            return replace(connection, run=replace(run, step=step, supplier_cursor=event.cursor))
        case e.PageRead():
            step = "open_set" if event.complete else "entries"
            counted = replace(
                run, step=step, pages=run.pages + 1, entries=run.entries + event.entries
            )
            return replace(connection, run=counted, cursor=event.cursor)
        case e.SweepRead():
            return replace(connection, run=run)
        case _:
            assert_never(event)


CONNECTION: Decider[ConnectionCommand, Connection, e.ConnectionEvent] = Decider(
    decide, evolve, Connection()
)
