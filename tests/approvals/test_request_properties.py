"""What the business fears: money that moves on one person's word, or on its creator's."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.approvals.commands import (
    AskAlso,
    Expire,
    LapseYes,
    Remind,
    RequestCommand,
    VoidItem,
)
from services.approvals.events import PaymentApproved, RequestEvent
from services.approvals.model.request import REQUEST
from shared.decider import Rejected
from tests.approvals.facts import (
    ANNA,
    BERTIL,
    CARLA,
    DAVID,
    EXPIRES_AT,
    LATEST_AT,
    ROOF,
    SOUGHT_AT,
    WINDOWS,
    asking,
    item,
    no,
    yes,
)

payments = st.sampled_from([ROOF, WINDOWS])
instants = st.sampled_from([SOUGHT_AT, LATEST_AT, LATEST_AT + timedelta(days=1), EXPIRES_AT])
# Mostly what the page showed, so that the paths behind a counted yes are walked too.
seen = st.sampled_from([{}, {}, {}, {"digest": "another"}, {"revision": 2}])
surroundings = st.one_of(
    st.builds(VoidItem, payments, st.just("revised")),
    st.builds(Remind, st.just(LATEST_AT), st.just((BERTIL, CARLA)), st.just(())),
    st.builds(Expire, instants),
    st.builds(AskAlso, st.just(DAVID), st.just(())),
    st.builds(LapseYes, st.sampled_from([BERTIL, CARLA])),
)


def answers_of(person_id: UUID) -> st.SearchStrategy[RequestCommand]:
    return st.one_of(
        st.builds(
            lambda payment_id, at, changes: yes(person_id, payment_id, granted_at=at, **changes),
            payments,
            instants,
            seen,
        ),
        st.builds(lambda payment_id: no(person_id, payment_id), payments),
    )


def approved(needed: int, asked: list[RequestCommand]) -> list[PaymentApproved]:
    first = asking(item(ROOF, needed=needed), item(WINDOWS, needed=needed))
    history: list[RequestEvent] = list(REQUEST.decide(first, None))
    for command in asked:
        with suppress(Rejected):
            history += REQUEST.decide(command, REQUEST.fold(history))
    return [event for event in history if isinstance(event, PaymentApproved)]


@pytest.mark.property_("P1")
@settings(max_examples=60, deadline=None)
@given(st.lists(answers_of(BERTIL) | surroundings, max_size=12))
def test_nobody_alone_approves_what_two_must_approve(asked) -> None:
    assert approved(2, asked) == []


@pytest.mark.property_("P1")
@settings(max_examples=60, deadline=None)
@given(st.sampled_from([1, 2]), st.lists(answers_of(ANNA) | surroundings, max_size=12))
def test_whoever_put_payments_forward_never_approves_them(needed, asked) -> None:
    assert approved(needed, asked) == []


@pytest.mark.property_("P1")
@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([1, 2]),
    st.lists(st.sampled_from([ANNA, BERTIL, CARLA]).flatmap(answers_of) | surroundings),
)
def test_every_approval_rests_on_enough_different_people_over_the_right_digest(
    needed, asked
) -> None:
    for event in approved(needed, asked):
        people = {grant.approver_id for grant in event.evidence}
        assert len(people) == len(event.evidence) == needed
        assert ANNA not in people
        assert {grant.digest for grant in event.evidence} == {f"digest of {event.payment_id}"}
