"""The house dies at every place where it may, and warns once, books once and hands over once all the same.

As for a payment: the crash points of one journey are enumerated, processes are killed there by SIGKILL,
and the end must be the end of an undisturbed journey. Who does not know whether a mail has left sends it
once more as the same message, which its reader sees once; who does not know whether an agency has a case
asks it, and where it never came a person says so and lets it go again.

Here it is the first passing of every name; tests/soak gives every single passing a journey of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from forfald.verify.facts import Facts
from tests.faults.following import CUSTOMER, SALE, Following
from tests.faults.stage import Stage, Trial

SHARES = 2


def test_the_points_stand_around_every_kind_of_commit_and_call_of_a_reminder(
    followed_places: list[str],
) -> None:
    names = {place.partition("#")[0] for place in followed_places}
    for name in (
        "dunning:on forfald.sync.InvoiceBooked.v1",
        "dunning:schedule dunning.list",
        "dunning:schedule dunning.send",
        "sync:on forfald.dunning.OpenItemsCheckSought.v1",
        "notifications:on forfald.dunning.CollectionWarningIssued.v1",
        "letter.draw",
        "letter.mail",
        "dunning:on forfald.notifications.NoticeSent.v1",
        "ledger.post",
        "dunning:on forfald.sync.VoucherPosted.v1",
        "collections:on forfald.dunning.ReadyForCollection.v1",
        "collections:schedule collections.transfer",
        "agency.submit",
        "dunning:on forfald.collections.CaseSentToCollection.v1",
    ):
        assert {f"{name}:before-commit", f"{name}:after-commit"} <= names, name
    for name in ("letter.draw", "letter.mail", "ledger.post", "agency.submit"):
        assert {f"{name}:before", f"{name}:after"} <= names, name


@pytest.mark.property_("P7")
@pytest.mark.parametrize("share", range(SHARES))
def test_killed_anywhere_it_warns_once_books_once_and_hands_over_once(
    office: Stage[Following], followed_places: list[str], share: int
) -> None:
    wanted = [place for place in followed_places if place.endswith("#1")][share::SHARES]
    assert wanted
    while wanted:
        with office.trial() as trial:
            passed_by = trial.killed_at_each(wanted)
            assert faults_of(trial) == [], f"after deaths at some of {wanted}"
        assert len(passed_by) < len(wanted), f"nobody comes by {passed_by}"
        wanted = passed_by


def faults_of(trial: Trial[Following]) -> list[str]:
    """One mail, a voucher of the fee and one of the interest, one case, and every invariant."""
    facts = trial.facts()
    mails = {mail["message_id"] for mail in facts.mails if mail["recipient"] == CUSTOMER.email}
    vouchers = sorted(_bookkept(facts))
    charged = sorted(
        event.fields["charge"]["amount"]["minor"] for event in facts.named("dunning.ChargeAdded.v1")
    )
    cases = [case["asked"]["claimDescription"] for case in facts.office["cases"]]
    done = list(facts.named("dunning.PostingDone.v1"))
    wrong = {
        f"mails {mails}": len(mails) != 1,
        f"vouchers {vouchers} of {charged}": vouchers != [[minor] for minor in charged],
        f"drafts {facts.ledgers}": any(ledger["drafts"] for ledger in facts.ledgers),
        f"bookkept {len(done)} times": len(done) != 1,
        f"cases {cases}": len(cases) != 1 or f"Invoice {SALE.number} " not in cases[0],
    }
    return [sentence for sentence, is_so in wrong.items() if is_so] + trial.damage()


def _bookkept(facts: Facts) -> Iterator[list[int]]:
    """The charges of each voucher that is not the invoice's own, in minor units."""
    for ledger in facts.ledgers:
        for voucher in ledger["vouchers"]:
            ours = [entry for entry in voucher["entries"] if _is_charge(entry)]
            if ours:
                yield sorted(round(entry["amount"] * 100) for entry in ours)


def _is_charge(entry: Any) -> bool:
    own = (
        entry.get("customerInvoiceNumber") == SALE.number
        and entry["text"] == f"Faktura {SALE.number}"
    )
    return entry.get("customerNumber") == SALE.customer and not own
