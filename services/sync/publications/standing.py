"""How a client's ledger stands, what a run saw of it, and who its parties are."""

from __future__ import annotations

from collections.abc import Iterable

from services.sync import events as e
from services.sync.model.connection import Connection
from services.sync.publications.registry import publications
from shared.contracts import sync as told
from shared.eventstore.events import Recorded
from shared.stream.outbox import Telling


@publications.after(e.LedgerConnected)
def after_ledger_connected(
    recorded: Recorded[e.LedgerConnected], connection: Connection
) -> Iterable[Telling]:
    assert connection.consent is not None, "nobody connects without consent"
    yield told.LedgerConnected(
        connection_id=recorded.aggregate_id,
        system=connection.consent.system,
        agreement=connection.consent.agreement,
        base_currency=recorded.event.base_currency,
    )


@publications.after(e.ConsentLost)
def after_consent_lost(recorded: Recorded[e.ConsentLost], _: Connection) -> Iterable[Telling]:
    yield told.LedgerNeedsConsent(connection_id=recorded.aggregate_id)


@publications.after(e.AccessDenied)
def after_access_denied(recorded: Recorded[e.AccessDenied], _: Connection) -> Iterable[Telling]:
    yield told.LedgerAccessDenied(connection_id=recorded.aggregate_id, reason=recorded.event.reason)


@publications.after(e.WrongAgreementMet)
def after_wrong_agreement_met(
    recorded: Recorded[e.WrongAgreementMet], _: Connection
) -> Iterable[Telling]:
    yield told.LedgerAccessDenied(
        connection_id=recorded.aggregate_id, reason="the grant is that of another company"
    )


@publications.after(e.RunCompleted)
def after_run_completed(recorded: Recorded[e.RunCompleted], _: Connection) -> Iterable[Telling]:
    run = recorded.event
    for total in run.totals:
        yield told.ControlTotalRead(
            connection_id=recorded.aggregate_id,
            side=total.side,
            ledger_total=total.ledger,
            mirror_total=total.mirror,
            read_at=recorded.meta.recorded_at,
        )
    yield told.SyncCompleted(
        connection_id=recorded.aggregate_id,
        run_id=run.run_id,
        started_at=run.started_at,
        counts=run.counts,
    )


@publications.after(e.RunFailed)
def after_run_failed(recorded: Recorded[e.RunFailed], _: Connection) -> Iterable[Telling]:
    failed = recorded.event
    yield told.SyncFailed(
        connection_id=recorded.aggregate_id, run_id=failed.run_id, reason=failed.code
    )


@publications.after(e.DriftDetected)
def after_drift_detected(recorded: Recorded[e.DriftDetected], _: Connection) -> Iterable[Telling]:
    drift = recorded.event
    yield told.LedgerDriftDetected(
        connection_id=recorded.aggregate_id,
        side=drift.side,
        ledger_total=drift.ledger_total,
        mirror_total=drift.mirror_total,
    )


@publications.after(e.DriftCleared)
def after_drift_cleared(recorded: Recorded[e.DriftCleared], _: Connection) -> Iterable[Telling]:
    yield told.LedgerDriftCleared(connection_id=recorded.aggregate_id, side=recorded.event.side)


@publications.after(e.PartyChanged)
def after_party_changed(recorded: Recorded[e.PartyChanged], _: object) -> Iterable[Telling]:
    party = recorded.event
    yield told.PartyChanged(
        party_id=recorded.aggregate_id,
        side="payable",
        number=str(party.number),
        name=party.name,
        blocked=party.blocked,
    )


@publications.after(e.CustomerChanged)
def after_customer_changed(recorded: Recorded[e.CustomerChanged], _: object) -> Iterable[Telling]:
    card = recorded.event
    yield told.PartyChanged(
        party_id=recorded.aggregate_id,
        side="receivable",
        number=str(card.number),
        name=card.name,
        blocked=card.blocked,
        kind=card.kind,
        country=card.country,
        language=card.language,
        currency=card.currency,
        email=card.email,
        mobile=card.mobile,
        address=card.address,
        id_number=card.id_number,
        faults=card.faults,
    )


@publications.after(e.OpenItemsChecked)
def after_open_items_checked(
    recorded: Recorded[e.OpenItemsChecked], _: object
) -> Iterable[Telling]:
    checked = recorded.event
    yield told.OpenItemsChecked(
        check_id=checked.check_id,
        party_id=recorded.aggregate_id,
        checked_at=checked.checked_at,
        complete=checked.complete,
    )
