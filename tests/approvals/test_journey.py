"""Payments put forward, answered, revised and forgotten, as the other services see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from services.approvals.acts import answering
from services.approvals.acts.answering import Seen
from services.approvals.model.request import ItemState
from shared.contracts import approvals as told
from shared.contracts.payments import (
    PaymentCancelled,
    PaymentExecuted,
    PaymentHeld,
    PaymentRevised,
    PaymentScheduled,
)
from shared.contracts.tenants import RoleRevoked, UserDisabled
from shared.contracts.values import PolicyTier
from shared.decider import Rejected
from shared.evidence import BY_POLICY, NOBODY, is_signed
from shared.money import Money
from tests.approvals.facts import ANNA, BERTIL, CARLA, DAVID, KEY, LATEST_AT, named
from tests.approvals.outside import TENANT, Outside

TWO_OVER_50_000 = (PolicyTier("DKK", 0, 1), PolicyTier("DKK", 50_000_00, 2))


def revised(payment: str, revision: int = 2) -> PaymentRevised:
    return PaymentRevised(
        payment_id=named(payment), revision=revision, amount=Money.of("2000.01", "DKK"),
        pay_on=date(2026, 3, 9), because="amount",
    )  # fmt: skip


def is_evidence(grant) -> bool:
    return is_signed(TENANT, grant, KEY.public_key())


@pytest.mark.capability("S17")
@pytest.mark.capability("S25")
@pytest.mark.property_("P1")
def test_a_payment_is_put_forward_and_approved_with_signed_evidence(office: Outside) -> None:
    office.people(BERTIL)
    request_id = office.seek(office.order("roof"))
    (asked,) = office.told(told.ApprovalRequested)
    assert asked.approvers == (BERTIL,)
    assert asked.latest_approval_at == LATEST_AT
    office.approve(BERTIL, request_id, "roof")
    (approved,) = office.told(told.PaymentApproved)
    (grant,) = approved.evidence
    assert (approved.revision, approved.digest) == (1, "digest of roof")
    assert (grant.approver_id, grant.digest, grant.method) == (BERTIL, "digest of roof", "passkey")
    assert (grant.policy_version, grant.key_id) == (1, office.signer.key_id)
    assert is_evidence(grant)
    assert not is_evidence(replace(grant, digest="another"))
    assert office.inbox(BERTIL) == []


@pytest.mark.case("rails", 4)
@pytest.mark.capability("S19")
def test_two_must_approve_above_the_limit_and_one_up_to_it(office: Outside) -> None:
    office.people(BERTIL, CARLA)
    office.policy(*TWO_OVER_50_000)
    request_id = office.seek(
        office.order("at the limit", "50000.00"), office.order("above it", "50000.01")
    )
    office.approve(BERTIL, request_id, "at the limit", "above it")
    office.approve(BERTIL, request_id, "above it")
    assert [one.payment_id for one in office.told(told.PaymentApproved)] == [named("at the limit")]
    (waits,) = office.inbox(CARLA)
    assert (waits.yes_by, waits.said_yes, waits.item.needed) == ((BERTIL,), False, 2)
    office.approve(CARLA, request_id, "above it")
    second = office.told(told.PaymentApproved)[1]
    assert {grant.approver_id for grant in second.evidence} == {BERTIL, CARLA}
    assert all(is_evidence(grant) and grant.policy_version == 2 for grant in second.evidence)
    assert [one.still_needed for one in office.told(told.ApprovalGranted)] == [0, 1, 0]


@pytest.mark.case("rails", 5)
@pytest.mark.capability("S5")
def test_the_creators_own_yes_is_refused_and_stands_in_the_history(office: Outside) -> None:
    office.people(ANNA, BERTIL)
    request_id = office.seek(office.order("roof"))
    (answered,) = office.approve(ANNA, request_id, "roof")
    assert (answered.refused, answered.state) == ("self_approval", ItemState.AWAITING)
    assert office.told(told.PaymentApproved) == []
    assert office.told(told.ApprovalRequested)[0].approvers == (BERTIL,)
    assert office.history(request_id) == [("requested", None), ("yes_refused", "self_approval")]
    (hers,) = office.inbox(ANNA)
    assert hers.own


@pytest.mark.case("rails", 7)
@pytest.mark.property_("P4")
def test_a_payment_revised_after_a_yes_is_asked_for_anew(office: Outside) -> None:
    office.people(BERTIL, CARLA)
    office.policy(PolicyTier("DKK", 0, 2))
    orders = [office.order("first", "1000.00"), office.order("second", "2000.00")]
    request_id = office.seek(*orders)
    office.approve(BERTIL, request_id, "first", "second")
    office.say(revised("second"), named("second"))
    again = office.order("second", "2000.01", revision=2, digest="the new digest")
    office.seek(again, request="again")
    assert len(office.told(told.ApprovalRequested)) == 2
    assert [(one.item.revision, one.yes_by) for one in office.inbox(CARLA)] == [
        (1, (BERTIL,)),
        (2, ()),
    ]
    (void,) = office.approve(CARLA, request_id, "second")
    assert void.refused == "already_void"
    office.approve(CARLA, request_id, "first")
    assert [one.payment_id for one in office.told(told.PaymentApproved)] == [named("first")]


def test_a_revision_heard_of_before_its_request_leaves_nothing_to_approve(office: Outside) -> None:
    office.people(BERTIL)
    office.say(revised("roof"), named("roof"))
    office.settle()
    office.seek(office.order("roof"))
    assert office.inbox(BERTIL) == []


def test_a_yes_to_what_the_page_showed_before_is_refused(office: Outside) -> None:
    office.people(BERTIL)
    request_id = office.seek(office.order("roof"))
    seen = [Seen(named("roof"), "the digest of another amount")]
    (answered,) = office.work(
        lambda work: answering.approve(work, office.signer, request_id, BERTIL, "passkey", seen)
    )
    assert answered.refused == "digest_changed"
    office.settle()
    assert office.told(told.PaymentApproved) == []


@pytest.mark.capability("S26")
def test_a_no_goes_back_with_its_reason_sealed(office: Outside) -> None:
    office.people(BERTIL)
    request_id = office.seek(office.order("roof"))
    with pytest.raises(Rejected, match="say why"):
        office.reject(BERTIL, request_id, "roof", "  ")
    office.reject(BERTIL, request_id, "roof", "We never had this roof")
    (rejected,) = office.told(told.PaymentRejected)
    assert (rejected.rejected_by, rejected.sought_by) == (BERTIL, ANNA)
    assert rejected.reason is not None
    assert office.world.vault.open(TENANT, rejected.reason) == "We never had this roof"
    assert office.inbox(BERTIL) == []


@pytest.mark.capability("F8")
def test_silence_is_reminded_of_three_times_shown_as_late_and_ends(office: Outside) -> None:
    office.people(BERTIL)
    request_id = office.seek(office.order("roof"))
    clock, reminded = office.world.clock, list[datetime]()
    for _ in range(24 * 7 + 4):
        clock.advance(hours=1)
        office.world.settle()
        if len(office.told(told.ApprovalReminded)) > len(reminded):
            reminded.append(clock.now())
    assert [f"{at:%a %H:%M}" for at in reminded] == ["Wed 10:00", "Fri 10:00", "Mon 06:00"]
    (late,) = office.inbox(BERTIL)
    assert late.late
    assert (late.item.pay_on, late.pays_on) == (date(2026, 3, 9), date(2026, 3, 10))
    clock.move_to(LATEST_AT + timedelta(days=14))
    office.settle()
    (expired,) = office.told(told.ApprovalExpired)
    assert (expired.payments, expired.sought_by) == ((named("roof"),), ANNA)
    assert office.inbox(BERTIL) == []
    assert office.told(told.PaymentApproved) == []
    (answered,) = office.approve(BERTIL, request_id, "roof")
    assert answered.refused == "already_expired"


def test_approving_late_is_allowed(office: Outside) -> None:
    office.people(BERTIL)
    request_id = office.seek(office.order("roof"))
    office.world.clock.move_to(LATEST_AT + timedelta(days=2))
    office.settle()
    office.approve(BERTIL, request_id, "roof")
    assert len(office.told(told.PaymentApproved)) == 1


def test_a_policy_that_asks_nobody_approves_with_a_signed_word_of_the_policy(
    office: Outside,
) -> None:
    office.people(BERTIL)
    office.policy(PolicyTier("DKK", 0, 0))
    office.world.clock.advance(hours=24)
    office.seek(office.order("roof"))
    (approved,) = office.told(told.PaymentApproved)
    (grant,) = approved.evidence
    assert (grant.approver_id, grant.method, grant.policy_version) == (NOBODY, BY_POLICY, 2)
    assert is_evidence(grant)
    assert office.told(told.ApprovalRequested) == []


@pytest.mark.capability("S20")
def test_a_request_keeps_the_policy_it_was_made_under(office: Outside) -> None:
    office.people(BERTIL, CARLA)
    request_id = office.seek(office.order("roof"))
    office.policy(PolicyTier("DKK", 0, 2))
    office.approve(BERTIL, request_id, "roof")
    assert office.told(told.PaymentApproved)[0].evidence[0].policy_version == 1
    later = office.seek(office.order("windows"), request="later")
    office.approve(BERTIL, later, "windows")
    assert len(office.told(told.PaymentApproved)) == 1
    assert [one.version for one in office.told(told.ApprovalPolicyChanged)] == [1, 2]


@pytest.mark.property_("P12")
def test_the_yes_of_a_person_who_is_disabled_before_the_second_lapses(office: Outside) -> None:
    office.people(BERTIL, CARLA)
    office.policy(PolicyTier("DKK", 0, 2))
    request_id = office.seek(office.order("roof"))
    office.approve(BERTIL, request_id, "roof")
    office.say(UserDisabled(user_id=BERTIL, client_id=TENANT), BERTIL)
    office.settle()
    office.approve(CARLA, request_id, "roof")
    (again,) = office.approve(BERTIL, request_id, "roof")
    assert again.refused == "not_an_approver"
    assert office.told(told.PaymentApproved) == []
    assert ("yes_lapsed", None) in office.history(request_id)


def test_a_person_who_loses_the_role_sees_nothing_and_one_who_gets_it_is_asked(
    office: Outside,
) -> None:
    office.people(BERTIL)
    office.seek(office.order("roof"))
    office.say(RoleRevoked(user_id=BERTIL, client_id=TENANT, role="approver"), BERTIL)
    office.role(CARLA, "approver")
    office.settle()
    assert office.inbox(BERTIL) == []
    assert len(office.inbox(CARLA)) == 1
    assert [one.approvers for one in office.told(told.ApprovalRequested)] == [(BERTIL,), (CARLA,)]
    office.role(CARLA, "approver")
    office.settle()
    assert len(office.told(told.ApprovalRequested)) == 2


def test_a_request_that_arrives_before_its_people_waits_for_them(office: Outside) -> None:
    request_id = office.seek(office.order("roof"))
    assert office.told(told.ApprovalRequested)[0].approvers == ()
    office.people(BERTIL)
    office.settle()
    office.approve(BERTIL, request_id, "roof")
    assert len(office.told(told.PaymentApproved)) == 1


def test_a_cancelled_payment_is_nobodys_to_approve(office: Outside) -> None:
    office.people(BERTIL)
    request_id = office.seek(office.order("roof"))
    cancelled = PaymentCancelled(payment_id=named("roof"), revision=1, because="paid by hand")
    office.say(cancelled, named("roof"))
    office.settle()
    assert office.inbox(BERTIL) == []
    assert office.history(request_id)[1:] == [("cancelled", "paid by hand"), ("void", "cancelled")]


def test_a_payment_asked_for_once_more_is_answered_there(office: Outside) -> None:
    office.people(BERTIL)
    first = office.seek(office.order("roof"))
    again = office.seek(office.order("roof"), request="again")
    assert [one.request_id for one in office.inbox(BERTIL)] == [again]
    (answered,) = office.approve(BERTIL, first, "roof")
    assert answered.refused == "already_void"


@pytest.mark.capability("S5")
def test_the_history_tells_what_became_of_an_approved_payment(office: Outside) -> None:
    office.people(BERTIL)
    request_id = office.seek(office.order("roof"))
    office.approve(BERTIL, request_id, "roof")
    payment = {"payment_id": named("roof")}
    for contract in (
        PaymentScheduled(**payment, revision=1, execute_on=date(2026, 3, 9)),
        PaymentHeld(**payment, revision=1, reason="account_cooling"),
        PaymentExecuted(
            **payment, invoice_id=named("i"), amount=Money.of("94500.00", "DKK"), fee=None,
            executed_on=date(2026, 3, 9), bank_reference="B1",
        ),
    ):  # fmt: skip
        office.say(contract, named("roof"))
    office.settle()
    assert office.history(request_id) == [
        ("requested", None),
        ("yes", "passkey"),
        ("approved", None),
        ("scheduled", None),
        ("held", "account_cooling"),
        ("executed", None),
    ]


@pytest.mark.property_("P9")
def test_another_client_sees_and_decides_nothing(office: Outside) -> None:
    office.people(BERTIL)
    request_id = office.seek(office.order("roof"))
    assert office.inbox(BERTIL, tenant=named("another company")) == []
    with pytest.raises(Rejected) as rejected:
        office.world.work(
            "approvals",
            named("another company"),
            lambda work: answering.reject(
                work, office.world.vault, request_id, DAVID, [named("roof")], "no"
            ),
        )
    assert rejected.value.code == "unknown_request"
