"""Trying settings on what has happened: the same settings give what did happen, others the difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from services.dunning.acts import trying
from services.dunning.commands.receivable import (
    DisputeInvoice,
    PauseInvoice,
    ResumeInvoice,
    SettleDispute,
)
from services.dunning.model.defaults import TIMELINES
from services.dunning.model.tally import Tally
from services.dunning.model.trying import Change
from services.dunning.registers import trials
from services.dunning.registers.trials import Trial
from services.dunning.values import ChargePolicy, NoticeKind, Step, Timeline
from shared.contracts.sync import Allocation, ItemsMatched
from shared.money import Money
from shared.postgres import Server
from tests.dunning.house import ANNA, House, moves_in
from tests.dunning.office import Office, office

DK = msgspec.structs.replace(TIMELINES["DK"], mode="automatic")


@pytest.fixture(scope="module")
def desk(postgres_server: Server) -> Iterator[Office]:
    with office(postgres_server) as desk:
        yield desk


@pytest.fixture(scope="module")
def here(desk: Office) -> House:
    """Three months of a creditor: paid in parts, paused, disputed, held by a payment, credited."""
    here = moves_in(desk.house)
    desk.tenants.append(here.tenant)
    here.sets(DK)
    here.sets(ChargePolicy(accept_unverified=True))
    alfa, beta = here.debtor("Alfa"), here.debtor("Beta", kind="person")
    here.invoice("1001", "10000.00", due="2026-03-02", debtor=alfa)
    here.invoice("1002", "4000.00", due="2026-03-06", debtor=alfa)
    here.invoice("1003", "250.00", due="2026-03-10", debtor=beta)
    here.invoice("1004", "900.00", due="2026-03-11", debtor=here.debtor("Gamma"), currency="EUR")
    here.invoice("1005", "3000.00", due="2026-03-02", debtor=here.debtor("Delta"))
    here.until("2026-03-18")
    here.paid("1001", on="2026-03-17", amount="6000.00")
    here.asks("1003", lambda terms: PauseInvoice("promised", None, ANNA, terms))
    here.until("2026-03-27")
    here.asks("1005", lambda terms: DisputeInvoice("faulty", ANNA, terms))
    here.pays(alfa, "100.00", "2026-03-27")
    here.until("2026-04-20")
    here.asks("1003", lambda terms: ResumeInvoice(ANNA, terms))
    here.asks("1005", lambda terms: SettleDispute(upheld=False, settled_by=ANNA, terms=terms))
    entry = here.pays(alfa, "50.00", "2026-04-19")
    here.matches("1002", entry, "50.00", "2026-04-19")
    here.until("2026-05-11")
    here.paid("1005", on="2026-05-10")
    here.until("2026-06-12")
    here.seen()
    return here


def lived(here: House) -> Tally:
    """What was told while it was lived."""
    letters: Counter[str] = Counter()
    months: Counter[str] = Counter()
    charges: Counter[str] = Counter()
    ready = set()
    for one in here.contracts:
        told: Any = one
        match type(one).__name__:
            case "ReminderIssued":
                letters["charged" if told.charges else "reminder"] += 1
                months[told.issued_on.strftime("%Y-%m")] += 1
            case "CollectionWarningIssued":
                letters["warning"] += 1
                months[told.issued_on.strftime("%Y-%m")] += 1
            case "ChargeAdded":
                amount = told.charge.amount
                charges[f"{told.charge.kind} {amount.currency}"] += amount.minor
            case "ReadyForCollection":
                ready.add(told.invoice_id)
            case _:
                pass
    return Tally(dict(letters), dict(months), dict(charges), ready=len(ready))


def tried(here: House, change: Change) -> Trial:
    """Begun by a person, gone through by the calendar, read as a page reads it."""
    trial_id: UUID = here.work(lambda work: trying.begin(work, change, ANNA))
    found = here.work(lambda work: trials.find(work.raw, here.tenant, trial_id))
    assert found.ended_at is not None
    assert found.done == found.debtors
    return found  # type: ignore[no-any-return]  # a test's lambda has no types


def comparable(tally: Tally) -> Tally:
    return Tally(tally.letters, tally.months, tally.charges, ready=tally.ready)


@pytest.mark.capability("E16")
def test_a_trial_of_what_is_set_gives_what_did_happen(here: House) -> None:
    trial = tried(here, Change())
    happened = lived(here)
    assert happened.count >= 10
    assert happened.letters.keys() == {"reminder", "charged", "warning"}
    assert comparable(trial.before) == happened
    assert trial.after == trial.before


@pytest.mark.capability("E16")
def test_an_earlier_timeline_sends_the_same_letters_earlier_and_records_nothing(
    here: House,
) -> None:
    steps = (
        Step(NoticeKind.REMINDER, 2),
        Step(NoticeKind.REMINDER, 13, charged=True),
        Step(NoticeKind.WARNING, 25, charged=True),
    )
    before = here.state("1001")
    trial = tried(here, Change(timeline=msgspec.structs.replace(DK, steps=steps)))
    assert trial.after.first_days / trial.after.first < trial.before.first_days / trial.before.first
    assert trial.after.letters["warning"] >= trial.before.letters["warning"]
    here.seen().sees()
    assert here.state("1001") == before


@pytest.mark.capability("E24")
def test_without_charges_as_many_letters_cost_nothing(here: House) -> None:
    none = ChargePolicy(interest="none", fees="none", accept_unverified=True)
    trial = tried(here, Change(charges=none))
    assert trial.after.letters == trial.before.letters
    assert trial.before.charged("fee")["DKK"] > Money.zero("DKK")
    assert not trial.after.charges


@pytest.mark.capability("E6")
def test_statements_instead_of_reminders_are_counted_as_what_they_are(here: House) -> None:
    monthly = Timeline("Statements", (Step(NoticeKind.STATEMENT, 30),), gap_days=0)
    trial = tried(here, Change(timeline=monthly))
    assert trial.after == trial.before, "nobody is on it"
    here.sets(monthly)
    trial = tried(here, Change(main="Statements"))
    assert trial.after.letters.keys() == {"statement"}
    assert not trial.after.charges
    assert trial.after.ready == 0


@pytest.mark.capability("E16")
def test_a_change_is_tried_over_http_and_then_set_as_it_was_tried(
    desk: Office, here: House
) -> None:
    path = f"/dunning/v1/tenants/{here.tenant}/settings/trials"
    own = {"interest": "none", "fees": "own", "accept_unverified": True}
    fifty, nothing = ({"amount": amount, "currency": "DKK"} for amount in ("50.00", "0.00"))
    wanted = {"charges": {**own, "tiers": [{"from_principal": nothing, "fee": fifty}]}}
    begun = desk.program().post(path, json=wanted)
    assert begun.status_code == 202, begun.text
    trial = f"{path}/{begun.json()['trial_id']}"
    told = desk.program().get(trial).json()
    assert (told["state"], told["done"]) == ("running", 0)
    here.settle()
    told = desk.program().get(trial).json()
    assert (told["state"], told["done"]) == ("ended", told["debtors"])
    fees = {one["kind"]: one["amount"]["amount"] for one in told["after"]["charges"]}
    charged = told["after"]["letters"]["charged"] + told["after"]["letters"]["warning"]
    # One of them is in euro, in which no fee is charged.
    assert fees == {"fee": f"{50 * (charged - 2)}.00"}
    assert {one["debtor_id"] for one in told["differing"]} <= {str(one) for one in here.names}
    assert desk.program().post(f"{trial}/set").status_code == 204
    assert desk.get(here.tenant, "/settings")["charges"]["tiers"] == wanted["charges"]["tiers"]


@pytest.mark.capability("E16")
def test_what_the_law_forbids_is_not_even_tried(desk: Office, here: House) -> None:
    path = f"/dunning/v1/tenants/{here.tenant}/settings/trials"
    steps = [{"kind": "reminder", "after_days": 5 + n, "charged": True} for n in range(2)]
    wanted = {"timeline": {"name": "main", "steps": steps, "gap_days": 3}}
    answer = desk.program().post(path, json=wanted)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "gap_days"


def test_a_trial_of_another_creditor_is_not_there(desk: Office, here: House) -> None:
    trial_id = here.work(lambda work: trying.begin(work, Change(), ANNA))
    other = moves_in(desk.house)
    desk.tenants.append(other.tenant)
    path = f"/dunning/v1/tenants/{other.tenant}/settings/trials/{trial_id}"
    assert desk.program().get(path).status_code == 404
    assert desk.program().post(f"{path}/set").status_code == 404


@pytest.mark.capability("E16")
def test_a_ledger_that_was_connected_last_week_has_a_last_year(desk: Office) -> None:
    """Due in October, paid ten days late, told of in March: one reminder, and no charge."""
    here = moves_in(desk.house)
    here.sets(DK)
    here.sets(ChargePolicy(accept_unverified=True))
    late = here.debtor("Late")
    here.invoice("9001", "1000.00", due="2025-10-01", debtor=late)
    paid_on = date(2025, 10, 11)
    payment = Allocation(uuid4(), "payment", Money.of("1000.00", "DKK"), paid_on, paid_on)
    here.say(
        ItemsMatched(
            item_id=here.invoices["9001"].invoice_id,
            side="receivable",
            party_id=late,
            remaining=Money.zero("DKK"),
            matched_on=paid_on,
            allocations=(payment,),
        )
    )
    here.settle()
    trial = tried(here, Change())
    assert (trial.before.letters, trial.before.charges) == ({"reminder": 1}, {})
    assert trial.before.months == {"2025-10": 1}
