"""The house dies at every place where it may, and pays once all the same.

The crash points of one journey are enumerated first: before and after each commit and each call
outward, by name and by how often they are passed. Then, for each, a process is killed there by
SIGKILL, another one goes on from what is left, and the end must be the end of an undisturbed journey.

`make test` kills at the first passing of every name. With FORFALD_SOAK=1 it is every passing.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.stage import INVOICE, Stage, Trial

SHARES = 10


@pytest.fixture(scope="session")
def places(here: Stage) -> list[str]:
    """All crash points of an undisturbed journey, each with its how-manieth."""
    with here.trial() as trial:
        log = trial.folder / "log"
        ended = trial.live(log=str(log))
        assert (ended.signal, ended.code) == (0, 0), ended.said
        assert faults_of(trial) == []
        return log.read_text(encoding="utf-8").splitlines()


def test_the_points_stand_around_every_kind_of_commit_and_call(places: list[str]) -> None:
    names = {place.partition("#")[0] for place in places}
    for name in (
        "payments:command",
        "payments:on forfald.approvals.PaymentApproved.v1",
        "payments:schedule payments.release",
        "payments:claim bank.send_batch",
        "bank.send_batch",
        "ledger.post",
        "mail.send",
        "followed:project",
        "watermark",
        "vault:new key",
    ):
        assert {f"{name}:before-commit", f"{name}:after-commit"} <= names
    for name in (
        "bank.send_batch",
        "ledger.post",
        "mail.send",
        "POST /journalsapi/*/journals/*/bookdraftentries",
    ):
        assert {f"{name}:before", f"{name}:after"} <= names


@pytest.mark.parametrize("share", range(SHARES))
def test_killed_anywhere_it_pays_once_and_books_once(
    here: Stage, places: list[str], share: int
) -> None:
    wanted = places if os.environ.get("FORFALD_SOAK") else [p for p in places if p.endswith("#1")]
    found = {}
    for place in wanted[share::SHARES]:
        with here.trial() as trial:
            found[place] = after_a_kill(trial, place)
    assert {place: faults for place, faults in found.items() if faults} == {}
    assert found


def after_a_kill(trial: Trial, place: str) -> list[str]:
    """What is wrong at the end of a journey whose first process died at a place."""
    died = trial.live(at=place)
    if died.signal != signal.SIGKILL:
        return [f"did not die there: {died.said}"]
    ended = trial.live(restarted=True)
    if (ended.signal, ended.code) != (0, 0):
        return [f"did not come to its end: {ended.said[-4000:]}"]
    return faults_of(trial)


def faults_of(trial: Trial) -> list[str]:
    """One debit, one voucher that is matched, and every invariant."""
    facts = trial.facts()
    debits = [debit["amount"]["minor"] for debit in facts.bank["debits"]]
    (ledger, *_) = facts.ledgers
    ours = [entry for entry in _entries(ledger) if entry["type"] == SUPPLIER_PAYMENT]
    bookkept = list(facts.named("payments.PaymentBookkept.v1"))
    wrong = {
        f"debits of {debits}": debits != [790_625],
        f"vouchers {ours}": [entry["amount"] for entry in ours] != [float(INVOICE.amount)],
        f"left open {ours}": any(entry["remainder"] for entry in ours),
        f"drafts {ledger['drafts']}": bool(ledger["drafts"]),
        f"bookkept {len(bookkept)} times": len(bookkept) != 1,
    }
    return [sentence for sentence, is_so in wrong.items() if is_so] + trial.damage()


SUPPLIER_PAYMENT = 4


def _entries(ledger: Any) -> Iterator[Any]:
    for voucher in ledger["vouchers"]:
        for entry in voucher["entries"]:
            if entry.get("supplierNumber") is not None:
                yield entry
