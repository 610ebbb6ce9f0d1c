"""The example ledger, lived through the whole system, gives the printed results of all twelve reports.

What is expected is said once, in `tests/dunning/test_reports.py`, where the same ledger is told as events:
the tests that are imported here are asked of this module's `ledger`.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from forfald.house import FOLLOWING
from forfald.verify.check import check
from services.dunning.queries.reports import packs
from services.dunning.registers import packs as kept_packs
from shared.money import Money
from shared.postgres import Server
from shared.projecting.rebuild import rebuild
from tests.dunning.ledger_of_five import dkk
from tests.dunning.test_reports import (
    test_both_lists_stand_beside_the_ledgers_own_account,
    test_t1_receivables_at_each_month_end,
    test_t2_effective_credit_time_by_four_methods,
    test_t3_interest_and_fees_roll_forward_and_equal_the_postings,
    test_t4_sent_to_collection,
    test_t5_letters_sent_by_month_and_kind,
    test_t6_debtors_on_a_timeline_of_their_own,
    test_t7_who_is_not_reminded,
    test_t8_statement_debtors,
    test_t9_open_items_and_what_they_hold,
    test_t10_each_invoice_with_its_last_and_next_step,
    test_t10_open_invoices_by_age,
    test_t11_balance_per_debtor_with_what_is_in_collection,
    test_t12_what_was_paid_in_after_letters,
    test_t12_when_customers_pay,
)
from tests.journeys.example_ledger import TENANT, Office, live_the_example, office_in

__all__ = [
    "test_both_lists_stand_beside_the_ledgers_own_account",
    "test_t1_receivables_at_each_month_end",
    "test_t2_effective_credit_time_by_four_methods",
    "test_t3_interest_and_fees_roll_forward_and_equal_the_postings",
    "test_t4_sent_to_collection",
    "test_t5_letters_sent_by_month_and_kind",
    "test_t6_debtors_on_a_timeline_of_their_own",
    "test_t7_who_is_not_reminded",
    "test_t8_statement_debtors",
    "test_t9_open_items_and_what_they_hold",
    "test_t10_each_invoice_with_its_last_and_next_step",
    "test_t10_open_invoices_by_age",
    "test_t11_balance_per_debtor_with_what_is_in_collection",
    "test_t12_what_was_paid_in_after_letters",
    "test_t12_when_customers_pay",
]

MONTHS = ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03")


@pytest.fixture(scope="module")
def lived(postgres_server: Server) -> Iterator[Office]:
    with office_in(postgres_server) as office:
        live_the_example(office)
        yield office


@pytest.fixture(scope="module", params=["followed", "rebuilt"])
def ledger(lived: Office, request: pytest.FixtureRequest) -> Office:
    """The reports as they were followed, and again from read tables that are made anew from the log."""
    if request.param == "rebuilt":
        runtime = lived.house.runtimes["dunning"]
        rebuild(lived.house.address.dsn("dunning", "owner"), runtime.service)
    return lived


def test_five_letters_and_one_case_have_left_and_every_invariant_holds(lived: Office) -> None:
    mails = lived.read("mailbox_url", "/control/mails")
    to_debtors = [one["recipient"] for one in mails if one["recipient"].startswith("bogholderi@")]
    written = sorted(address.partition("@")[2].partition(".")[0] for address in to_debtors)
    assert written == ["alfa", "beta", "beta", "cecil", "cecil"]
    (case,) = lived.read("agency_url", "/control/office")["cases"]
    # What has accrued beyond the charges is told, and not added: the agency reckons interest itself.
    assert Money(case["gross_minor"], "DKK") == dkk("6241.10")
    assert case["asked"]["claimDescription"].endswith("interest accrued beyond them 19.72")
    answers = check(lived.house.runtimes["dunning"].surroundings, shadow=True, services=FOLLOWING)
    assert [damage for answer in answers for damage in answer.damage] == []


@pytest.mark.capability("R1")
def test_each_month_was_frozen_by_itself_and_march_says_what_was_printed(lived: Office) -> None:
    with lived.house.runtimes["dunning"].app.transaction([TENANT]) as transaction:
        sql, now = transaction.sql, lived.house.clock.now()
        found = {(one.kind, one.period): one for one in packs.frozen(sql, TENANT)}
        assert set(found) == {(kind, month) for kind in packs.KINDS for month in MONTHS}
        kept = kept_packs.find(sql, TENANT, found["month_end", "2026-03"].sha256)
        assert kept is not None
        assert packs.restated(sql, TENANT, kept, now) == []
    reports = {one["code"]: one["headline"] for one in msgspec.json.decode(kept)["reports"]}
    assert reports["T1"]["value"] == {"minor": 29_000_00, "currency": "DKK"}
    assert reports["T9"]["value"] == {"minor": -1_500_00, "currency": "DKK"}
