"""The claim's rules: given what has happened, when this is asked, then that happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from services.collections import commands as c
from services.collections.events import beside as f
from services.collections.events import claim as e
from services.collections.model import guards
from services.collections.model.claim import CLAIM
from services.collections.model.creditor import Creditor
from services.collections.model.debtor import Debtor
from services.collections.model.guards import Surroundings
from services.collections.values import ClaimFacts
from shared.money import Money
from shared.sealed import Sealed
from shared.testing.spec import given

ANNA, CASE = uuid4(), uuid4()
GOES_ON, GOES_AT = date(2026, 3, 4), datetime(2026, 3, 4, 9, tzinfo=UTC)


def dkk(minor: int) -> Money:
    return Money(minor, "DKK")


FACTS = ClaimFacts(
    invoice_id=uuid4(), debtor_id=uuid4(), party_number="1", number="F-1",
    issued_on=date(2025, 12, 1), due_on=date(2025, 12, 31), warned_on=date(2026, 2, 10),
    deadline_on=date(2026, 2, 24), ready_on=date(2026, 3, 2), gross=dkk(100_000),
    principal=dkk(100_000), charges=dkk(20_000), interest=dkk(1_234), debtor_kind="consumer",
    country="DK",
)  # fmt: skip
READY = e.ClaimReady(FACTS)
PLANNED = e.TransferPlanned(GOES_ON, GOES_AT)
PLANNING = c.LookAtClaim(transfer_on=GOES_ON, goes_at=GOES_AT)


def not_ready(code: str = "only_charges_left") -> c.NoteNotReady:
    return c.NoteNotReady(FACTS.invoice_id, FACTS.debtor_id, code, dkk(0))


def test_what_is_free_is_planned_once_and_a_second_look_does_not_move_the_day() -> None:
    given(CLAIM, READY).when(PLANNING).then(e.ClaimFree(), PLANNED)
    later = c.LookAtClaim(transfer_on=date(2026, 3, 9), goes_at=datetime(2026, 3, 9, 9, tzinfo=UTC))
    given(CLAIM, READY, e.ClaimFree(), PLANNED).when(later).then_nothing()


def test_what_waits_longer_than_its_interest_was_told_for_has_that_of_the_last_day() -> None:
    told = replace(FACTS, interest_ahead=(dkk(1_260), dkk(1_287)))
    days = [date(2026, 3, day) for day in (2, 3, 4, 5, 31)]
    assert [told.interest_on(day).minor for day in days] == [1_234, 1_260, 1_287, 1_287, 1_287]


def test_the_gravest_reason_stands_first_and_each_once() -> None:
    found = c.LookAtClaim(found=("unmatched_items", "deceased", "unmatched_items"))
    given(CLAIM, READY, PLANNED).when(found).then(
        e.ClaimHeld(("deceased", "unmatched_items"), planned=True)
    )


def test_what_is_held_for_the_same_reasons_is_not_told_again() -> None:
    held = e.ClaimHeld(("unmatched_items",), planned=False)
    given(CLAIM, READY, held).when(c.LookAtClaim(("unmatched_items",))).then_nothing()


def test_a_reason_that_came_and_went_begins_a_new_window() -> None:
    held = e.ClaimHeld(("unmatched_items",), planned=True)
    given(CLAIM, READY, e.ClaimFree(), PLANNED, held).when(PLANNING).then(e.ClaimFree(), PLANNED)


def test_it_leaves_once_and_only_when_nothing_stands_in_the_way() -> None:
    given(CLAIM, READY).when(c.SendClaim(CASE)).then(e.ClaimSent(CASE))
    given(CLAIM, READY).when(c.SendClaim(CASE, ("settled",))).then_rejected("held")
    given(CLAIM, READY, e.ClaimSent(CASE)).when(c.SendClaim(uuid4())).then_rejected("already_sent")
    for hold in (
        e.TransferStopped(ANNA, planned=False),
        e.HoldTold(FACTS.invoice_id, FACTS.debtor_id, "disputed"),
        e.ClaimNotReady(FACTS.invoice_id, FACTS.debtor_id, "settled", dkk(0)),
    ):
        given(CLAIM, READY, hold).when(c.SendClaim(CASE)).then_rejected("held")
    given(CLAIM).when(c.SendClaim(CASE)).then_rejected("held")


@pytest.mark.parametrize(("code", "comes_back"), [
    ("not_sent", True), ("refused", False), ("recalled", False), ("never_arrived", False),
])  # fmt: skip
def test_what_comes_back_goes_again_by_itself_only_where_not_a_byte_left(
    code: str, comes_back: bool
) -> None:
    state = (
        given(CLAIM, READY, e.ClaimSent(CASE))
        .when(c.ReturnClaim(CASE, code))
        .then(e.ClaimReturned(CASE, code))
    )
    events = CLAIM.decide(PLANNING, state)
    assert (PLANNED in events) is comes_back


def test_another_cases_end_is_not_this_claims() -> None:
    given(CLAIM, READY, e.ClaimSent(CASE)).when(c.EndClaim(uuid4(), "paid")).then_nothing()
    given(CLAIM, READY, e.ClaimSent(CASE)).when(c.EndClaim(CASE, "paid")).then(
        e.ClaimOver(CASE, "paid")
    )


def test_what_is_over_hears_only_that_it_is_owed_again() -> None:
    over = (READY, e.ClaimSent(CASE), e.ClaimOver(CASE, "paid"))
    given(CLAIM, *over).when(c.NoteReady(FACTS)).then(e.ClaimReopened(CASE), READY)
    for command in (not_ready(), PLANNING):
        given(CLAIM, *over).when(command).then_nothing()
    given(CLAIM, *over).when(c.StopTransfer(ANNA)).then_rejected("already_sent")


def test_told_twice_it_is_one_fact() -> None:
    given(CLAIM, READY).when(c.NoteReady(FACTS)).then_nothing()
    told = e.ClaimNotReady(FACTS.invoice_id, FACTS.debtor_id, "only_charges_left", dkk(0))
    given(CLAIM, READY, told).when(not_ready()).then_nothing()
    given(CLAIM, READY, told).when(c.NoteReady(FACTS)).then(READY)


def test_a_stop_needs_something_to_stop_and_ends_by_a_persons_word() -> None:
    given(CLAIM).when(c.StopTransfer(ANNA)).then_rejected("not_ready")
    given(CLAIM, READY).when(c.EndStop(ANNA)).then_nothing()
    stopped = e.TransferStopped(ANNA, planned=False)
    given(CLAIM, READY, stopped).when(c.StopTransfer(ANNA)).then_nothing()
    given(CLAIM, READY, stopped).when(c.EndStop(ANNA)).then(e.StopEnded(ANNA))


SOMEBODY = Debtor(f.DebtorLearnt(
    uuid4(), "1", Sealed(uuid4(), ""), "DK", None, None, Sealed(uuid4(), ""), None
))  # fmt: skip
FREE = Surroundings(SOMEBODY, dkk(100), dkk(0), None)


@pytest.mark.capability("E85")
@pytest.mark.capability("E88")
@pytest.mark.capability("E89")
@pytest.mark.parametrize(
    ("around", "codes"),
    [
        (FREE, ()),
        (replace(FREE, principal=dkk(0), charges=dkk(1)), ("only_charges_left",)),
        (replace(FREE, principal=dkk(0)), ("settled",)),
        (replace(FREE, principal=dkk(-5), charges=dkk(0)), ("settled",)),
        (replace(FREE, principal=dkk(0), charges=None), ()),
        (replace(FREE, unmatched=dkk(1)), ("unmatched_items",)),
        (replace(FREE, unmatched=Money(1, "EUR")), ("unmatched_items",)),
        (replace(FREE, debtor=Debtor()), ("debtor_unknown",)),
        (replace(FREE, debtor=replace(SOMEBODY, frozen="insolvent")), ("insolvent",)),
        (
            replace(FREE, debtor=Debtor(frozen="deceased"), principal=dkk(0), charges=dkk(9)),
            ("deceased", "only_charges_left", "debtor_unknown"),
        ),
    ],
)
def test_what_stands_in_the_way(around: Surroundings, codes: tuple[str, ...]) -> None:
    assert guards.found(around) == codes


@pytest.mark.capability("E86")
@pytest.mark.parametrize(
    ("now", "days", "weekday", "day"),
    [
        # A Thursday before Easter: Maundy Thursday to Easter Monday are no banking days.
        ("2026-04-01T08:00", 1, None, "2026-04-07"),
        ("2026-03-06T22:30", 1, None, "2026-03-09"),  # Friday night in Copenhagen
        ("2026-03-06T23:30", 1, None, "2026-03-09"),  # Saturday there already
        ("2026-03-02T08:00", 2, 4, "2026-03-06"),
        ("2026-03-05T08:00", 2, 4, "2026-03-13"),
        ("2026-03-30T08:00", 1, 4, "2026-04-07"),  # that Friday is Good Friday
    ],
)  # fmt: skip
def test_whole_banking_days_lie_between_and_then_the_weekday(
    now: str, days: int, weekday: int | None, day: str
) -> None:
    creditor = Creditor(stop_days=days, weekday=weekday)
    at = datetime.fromisoformat(f"{now}+00:00")
    found = creditor.transfer_on(at)
    assert found == date.fromisoformat(day)
    assert creditor.goes_at(found).astimezone(creditor.zone).hour == 10
