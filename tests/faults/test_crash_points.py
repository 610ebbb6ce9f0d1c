"""The house dies at every place where it may, and pays once all the same.

The crash points of one journey are enumerated first: before and after each commit and each call
outward, by name and by how often they are passed. Then processes are killed there by SIGKILL, the next
one goes on from what is left, and the end must be the end of an undisturbed journey.

Between the commit that says "about to send" and the first byte, only a person can find out that the bank
has nothing: there, two people ask it and say so, as their pages tell them to. Nowhere else do they.

Here it is the first passing of every name, and several deaths in each journey; tests/soak gives every
single passing a journey of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.paying import INVOICE, Paying
from tests.faults.stage import Stage, Trial

SHARES = 3  # an effect that needs more than ten attempts is left to people


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


@pytest.mark.property_("P7")
@pytest.mark.parametrize("share", range(SHARES))
def test_killed_anywhere_it_pays_once_and_books_once(
    here: Stage[Paying], places: list[str], share: int
) -> None:
    wanted = [place for place in places if place.endswith("#1")][share::SHARES]
    assert wanted
    while wanted:
        with here.trial() as trial:
            passed_by = trial.killed_at_each(wanted)
            assert faults_of(trial) == [], f"after deaths at some of {wanted}"
        assert len(passed_by) < len(wanted), f"nobody comes by {passed_by}"
        wanted = passed_by


def faults_of(trial: Trial[Paying]) -> list[str]:
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
