"""What comes in over HTTP, and what is shown of messages to whom."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from services.notifications.app import web
from shared.contracts.notifications import AddressFoundInvalid, DeliveryFailed, MessageSent
from shared.postgres import Server
from shared.testing.site import Site
from shared.testing.visiting import assertion_of
from shared.web.identity import Grant, Identity
from tests.notifications.outside import BOUNCE_TOKEN, Town, address, asked, town

MAIL_SERVER = {"Authorization": f"Bearer {BOUNCE_TOKEN}"}
LOG = "/notifications/v1/tenants/{}/deliveries"


@pytest.fixture
def here(postgres_server: Server) -> Iterator[Town]:
    with town(postgres_server) as here:
        yield here


def site(here: Town) -> Site:
    return Site(web(here.world.runtimes["notifications"]))


def someone(tenant_id: UUID, *roles: str, language: str = "en") -> dict[str, str]:
    """The headers of a person with these roles."""
    grant = Grant(tenant_id, frozenset(roles), "Fjordvig Byg ApS")
    identity = Identity(uuid4(), "Otto", language, (grant,))
    return {"Authorization": "Bearer " + assertion_of(identity, "notifications")}


def report(delivery_id: UUID, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    return f"""\
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.fjordvig.example

Final-Recipient: rfc822; {address("anne")}
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: <{delivery_id}@mail.forfald.example>

