"""The last look: what is sealed is what was approved, once, and only while everything still holds."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from hashlib import sha256
from uuid import uuid4

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eventsourcing.persistence import IntegrityError

from services.payments import tables
from services.payments.acts import by_hand as desk
from services.payments.acts import intake
from services.payments.events.beside import BatchSealed
from services.payments.gateways.bank import BankBatch, BankOrder
from services.payments.model.batch import BATCH, SealBatch
from services.payments.values import BatchOrder, State
from shared.contracts import payments as told
from shared.contracts.approvals import ApprovalExpired, ApprovalGranted
from shared.contracts.tenants import RoleRevoked, UserDisabled
from shared.contracts.values import PolicyTier
from shared.decider import Rejected
from shared.evidence import NOBODY
from shared.postgres import Server
from shared.sealed import Sealed
from shared.testing.spec import given
from tests.payments import histories
from tests.payments.office_of_anna import DEBTOR, FIK, START, Office, dkk, office_on

RELEASE_AT = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
THREADS = 50


@pytest.fixture
def office(postgres_server: Server) -> Iterator[Office]:
    with office_on(postgres_server) as office:
        yield office


def sealed(office: Office) -> list[BatchSealed]:
    """Every batch that was ever sealed."""

    def read(work: object) -> list[BatchSealed]:
        query = sa.select(tables.batch.c.batch_id).order_by(tables.batch.c.sealed_at)
        ids = work.sql.execute(query).scalars()  # type: ignore[attr-defined]  # a Work
        return [work.history(batch_id)[0].event for batch_id in ids]  # type: ignore[attr-defined]  # a Work

    found: list[BatchSealed] = office.do(read)
    return found


@pytest.mark.property_("P6")
def test_fifty_releasers_at_once_seal_an_order_once(office: Office) -> None:
    orders = [office.book(f"A-{n}", f"{n}00.00") for n in range(1, 4)]
    office.approve(*orders)
    office.world.clock.move_to(RELEASE_AT)

    def release(_: int) -> int:
        try:
            return len(office.do(lambda work: office.releaser.release(work, "danish_transfer")))
        except IntegrityError:
            return 0  # five others were quicker in turn; the job stays due

    with ThreadPoolExecutor(THREADS) as threads:
        made = sum(threads.map(release, range(THREADS)))
    assert made == 1
    assert len(sealed(office)) == 1
    assert [office.state(order) for order in orders] == [State.RELEASING] * 3
    assert [office.events(order).count("PaymentReleased") for order in orders] == [1, 1, 1]


@pytest.mark.property_("P1")
@pytest.mark.property_("P8")
def test_the_bytes_that_leave_add_up_to_what_was_approved(office: Office) -> None:
    orders = sorted(office.book(f"A-{n}", f"{n}00.50") for n in range(1, 4))
    office.approve(*orders)
    office.until(RELEASE_AT)
    ((message_id, body),) = office.bank.sent
    (batch,) = sealed(office)
    assert sha256(body).hexdigest() == batch.sha256
    parsed = office.bank.parse(body)
    assert parsed.message_id == message_id == batch.message_id
    assert parsed.count == batch.count == 3
    assert parsed.control_sum == {"DKK": batch.control_sum} == {"DKK": dkk("601.50")}
    for order, member in zip(orders, batch.orders, strict=True):
        payment = office.payment(order)
        assert member.payment_id == order
        assert member.digest == payment.digest
        assert payment.approvers == {office.bo}
        assert office.bo != payment.asked_by


def a_batch(**changes: object) -> SealBatch:
    order = BatchOrder(histories.ORDER, 1, "E-1", dkk("10.00"), histories.DIGEST)
    facts: dict[str, object] = {
        "message_id": "M",
        "debtor_account": Sealed(histories.ANNA, "x"),
        "debtor_fingerprint": "f",
        "rail": "sepa",
        "execute_on": date(2026, 3, 9),
        "orders": (order,),
        "asked": (("E-1", dkk("10.00")),),
        "digests": (histories.DIGEST,),
        "sha256": "s",
        "body": Sealed(histories.ANNA, "x"),
    }
    return SealBatch(**{**facts, **changes})  # type: ignore[arg-type]  # changes by name


@pytest.mark.property_("P8")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"asked": (("E-1", dkk("10.01")),)}, "bytes_differ"),
        ({"asked": (("E-1", dkk("10.00")), ("E-2", dkk("1.00")))}, "bytes_differ"),
        ({"asked": ()}, "bytes_differ"),
        ({"digests": ("e" * 64,)}, "digest_differs"),
    ],
)
def test_bytes_that_ask_for_anything_else_are_not_sealed(
    changes: dict[str, object], code: str
) -> None:
    given(BATCH).when(a_batch(**changes)).then_rejected(code)


def test_a_bank_that_renders_something_else_stops_the_release(office: Office) -> None:
    order = office.book()
    office.approve(order)
    honest = office.bank.render

    def crooked(batch: BankBatch) -> bytes:
        one = batch.orders[0]
        dearer = BankOrder(
            one.end_to_end_id, one.amount + dkk("0.01"), one.creditor_name, one.instruction,
            one.execute_on,
        )  # fmt: skip
        body: bytes = honest(BankBatch(batch.message_id, batch.debtor_account, (dearer,)))
        return body

    office.bank.render = crooked
    office.world.clock.move_to(RELEASE_AT)
    with pytest.raises(Rejected, match="not the bytes that were approved"):
        office.do(lambda work: office.releaser.release(work, "danish_transfer"))
    assert office.state(order) is State.SCHEDULED
    assert office.bank.sent == []


@pytest.mark.property_("P12")
@pytest.mark.parametrize("how", ["revoked", "disabled"])
def test_an_order_whose_approver_may_no_longer_approve_is_held(office: Office, how: str) -> None:
    order = office.book()
    office.approve(order)
    person = {"user_id": office.bo, "client_id": office.tenant}
    lost = RoleRevoked(role="approver", **person) if how == "revoked" else UserDisabled(**person)
    office.say(lost)
    office.until(RELEASE_AT)
    assert office.state(order) is State.HELD
    assert [held.reason for held in office.told(told.PaymentHeld)] == ["mandate_revoked"]
    assert office.bank.sent == []


@pytest.mark.property_("P12")
def test_where_the_policy_asks_nobody_it_rests_on_who_put_it_forward(
    postgres_server: Server,
) -> None:
    with office_on(postgres_server, tiers=[PolicyTier("DKK", 0, 0)]) as office:
        order = office.book()
        office.approve(order, by=[NOBODY])
        assert office.state(order) is State.SCHEDULED
        office.say(UserDisabled(user_id=office.anna, client_id=office.tenant))
        office.until(RELEASE_AT)
        assert office.state(order) is State.HELD
        assert office.bank.sent == []


def test_a_held_order_goes_on_when_its_cause_is_gone(office: Office) -> None:
    order = office.book()
    office.approve(order)
    office.say(RoleRevoked(user_id=office.bo, client_id=office.tenant, role="approver"))
    office.until(RELEASE_AT)
    office.say(office.role(office.bo, "approver"))
    office.world.settle()
    office.do(
        lambda work: desk.release_hold(work, office.opener, office.releaser, office.carla, order)
    )
    office.world.settle()
    assert office.state(order) is State.SUBMITTED


@pytest.mark.case("rails", 11)
@pytest.mark.capability("S29")
def test_an_order_approved_after_the_cut_off_is_paid_on_the_next_day(office: Office) -> None:
    order = office.book(due_on=date(2026, 3, 10))
    office.world.clock.move_to(datetime(2026, 3, 9, 10, 0, 0, tzinfo=UTC))
    office.approve(order)
    assert office.payment(order).execute_on == date(2026, 3, 10)
    assert office.told(told.PaymentScheduled)[-1].execute_on == date(2026, 3, 10)


@pytest.mark.case("rails", 11)
def test_an_order_approved_a_second_before_the_cut_off_leaves_at_once(office: Office) -> None:
    order = office.book(due_on=date(2026, 3, 10))
    office.world.clock.move_to(datetime(2026, 3, 9, 9, 59, 59, tzinfo=UTC))
    office.approve(order)
    assert office.payment(order).execute_on == date(2026, 3, 9)
    assert office.state(order) is State.SUBMITTED


@pytest.mark.case("rails", 12)
def test_a_form_is_planned_two_banking_days_before_it_is_due(office: Office) -> None:
    order = office.book(pays_to=FIK, due_on=date(2026, 3, 10))
    assert office.shown(order).pay_on == date(2026, 3, 6)
    office.approve(order)
    # The evening before, since a form's day begins without it.
    office.until(datetime(2026, 3, 5, 22, 29, tzinfo=UTC))
    assert office.bank.sent == []
    office.until(datetime(2026, 3, 5, 22, 30, tzinfo=UTC))
    assert len(office.bank.sent) == 1


@pytest.mark.capability("S30")
def test_a_day_may_be_chosen_and_too_early_a_day_is_refused(office: Office) -> None:
    order = office.book()
    with pytest.raises(Rejected) as refused:
        office.do(lambda work: desk.revise(work, office.anna, order, pay_on=date(2026, 2, 27)))
    assert refused.value.code == "too_early"
    office.do(lambda work: desk.revise(work, office.anna, order, pay_on=date(2026, 3, 16)))
    office.world.settle()
    (revised,) = office.told(told.PaymentRevised)
    assert (revised.revision, revised.pay_on) == (2, date(2026, 3, 16))


@pytest.mark.capability("S18")
def test_several_orders_are_asked_for_together_and_each_is_answered_by_itself(
    office: Office,
) -> None:
    orders = [office.book(f"A-{n}", f"{n}00.00") for n in (1, 2)]
    sought = office.ask(*orders)
    assert {one.payment_id for one in sought.orders} == set(orders)
    office.say(office.approval(sought, sought.orders[0], office.bo))
    office.world.settle()
    states = {one.payment_id: office.state(one.payment_id) for one in sought.orders}
    assert sorted(states.values()) == [State.AWAITING_APPROVAL, State.SCHEDULED]


@pytest.mark.property_("P5")
def test_an_approval_signed_by_anybody_else_is_recorded_and_releases_nothing(
    office: Office,
) -> None:
    order = office.book()
    sought = office.ask(order)
    office.key = Ed25519PrivateKey.generate()
    office.say(office.approval(sought, sought.orders[0], office.bo))
    office.until(RELEASE_AT)
    assert office.state(order) is State.AWAITING_APPROVAL
    assert office.events(order)[-1] == "ApprovalEvidenceRefused"
    assert office.bank.sent == []


@pytest.mark.property_("P5")
def test_a_yes_is_shown_as_somebodys_only_if_it_is_signed(office: Office) -> None:
    order = office.book()
    sought = office.ask(order)

    def told(key: Ed25519PrivateKey) -> ApprovalGranted:
        office.key = key
        grant = office.grant(sought.orders[0], office.bo)
        return ApprovalGranted(request_id=sought.request_id, grant=grant, still_needed=1)

    key = office.key
    office.say(told(Ed25519PrivateKey.generate()))
    office.world.settle()
    assert "GrantNoted" not in office.events(order)
    office.say(told(key))
    office.world.settle()
    assert office.events(order)[-1] == "GrantNoted"


@pytest.mark.property_("P5")
def test_an_approval_of_an_earlier_revision_releases_nothing(office: Office) -> None:
    order = office.book()
    sought = office.ask(order)
    approval = office.approval(sought, sought.orders[0], office.bo)
    office.do(lambda work: desk.revise(work, office.anna, order, amount=dkk("1249.00")))
    office.ask(order)
    office.say(approval)
    office.world.settle()
    assert office.state(order) is State.AWAITING_APPROVAL
    assert office.events(order)[-1] == "ApprovalEvidenceRefused"


@pytest.mark.property_("P5")
def test_a_yes_to_a_request_that_ran_out_does_not_count_for_the_next_one(office: Office) -> None:
    order = office.book()
    first = office.ask(order)
    yes = office.grant(first.orders[0], office.bo)
    ran_out = ApprovalExpired(request_id=first.request_id, payments=(order,), sought_by=office.anna)
    office.say(ran_out)
    office.world.settle()
    office.world.clock.advance(days=1)
    again = office.ask(order)
    forged = office.approval(again, again.orders[0]).model_copy(update={"evidence": (yes,)})
    office.say(forged)
    office.world.settle()
    assert again.orders[0].digest == first.orders[0].digest
    assert office.state(order) is State.AWAITING_APPROVAL
    assert office.events(order)[-1] == "ApprovalEvidenceRefused"


@pytest.mark.property_("P24")
def test_an_order_keeps_the_version_of_the_calendar_that_its_day_was_reckoned_with(
    office: Office,
) -> None:
    order = office.book()
    office.approve(order)
    versions = {
        recorded.event.plan.calendar_version
        if hasattr(recorded.event, "plan")
        else recorded.event.calendar_version
        for recorded in office.do(lambda work: work.history(order))
        if hasattr(recorded.event, "plan") or hasattr(recorded.event, "calendar_version")
    }
    assert len(versions) == 1
    assert versions.pop()
    assert office.world.clock.now() == START


@pytest.mark.case("rails", 4)
def test_two_approvers_above_fifty_thousand(postgres_server: Server) -> None:
    tiers = [PolicyTier("DKK", 0, 1), PolicyTier("DKK", 5_000_000, 2)]
    with office_on(postgres_server, tiers=tiers) as office:
        order = office.book(amount="50000.01")
        office.approve(order)
        assert office.state(order) is State.AWAITING_APPROVAL
        sought = office.told(told.ApprovalSought)[-1]
        office.say(office.approval(sought, sought.orders[0], office.bo, office.carla))
        office.world.settle()
        assert office.state(order) is State.SCHEDULED


@pytest.mark.property_("P19")
def test_nobody_pays_from_the_account_of_another_client(office: Office) -> None:
    home, stranger = office.tenant, uuid4()
    office.tenant = stranger
    office.say(office.role(office.anna, "bookkeeper"))
    office.world.settle()
    with pytest.raises(Rejected) as refused:
        office.do(lambda work: desk.set_up_payer(work, office.opener, office.anna, DEBTOR))
    assert refused.value.code == "account_taken"
    payer = office.do(intake.payer_of)
    assert payer.debtor_account is None
    own = "34090012400799"
    office.do(lambda work: desk.set_up_payer(work, office.opener, office.anna, own))
    office.tenant = home
    office.do(lambda work: desk.set_up_payer(work, office.opener, office.anna, "34090012400807"))
    office.do(lambda work: desk.set_up_payer(work, office.opener, office.anna, DEBTOR))
