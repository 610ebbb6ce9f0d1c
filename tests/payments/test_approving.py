"""An approval is believed only as far as it can be verified here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.payments import commands as c
from services.payments.events import order as e
from services.payments.gateways.bank import BankOrder
from services.payments.gateways.opening import Opened, digest, digest_of_sent
from services.payments.model.payment import PAYMENT
from services.payments.values import State
from shared.contracts.values import Fault, PolicyTier
from shared.evidence import NOBODY
from shared.references.instruction import InstructionKind, PaymentInstruction
from shared.testing.spec import given
from tests.payments.histories import (
    ANNA,
    AT,
    BATCH,
    BO,
    CARLA,
    DAY,
    DEBTOR,
    DIGEST,
    DRAFTED,
    E2E,
    HISTORIES,
    ORDER,
    RECHECK,
    REQUEST,
    a_grant,
    an_approval,
    an_id,
    dkk,
)

ASKED = HISTORIES[State.AWAITING_APPROVAL]


def refused(code: str) -> e.ApprovalEvidenceRefused:
    return e.ApprovalEvidenceRefused(REQUEST, code)


def asked_over(amount: str) -> tuple[e.PaymentEvent, ...]:
    return (replace_amount(amount), *ASKED[1:])


def replace_amount(amount: str) -> e.PaymentDrafted:
    return e.PaymentDrafted(1, DRAFTED.invoice, dkk(amount), DRAFTED.plan)


@pytest.mark.case("rails", 4)
@pytest.mark.capability("S19")
@pytest.mark.capability("S20")
def test_two_must_say_yes_above_the_policys_amount_and_one_below() -> None:
    one = an_approval(a_grant(BO))
    two = an_approval(a_grant(BO), a_grant(CARLA))
    given(PAYMENT, *asked_over("50000.00")).when(one).then(
        e.PaymentApproved(REQUEST, DIGEST, 1, one.evidence)
    )
    given(PAYMENT, *asked_over("50000.01")).when(one).then(refused("too_few"))
    given(PAYMENT, *asked_over("50000.01")).when(two).then(
        e.PaymentApproved(REQUEST, DIGEST, 1, two.evidence)
    )


@pytest.mark.case("rails", 4)
def test_the_same_person_twice_counts_once() -> None:
    twice = an_approval(a_grant(BO), a_grant(BO))
    given(PAYMENT, *asked_over("50000.01")).when(twice).then(refused("too_few"))


@pytest.mark.case("rails", 5)
def test_whoever_asked_does_not_count() -> None:
    approvers = frozenset({ANNA, BO})
    alone = an_approval(a_grant(ANNA), approvers=approvers)
    given(PAYMENT, *ASKED).when(alone).then(refused("self_approval"))


def test_a_policy_that_asks_nobody_is_believed_only_if_our_own_copy_says_so() -> None:
    by_policy = a_grant(NOBODY, method="policy")
    nobody = an_approval(by_policy, tiers=())
    given(PAYMENT, *ASKED).when(nobody).then(refused("too_few"))
    ours = replace(nobody, tiers=(PolicyTier("DKK", 0, 0),))
    state = (
        given(PAYMENT, *ASKED).when(ours).then(e.PaymentApproved(REQUEST, DIGEST, 1, (by_policy,)))
    )
    assert state.approvers == frozenset()


@pytest.mark.property_("P5")
@pytest.mark.parametrize(
    ("forged", "code"),
    [
        (an_approval(request_id=an_id("other")), "another_request"),
        (an_approval(revision=2), "another_revision"),
        (an_approval(claimed_digest="e" * 64), "digest_differs"),
        (an_approval(digest="e" * 64), "digest_differs"),
        (an_approval(signed=()), "signature_invalid"),
        (an_approval(evidence=(), signed=()), "signature_invalid"),
        (an_approval(a_grant(revision=2)), "grant_for_another"),
        (an_approval(a_grant(digest="e" * 64)), "grant_for_another"),
        (an_approval(a_grant(granted_at=AT - timedelta(seconds=1))), "grant_from_before"),
        (an_approval(policy_version=None), "policy_unknown"),
        (an_approval(approvers=frozenset({CARLA})), "role_missing"),
    ],
)
def test_a_forged_approval_is_recorded_as_refused_and_changes_nothing(
    forged: c.ApprovePayment, code: str
) -> None:
    expected = e.ApprovalEvidenceRefused(forged.request_id, code)
    state = given(PAYMENT, *ASKED).when(forged).then(expected)
    assert state == PAYMENT.fold(ASKED)


@pytest.mark.property_("P5")
@pytest.mark.parametrize("state", sorted(set(State) - {State.NEW, State.AWAITING_APPROVAL}))
def test_an_approval_that_nobody_waits_for_changes_nothing(state: State) -> None:
    before = PAYMENT.fold(HISTORIES[state])
    replayed = an_approval(request_id=an_id("earlier"))
    events = PAYMENT.decide(replayed, before)
    assert events == [e.ApprovalEvidenceRefused(an_id("earlier"), "not_awaiting")]
    assert PAYMENT.fold(events, before) == before


def test_the_same_approval_told_twice_is_answered_once() -> None:
    given(PAYMENT, *HISTORIES[State.SCHEDULED]).when(an_approval()).then_nothing()


@pytest.mark.case("rails", 7)
def test_an_amount_edited_after_a_yes_needs_a_new_one() -> None:
    edit = c.RevisePayment(dkk("1249.99"), DRAFTED.plan, ANNA)
    state = (
        given(PAYMENT, *ASKED)
        .when(edit)
        .then(e.PaymentRevised(2, dkk("1249.99"), DRAFTED.plan, "edited", ANNA))
    )
    late = PAYMENT.decide(an_approval(), state)
    assert late == [refused("not_awaiting")]


@pytest.mark.property_("P12")
def test_an_order_is_held_when_an_approver_has_lost_the_role() -> None:
    revoked = replace(RECHECK, approvers=frozenset({CARLA}))
    given(PAYMENT, *HISTORIES[State.SCHEDULED]).when(revoked).then(
        e.PaymentHeld(Fault("mandate_revoked", "approvers"))
    )


@pytest.mark.parametrize(
    ("concern", "held_for"),
    [
        (Fault("credit_note_arrived", "n1"), "credit_note_arrived"),
        (Fault("bank_cannot_carry", "account"), "bank_cannot_carry"),
    ],
)
def test_an_order_is_held_for_what_came_to_light_since(concern: Fault, held_for: str) -> None:
    (held,) = PAYMENT.decide(
        replace(RECHECK, concerns=(concern,)), PAYMENT.fold(HISTORIES[State.SCHEDULED])
    )
    assert isinstance(held, e.PaymentHeld)
    assert held.reason.code == held_for


def test_a_hold_that_still_stands_takes_a_second_person_and_a_text() -> None:
    held = HISTORIES[State.HELD]
    concern = PAYMENT.fold(held).held
    assert concern is not None
    again = replace(RECHECK, concerns=(concern,))
    anna = c.ReleaseHold(ANNA, frozenset({"approver"}), again)
    given(PAYMENT, *held).when(anna).then_rejected("same_person")
    given(PAYMENT, *held).when(replace(anna, released_by=BO)).then_rejected("text_missing")
    other = replace(RECHECK, digest="e" * 64)
    given(PAYMENT, *held).when(replace(anna, recheck=other)).then_rejected("digest_changed")


# P4: the digest is recomputed from what is about to be sent; each field of it, changed alone.

TENANT = UUID(int=1)
OPENED = Opened(
    "DK5000400440116243",
    "Leverandør ApS",
    PaymentInstruction(InstructionKind.IBAN, "DK5000400440116243", "RF18", "NDEADKKK"),
)
SENT = BankOrder(E2E, DRAFTED.amount, OPENED.creditor_name, OPENED.instruction, DAY)


def sent_digest(
    *, tenant: UUID = TENANT, payment_id: UUID = ORDER, debtor: str = OPENED.debtor_account,
    revision: int = 1, **changes: Any,
) -> str:  # fmt: skip
    payment = replace(PAYMENT.fold(ASKED), revision=revision)
    return digest_of_sent(tenant, payment_id, payment, debtor, replace(SENT, **changes))


def instruction(**changes: Any) -> dict[str, Any]:
    return {"instruction": replace(OPENED.instruction, **changes)}


@pytest.mark.property_("P4")
@pytest.mark.parametrize(
    "changed",
    [
        {"tenant": uuid4()},
        {"payment_id": uuid4()},
        {"revision": 2},
        {"debtor": "DK5000400440116244"},
        {"amount": dkk("1250.01")},
        {"creditor_name": "Leverandor ApS"},
        {"execute_on": date(2026, 3, 8)},
        instruction(account="DK5000400440116244"),
        instruction(reference="RF19"),
        instruction(bic="DABADKKK"),
        instruction(kind=InstructionKind.DK_ACCOUNT),
    ],
    ids=[
        "tenant",
        "payment",
        "revision",
        "debtor",
        "amount",
        "name",
        "earlier day",
        "account",
        "reference",
        "bic",
        "kind",
    ],
)
def test_whatever_is_changed_after_the_yes_the_order_cannot_be_released(
    changed: dict[str, Any],
) -> None:
    approved = digest(TENANT, ORDER, PAYMENT.fold(ASKED), OPENED)
    assert sent_digest() == approved
    history = tuple(replace_digest(event, approved) for event in HISTORIES[State.SCHEDULED])
    release = c.ReleasePayment(BATCH, E2E, DEBTOR, sent_digest(**changed), in_transit=False)
    given(PAYMENT, *history).when(release).then_rejected("digest_differs")
    right = replace(release, digest=sent_digest())
    assert PAYMENT.decide(right, PAYMENT.fold(history))


def replace_digest(event: e.PaymentEvent, digest: str) -> e.PaymentEvent:
    if isinstance(event, e.ApprovalAsked):
        return e.ApprovalAsked(REQUEST, digest, event.asked_by, event.asked_at)
    return event