--b--
""".encode()


def sent_to_anne(here: Town) -> UUID:
    anne = here.invite("anne", "approver")
    here.happen(asked([anne], by=anne, payments=6))
    delivery_id: UUID = here.published(MessageSent)[0].delivery_id
    return delivery_id


def post(here: Town, body: bytes, headers: dict[str, str] | None = None) -> int:
    answer = site(here).post(
        "/notifications/v1/bounces",
        content=body,
        headers=MAIL_SERVER if headers is None else headers,
    )
    here.world.settle()
    return answer.status_code


def test_a_report_that_the_mail_server_brings_fails_the_delivery_once(here: Town) -> None:
    delivery_id = sent_to_anne(here)
    assert [post(here, report(delivery_id)) for _ in range(2)] == [202, 202]
    assert here.states() == [("bounced", "5.1.1")]
    assert len(here.published(DeliveryFailed)) == 1
    assert len(here.published(AddressFoundInvalid)) == 1


def test_a_full_mailbox_fails_the_delivery_and_not_the_address(here: Town) -> None:
    post(here, report(sent_to_anne(here), status="5.2.2"))
    assert here.states() == [("bounced", "5.2.2")]
    assert here.published(AddressFoundInvalid) == []


def test_a_report_of_arrival_counts_and_one_of_a_delay_does_not(here: Town) -> None:
    delivery_id = sent_to_anne(here)
    assert post(here, report(delivery_id, action="delayed", status="4.4.1")) == 202
    assert here.states() == [("sent", None)]
    assert post(here, report(delivery_id, action="delivered", status="2.0.0")) == 202
    assert here.states() == [("delivered", None)]


def test_a_report_about_a_mail_that_is_not_ours_changes_nothing_and_learns_nothing(
    here: Town,
) -> None:
    sent_to_anne(here)
    assert post(here, report(uuid4())) == 202
    assert here.states() == [("sent", None)]


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"\xff" * 100, b"Content-Type: multipart/report\n\n"]
)
def test_what_is_not_a_report_is_refused(here: Town, body: bytes) -> None:
    assert post(here, body) == 422


def test_nobody_but_the_mail_server_brings_reports(here: Town) -> None:
    delivery_id = sent_to_anne(here)
    strangers = [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {BOUNCE_TOKEN}"},
        {"Authorization": f"Bearer {BOUNCE_TOKEN[:-1]}"},
        someone(here.client, "administrator"),
    ]
    assert {post(here, report(delivery_id), headers) for headers in strangers} == {401}
    assert here.states() == [("sent", None)]


def test_the_log_says_what_went_to_whom_by_id_and_what_became_of_it(here: Town) -> None:
    delivery_id = sent_to_anne(here)
    answer = site(here).get(LOG.format(here.client), headers=someone(here.client, "bookkeeper"))
    [line] = answer.json()
    assert line["delivery_id"] == str(delivery_id)
    assert (line["occasion"], line["state"], line["payments"]) == ("approval_requested", "sent", 6)
    assert "@" not in answer.text
    assert "Anne" not in answer.text


def test_the_log_goes_on_behind_the_last_line_seen(here: Town) -> None:
    anne = here.invite("anne")
    here.happen(*(asked([anne], by=anne) for _ in range(5)))
    headers, seen, after = someone(here.client, "operations"), [], ""
    for _ in range(3):
        path = f"{LOG.format(here.client)}?limit=2{after}"
        lines = site(here).get(path, headers=headers).json()
        seen += [line["delivery_id"] for line in lines]
        after = f"&after={seen[-1]}"
    assert len(seen) == len(set(seen)) == 5


def test_the_counts_say_how_the_last_weeks_deliveries_stand(here: Town) -> None:
    sent_to_anne(here)
    path = f"/notifications/v1/tenants/{here.client}/delivery-counts"
    counts = site(here).get(path, headers=someone(here.client, "operations")).json()
    assert {state: count for state, count in counts.items() if count} == {"sent": 1}
    here.world.clock.advance(days=8)
    counts = site(here).get(path, headers=someone(here.client, "operations")).json()
    assert set(counts.values()) == {0}


@pytest.mark.property_("P9")
def test_the_log_of_another_company_is_not_there_and_an_approver_may_not_read_it(
    here: Town,
) -> None:
    sent_to_anne(here)
    pages = (LOG, "/notifications/{}/messages")
    for path in pages:
        found = site(here).get(path.format(here.client), headers=someone(uuid4(), "bookkeeper"))
        assert found.status_code == 404
        found = site(here).get(path.format(here.client), headers=someone(here.client, "approver"))
        assert found.status_code == 403


@pytest.mark.capability("S21")
def test_the_page_of_messages_names_the_reader_and_the_state(here: Town) -> None:
    post(here, report(sent_to_anne(here)))
    path = f"/notifications/{here.client}/messages"
    page = site(here).get(path, headers=someone(here.client, "bookkeeper")).text
    for words in ("Asks for approval", "6 payments", "Anne", "Bounced", "no such mailbox"):
        assert words in page
    assert address("anne") not in page
    danish = site(here).get(path, headers=someone(here.client, "bookkeeper", language="da")).text
    assert "Beder om godkendelse" in danish


def test_a_page_without_messages_says_what_will_appear(here: Town) -> None:
    path = f"/notifications/{here.client}/messages"
    page = site(here).get(path, headers=someone(here.client, "bookkeeper")).text
    assert "No messages yet" in page


def test_the_operations_page_gets_the_counts_and_a_way_to_each_log(here: Town) -> None:
    sent_to_anne(here)
    path = "/notifications/fragments/operations"
    part = site(here).get(path, headers=someone(here.client, "operations")).text
    assert "<dd>Sent 1</dd>" in part
    assert f'href="/notifications/{here.client}/messages"' in part
    assert site(here).get(path, headers=someone(here.client, "approver")).status_code == 204


def test_many_messages_are_shown_in_pages(here: Town) -> None:
    people = [here.invite(f"person{number}") for number in range(3)]
    here.happen(*(asked(people, by=people[0]) for _ in range(17)))
    path, headers = f"/notifications/{here.client}/messages", someone(here.client, "bookkeeper")
    first = site(here).get(path, headers=headers).text
    assert "Older messages" in first
    older = first.split('href="?after=')[1].split('"')[0]
    rest = site(here).get(f"{path}?after={older}", headers=headers).text
    assert rest.count("Asks for approval") == 1
    assert "Older messages" not in rest
