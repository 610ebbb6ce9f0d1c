"""A request for approval: who can say yes, to what, until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.approvals.commands import AskAlso, Expire, LapseYes, Remind, VoidItem
from services.approvals.events import (
    AnswerRefused,
    ApprovalExpired,
    ApprovalReminded,
    ApproverAsked,
    ItemVoided,
    PaymentApproved,
    PaymentRejected,
    YesGiven,
    YesLapsed,
)
from services.approvals.model.request import REQUEST
from shared.evidence import BY_POLICY, NOBODY
from shared.testing.spec import given
from tests.approvals.facts import (
    ANNA,
    BERTIL,
    CARLA,
    DAVID,
    EXPIRES_AT,
    LATEST_AT,
    REASON,
    ROOF,
    WINDOWS,
    asking,
    grant,
    item,
    named,
    no,
    requested,
    yes,
)

ONE, TWO = requested(), requested(item(needed=2))


def refused(person_id: Any, code: str, answer: str = "yes") -> AnswerRefused:
    return AnswerRefused(ROOF, person_id, answer, code)


@pytest.mark.capability("S17")
def test_a_payment_is_put_to_the_approvers() -> None:
    given(REQUEST).when(asking()).then(requested())


@pytest.mark.capability("S18")
def test_several_payments_are_put_to_the_approvers_at_once() -> None:
    both = (item(ROOF), item(WINDOWS))
    given(REQUEST).when(asking(*both)).then(requested(*both))


def test_a_request_that_arrives_again_asks_nobody_again() -> None:
    given(REQUEST, ONE).when(asking()).then_nothing()


@pytest.mark.capability("S25")
def test_one_yes_is_enough_where_one_is_needed() -> None:
    said = grant(BERTIL)
    given(REQUEST, ONE).when(yes(BERTIL)).then(YesGiven(said, 0), PaymentApproved(ROOF, (said,)))


@pytest.mark.capability("S19")
def test_the_second_yes_approves_where_two_are_needed() -> None:
    first, second = grant(BERTIL), grant(CARLA)
    given(REQUEST, TWO).when(yes(BERTIL)).then(YesGiven(first, 1))
    given(REQUEST, TWO, YesGiven(first, 1)).when(yes(CARLA)).then(
        YesGiven(second, 0), PaymentApproved(ROOF, (first, second))
    )


@pytest.mark.case("rails", 4)
def test_the_same_person_counts_once() -> None:
    said = YesGiven(grant(BERTIL), 1)
    given(REQUEST, TWO, said).when(yes(BERTIL)).then_nothing()


@pytest.mark.case("rails", 5)
@pytest.mark.parametrize("may", [True, False])
def test_whoever_put_a_payment_forward_cannot_approve_it_and_the_attempt_is_kept(may) -> None:
    given(REQUEST, ONE).when(yes(ANNA, may=may)).then(refused(ANNA, "self_approval"))
    before = REQUEST.fold([ONE])
    assert REQUEST.fold([ONE, refused(ANNA, "self_approval")]) == before


def test_a_person_without_the_role_is_refused() -> None:
    given(REQUEST, ONE).when(yes(DAVID, may=False)).then(refused(DAVID, "not_an_approver"))
    given(REQUEST, ONE).when(no(DAVID, may=False)).then(refused(DAVID, "not_an_approver", "no"))


@pytest.mark.property_("P4")
@pytest.mark.parametrize(
    "seen", [{"digest": "another"}, {"revision": 2}, {"policy_version": 2}], ids=str
)
def test_a_yes_to_something_else_than_was_asked_is_refused(seen) -> None:
    given(REQUEST, ONE).when(yes(BERTIL, **seen)).then(refused(BERTIL, "digest_changed"))


@pytest.mark.case("rails", 7)
def test_a_revised_payment_voids_the_yes_it_had_and_leaves_the_other_payment_alone() -> None:
    both = requested(item(ROOF, needed=2), item(WINDOWS, needed=2))
    said = [YesGiven(grant(BERTIL, payment), 1) for payment in (ROOF, WINDOWS)]
    voided = ItemVoided(ROOF, "revised")
    given(REQUEST, both, *said).when(VoidItem(ROOF, "revised")).then(voided)
    given(REQUEST, both, *said, voided).when(yes(CARLA)).then(refused(CARLA, "already_void"))
    approved = (grant(BERTIL, WINDOWS), grant(CARLA, WINDOWS))
    given(REQUEST, both, *said, voided).when(yes(CARLA, WINDOWS)).then(
        YesGiven(approved[1], 0), PaymentApproved(WINDOWS, approved)
    )


def test_what_is_void_or_not_asked_about_is_voided_without_a_word() -> None:
    given(REQUEST, ONE, ItemVoided(ROOF, "revised")).when(
        VoidItem(ROOF, "cancelled")
    ).then_nothing()
    given(REQUEST, ONE).when(VoidItem(WINDOWS, "revised")).then_nothing()


def test_a_payment_revised_before_its_request_arrived_is_never_open() -> None:
    given(REQUEST).when(asking(outdated=frozenset({ROOF}))).then(
        requested(), ItemVoided(ROOF, "revised")
    )


@pytest.mark.capability("S26")
def test_a_no_sends_the_payment_back_with_its_reason() -> None:
    given(REQUEST, ONE).when(no(BERTIL)).then(PaymentRejected(ROOF, BERTIL, REASON))


def test_nobody_can_approve_what_has_been_rejected() -> None:
    rejected = PaymentRejected(ROOF, BERTIL, REASON)
    given(REQUEST, ONE, rejected).when(yes(CARLA)).then(refused(CARLA, "already_rejected"))
    given(REQUEST, ONE, rejected).when(no(CARLA)).then(refused(CARLA, "already_rejected", "no"))


def test_a_late_yes_counts_until_the_request_expires() -> None:
    late = grant(BERTIL, granted_at=LATEST_AT + timedelta(days=3))
    given(REQUEST, ONE).when(yes(BERTIL, granted_at=late.granted_at)).then(
        YesGiven(late, 0), PaymentApproved(ROOF, (late,))
    )
    given(REQUEST, ONE).when(yes(BERTIL, granted_at=EXPIRES_AT)).then(
        refused(BERTIL, "already_expired")
    )


@pytest.mark.capability("F8")
def test_silence_expires_and_never_approves() -> None:
    given(REQUEST, ONE).when(Expire(EXPIRES_AT - timedelta(seconds=1))).then_nothing()
    given(REQUEST, ONE).when(Expire(EXPIRES_AT)).then(ApprovalExpired((ROOF,)))
    given(REQUEST, ONE, ApprovalExpired((ROOF,))).when(Expire(EXPIRES_AT)).then_nothing()
    given(REQUEST, ONE, ApprovalExpired((ROOF,))).when(yes(BERTIL)).then(
        refused(BERTIL, "already_expired")
    )


def test_only_those_who_have_not_answered_are_reminded() -> None:
    remind = Remind(LATEST_AT, (ANNA, BERTIL, CARLA), ())
    given(REQUEST, TWO, YesGiven(grant(BERTIL), 1)).when(remind).then(
        ApprovalReminded((ROOF,), (CARLA,), LATEST_AT)
    )


def test_nobody_is_reminded_of_what_is_decided() -> None:
    approved = PaymentApproved(ROOF, (grant(BERTIL),))
    remind = Remind(LATEST_AT, (BERTIL, CARLA), ())
    given(REQUEST, ONE, YesGiven(grant(BERTIL), 0), approved).when(remind).then_nothing()


@pytest.mark.property_("P12")
def test_the_yes_of_a_person_who_may_not_approve_any_more_lapses() -> None:
    said = YesGiven(grant(BERTIL), 1)
    lapsed = YesLapsed(ROOF, BERTIL)
    given(REQUEST, TWO, said).when(LapseYes(BERTIL)).then(lapsed)
    given(REQUEST, TWO, said, lapsed).when(yes(CARLA)).then(YesGiven(grant(CARLA), 1))


def test_who_becomes_an_approver_is_asked_once() -> None:
    given(REQUEST, ONE).when(AskAlso(DAVID, ())).then(ApproverAsked(DAVID))
    given(REQUEST, ONE, ApproverAsked(DAVID)).when(AskAlso(DAVID, ())).then_nothing()
    given(REQUEST, ONE).when(AskAlso(BERTIL, ())).then_nothing()
    given(REQUEST, ONE).when(AskAlso(ANNA, ())).then_nothing()


def test_a_policy_that_asks_nobody_approves_with_the_evidence_of_the_policy() -> None:
    free = item(needed=0)
    by_policy = grant(NOBODY, method=BY_POLICY)
    given(REQUEST).when(asking(free, by_policy=(by_policy,))).then(
        requested(free), PaymentApproved(ROOF, (by_policy,))
    )


def test_an_unknown_request_or_payment_is_rejected() -> None:
    given(REQUEST).when(yes(BERTIL)).then_rejected("unknown_request")
    given(REQUEST, ONE).when(yes(BERTIL, named("other"))).then_rejected("unknown_payment")
