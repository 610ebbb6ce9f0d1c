"""Whose money it was: by the part that is set off, by the whole payment, by what is still owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import uuid5

import pytest

from services.collections import commands as c
from services.collections.events.case import (
    CaseEvent,
    MoneyNoted,
    MoneyNotTold,
    PayOutRecognised,
    TellingSought,
)
from services.collections.model.case import Case
from services.collections.model.handling import CASE
from services.collections.values import Collected, Received, Seen
from shared.decider import Rejected
from shared.money import Money
from tests.collections.test_claim_rules import ANNA, FACTS
from tests.collections.test_sent_once import ENTRIES, NOW, SEALED, TENANT, TODAY, sending

CASE_ID = uuid5(TENANT, "case:1")
INVOICE = FACTS.invoice_id


def dkk(amount: str) -> Money:
    return Money.of(amount, "DKK")


def collected(amount: str, kept: str = "0.00", name: str = "S1", on: date = TODAY) -> Collected:
    return Collected(name, dkk(amount), on, dkk(kept))


def part(amount: str, entry: int = 0, whole: str | None = None, **changes: Any) -> Received:
    one = Received(ENTRIES[entry], "payment", dkk(amount), TODAY, dkk(whole) if whole else None)
    return replace(one, **changes)


class Story:
    """One case, told what the ledger and the agency say."""

    def __init__(self) -> None:
        self.case: Case = CASE.initial
        self.history: list[CaseEvent] = []
        self.tell(sending(1))
        self.tell(c.NoteAccepted("A", "R"))

    def tell(self, command: c.CaseCommand) -> list[CaseEvent]:
        events = list(CASE.decide(command, self.case))
        self.history += events
        self.case = CASE.fold(events, self.case)
        return events

    def judged(
        self, *received: Received, got: tuple[Collected, ...] = (), left: str | None = None,
        closed: str | None = None,
    ) -> list[tuple[str, Any]]:  # fmt: skip
        """What each movement is taken for: told (kind and amount), paid out, or not told (why)."""
        self.tell(c.NoteReceived(INVOICE, received))
        seen = Seen("active", "Active", dkk(left) if left else None, got, closed, NOW)
        said: list[tuple[str, Any]] = []
        for event in self.tell(c.NoteSeen(CASE_ID, seen, TODAY)):
            match event:
                case TellingSought():
                    said.append((event.kind, event.amount))
                case PayOutRecognised():
                    said.append(("paid_out", event.amount))
                case MoneyNotTold():
                    said.append(("not_told", event.code))
                case _:
                    pass
        return said


@pytest.mark.case("integrations", 15)
@pytest.mark.parametrize(
    ("received", "got", "left", "judged"),
    [
        # Nothing was collected: the debtor's own.
        (part("300.00"), (), None, ("payment", dkk("300.00"))),
        # Exactly what was collected, or as much less as the agency may keep.
        (part("300.00"), (collected("300.00"),), None, ("paid_out", dkk("300.00"))),
        (part("262.50"), (collected("300.00", "37.50"),), None, ("paid_out", dkk("262.50"))),
        (part("262.49"), (collected("300.00", "37.50"),), None, ("payment", dkk("262.49"))),
        (part("300.01"), (collected("300.00", "37.50"),), None, ("payment", dkk("300.01"))),
        # By the whole payment, of which a part is set off against charges.
        (part("700.00", whole="810.00"), (collected("900.00", "112.50"),), None,
         ("paid_out", dkk("700.00"))),
        # Several collections together.
        (part("500.00"), (collected("300.00"), collected("200.00", name="S2")), None,
         ("paid_out", dkk("500.00"))),
        # Collected only after the money came: it cannot be its pay-out.
        (part("300.00"), (collected("300.00", on=date(2026, 3, 5)),), None,
         ("payment", dkk("300.00"))),
        # Nothing is owed any more: whatever comes is the agency's, as far as it collected.
        (part("100.00"), (collected("1200.00"),), "0.00", ("paid_out", dkk("100.00"))),
        (part("100.00"), (collected("1100.00"),), "100.00", ("payment", dkk("100.00"))),
        # A credit note is the creditor's own in any case.
        (part("300.00", kind="credit_note"), (collected("300.00"),), None,
         ("credit_note", dkk("300.00"))),
        # At most what is left of the principal.
        (part("1500.00"), (), None, ("payment", dkk("1000.00"))),
    ],
)  # fmt: skip
def test_what_a_movement_of_the_ledger_is_taken_for(
    received: Received, got: tuple[Collected, ...], left: str | None, judged: tuple[str, Any]
) -> None:
    assert Story().judged(received, got=got, left=left) == [judged]


def test_a_collection_explains_one_pay_out() -> None:
    story, got = Story(), (collected("300.00"),)
    assert story.judged(part("300.00"), got=got) == [("paid_out", dkk("300.00"))]
    second = story.judged(part("300.00"), part("300.00", entry=1), got=got)
    assert second == [("payment", dkk("300.00"))]


def test_what_the_debtors_bank_took_back_from_the_agency_explains_nothing_any_more() -> None:
    story = Story()
    story.judged(got=(collected("300.00"),))
    assert story.judged() == []
    assert story.judged(part("300.00")) == [("payment", dkk("300.00"))]


def test_a_pay_out_that_is_unmatched_and_matched_anew_is_recognised_anew() -> None:
    story, got = Story(), (collected("300.00"),)
    story.judged(part("300.00"), got=got)
    assert story.judged(got=got) == [("not_told", "never_told")]
    assert story.judged(part("300.00"), got=got) == [("paid_out", dkk("300.00"))]


def test_a_payment_that_grows_or_shrinks_is_told_by_the_difference() -> None:
    story = Story()
    assert story.judged(part("100.00")) == [("payment", dkk("100.00"))]
    assert story.judged(part("250.00")) == [("payment", dkk("150.00"))]
    assert story.judged(part("200.00")) == [("reversal", dkk("50.00"))]
    assert story.judged() == [("reversal", dkk("200.00"))]
    assert story.case.outstanding(INVOICE) == dkk("1000.00")


def test_after_the_end_only_pay_outs_are_looked_for() -> None:
    story, got = Story(), (collected("400.00"),)
    story.judged(got=got, closed="uncollectable")
    assert story.judged(part("400.00"), got=got) == [("paid_out", dkk("400.00"))]
    later = story.judged(part("400.00"), part("50.00", entry=1), got=got)
    assert later == [("not_told", "case_over")]


def test_an_invoice_of_another_case_and_a_repeat_change_nothing() -> None:
    story = Story()
    assert story.tell(c.NoteReceived(TENANT, (part("100.00"),))) == []
    story.tell(c.NoteReceived(INVOICE, (part("100.00"),)))
    assert story.tell(c.NoteReceived(INVOICE, (part("100.00"),))) == []
    assert [type(one) for one in story.history].count(MoneyNoted) == 1


def test_a_telling_ends_once() -> None:
    story = Story()
    story.judged(part("100.00"))
    (number,) = story.case.open_tellings
    assert len(story.tell(c.NoteTellingUnknown(number))) == 1
    assert len(story.tell(c.NoteTold(number, NOW))) == 1
    assert story.tell(c.NoteTold(number, NOW)) == []
    assert story.tell(c.NoteTellingRefused(number, "late")) == []


def test_a_case_has_something_to_recover_and_is_sent_once() -> None:
    story = Story()
    with pytest.raises(Rejected, match="sent before"):
        CASE.decide(sending(1), story.case)
    for claims in ((), (replace(sending(1).claims[0], principal=dkk("0.00")),)):
        with pytest.raises(Rejected, match="recovers principal"):
            CASE.decide(replace(sending(2), claims=claims), CASE.initial)


def test_what_the_agency_has_after_all_is_at_the_agency_and_not_sent_again() -> None:
    case = CASE.fold(CASE.decide(sending(1), CASE.initial))
    for command in (
        c.NoteOutcomeUnknown(NOW), c.RaiseAlert(), c.ReportNeverArrived(ANNA, SEALED),
        c.NoteAccepted("A", "R"), c.NoteAccepted("A", "R"),
    ):  # fmt: skip
        case = CASE.fold(CASE.decide(command, case), case)
    assert case.agency_case_id == "A"
    assert case.state.value == "active"
    with pytest.raises(Rejected):
        CASE.decide(c.ReportNeverArrived(ANNA, SEALED), case)


def test_a_case_that_was_never_sent_hears_of_no_money() -> None:
    assert CASE.decide(c.NoteReceived(INVOICE, (part("1.00"),)), CASE.initial) == []
    seen = Seen(
        "active", "Active", None, (), None, datetime.fromisoformat("2026-03-04T09:00+00:00")
    )
    assert CASE.decide(c.NoteSeen(CASE_ID, seen, TODAY), CASE.initial) == []
