"""What people see of collection, and what they do there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from services.collections.gateways.agency import OutcomeUnknown
from services.collections.values import CaseState, ClaimState
from shared.postgres import Server
from tests.collections.office_of_dora import dkk
from tests.collections.site import Site, site_in


@pytest.fixture(scope="module")
def site(postgres_server: Server) -> Iterator[Site]:
    with site_in(postgres_server) as one:
        yield one


@pytest.mark.capability("E85")
@pytest.mark.capability("E86")
def test_ready_says_when_it_goes_by_itself_and_is_stopped_there(site: Site) -> None:
    office = site.office
    invoice = office.ready(office.debtor("Ejnar Sørensen"), number="F-100")
    office.settle()
    page = site.read(office.dora, site.home)
    assert "Ejnar Sørensen" in page
    assert "invoice F-100" in page
    assert "unless somebody stops it: 2 days left." in page
    answer = site.send(office.dora, site.home, f"{site.home}/stops", invoice=str(invoice))
    assert "A person stopped it." in answer.text
    assert "Let it go" in answer.text
    site.send(office.dora, site.home, f"{site.home}/stops/end", invoice=str(invoice))
    assert office.claim(invoice).state is ClaimState.PLANNED


@pytest.mark.capability("E84")
@pytest.mark.capability("E87")
@pytest.mark.capability("E88")
def test_what_is_selected_is_summed_first_and_sent_after_a_last_look(site: Site) -> None:
    office = site.office
    free, held_debtor = office.debtor("Karen Lund"), office.debtor("Otto Holm")
    one, two = office.ready(free, "100.00", "F-1"), office.ready(free, "250.50", "F-2")
    held = office.ready(held_debtor, "70.00", "F-3")
    office.settle()
    chosen = [str(one), str(two), str(held)]
    confirm = site.send(office.dora, site.home, f"{site.home}/selection", invoice=chosen)
    assert "420.50" in confirm.text
    assert "Send 3 invoices to collection" in confirm.text
    office.say(office.payment(held_debtor, "70.00"))
    office.settle()
    done = site.send(office.dora, site.home, f"{site.home}/sending", invoice=chosen)
    office.settle()
    assert "1 case has left for the agency." in done.text
    assert "1 invoice was held at the last look" in done.text
    paused = site.read(office.dora, f"{site.home}?tab=paused")
    assert "matched with nothing. Match them in the ledger." in paused
    assert "70.00 DKK is matched with nothing." in paused
    again = site.send(office.dora, site.home, f"{site.home}/sending", invoice=chosen)
    assert "left for the agency." not in again.text
    assert len([case for case in office.cases() if case.debtor_id == free]) == 1


@pytest.mark.capability("E93")
def test_a_case_shows_its_money_its_history_and_the_way_to_the_agencys_own_pages(
    site: Site,
) -> None:
    office = site.office
    debtor, invoice, case = office.sent()
    office.say(office.matched(debtor, invoice, "700.00", office.set_off("300.00")))
    office.settle()
    page = site.read(office.dora, f"{site.home}/{case.case_id}")
    for said in ("Debitura", "1,000.00", "300.00", "Handed to the agency", "The agency has it",
                 "The agency has been told", "Take it back", "Ask the agency now"):  # fmt: skip
        assert said in page, said
    sent = site.read(office.dora, f"{site.home}?tab=sent")
    assert f"{site.home}/{case.case_id}" in sent
    assert "300.00 DKK paid to the creditor was told." in sent
    answer = site.browser(office.dora).site.request(
        "GET", f"{site.home}/{case.case_id}/portal", headers=_session(site)
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == f"https://agency.test/cases/{case.agency_case_id}"


def _session(site: Site) -> dict[str, str]:
    visitor = site.browser(site.office.dora)
    cookie = "; ".join(f"{one.name}={one.value}" for one in visitor.cookies.jar)
    return {**visitor.headers, "cookie": cookie}


def test_a_case_is_asked_back_asked_after_and_asked_to_wait_from_its_page(site: Site) -> None:
    office = site.office
    _, _, case = office.sent()
    here = f"{site.home}/{case.case_id}"
    refused = site.send(office.dora, here, f"{here}/recall", reason="")
    assert "Write why: it is kept with your name." in refused.text
    site.send(office.dora, here, f"{here}/recall", reason="Delivered twice")
    site.send(office.dora, here, f"{here}/pause", until_on="2026-09-01")
    site.send(office.dora, here, f"{here}/ask")
    office.settle()
    assert {kind for kind, _, _ in office.agency.said} >= {"withdrawal", "pause"}
    assert "has been asked to let go of it" in site.read(office.dora, here)


def test_nobody_knows_is_loud_and_is_ended_by_the_agencys_word(site: Site) -> None:
    office = site.office
    office.agency.failures.append(OutcomeUnknown("silence"))
    debtor = office.debtor("Vibeke Juul")
    invoice = office.ready(debtor, number="F-55")
    office.settle()
    office.send(invoice)
    office.settle()
    case = office.case_of(invoice)
    here = f"{site.home}/{case.case_id}"
    assert "It is not sent again; the agency is asked." in site.read(office.dora, here)
    today = site.read(office.dora, "/collections/fragments/today")
    assert "Outcome unknown" in today
    site.send(office.dora, here, f"{here}/never-arrived", reason="Their desk looked for it")
    assert office.case_of(invoice).state is CaseState.NOT_SENT
    assert "never got the case" in site.read(office.dora, f"{site.home}?tab=paused")


@pytest.mark.capability("E80")
@pytest.mark.capability("E81")
@pytest.mark.capability("E82")
def test_an_agency_is_chosen_and_both_agree_before_anything_goes(postgres_server: Server) -> None:
    from services.collections.gateways.agency import Standing

    with site_in(postgres_server, automatic=False, agreed=False) as site:
        office = site.office
        settings = f"/collections/{office.tenant}/agency"
        invoice = office.ready(office.debtor())
        office.settle()
        refused = site.send(office.dora, site.home, f"{site.home}/sending", invoice=str(invoice))
        assert "Choose an agency first." in refused.text
        office.agency.answer = Standing("unsigned", "https://agency.test/sign")
        wanted = {"agency": "debitura", "key": "key-of-dora", "email": "dora@example.test"}
        bookkeeper = site.person("bookkeeper")
        page = site.read(bookkeeper, settings)
        assert "Agree with this agency" not in page
        site.send(office.dora, settings, f"{settings}/agreements", **wanted)
        office.settle()
        assert "something is still to be signed with the agency" in site.read(office.dora, settings)
        waits = site.send(office.dora, site.home, f"{site.home}/sending", invoice=str(invoice))
        assert "nothing is handed over before" in waits.text
        assert office.agency.submitted == []
        office.agency.answer = Standing()
        office.until(office.world.clock.now() + timedelta(days=1))
        assert "both agree" in site.read(office.dora, settings)
        saved = site.send(
            office.dora, settings, f"{settings}/ways",
            automatic="true", stop_days="3", weekday="4", minimum="1,500.00",
        )  # fmt: skip
        assert "Saved." in saved.text
        assert office.claim(invoice).state is ClaimState.READY, "below the minimum"
        site.send(
            office.dora, settings, f"{settings}/ways", automatic="true", stop_days="3", weekday="4"
        )
        planned = office.claim(invoice)
        assert planned.state is ClaimState.PLANNED
        assert planned.transfer_on is not None
        assert planned.transfer_on.weekday() == 4
        wrong = site.send(office.dora, settings, f"{settings}/ways", stop_days="3", minimum="x")
        assert "Write the amount as it stands here" in wrong.text
        site.send(office.dora, settings, f"{settings}/agreements/end", agency="debitura")
        assert office.claim(invoice).goes_at is None


def test_who_may_not_send_sees_no_button_and_a_stranger_nothing(site: Site) -> None:
    approver = site.person("approver")
    page = site.read(approver, site.home)
    assert not re.search(r">(Stop|Let it go|Go on to sending)<", page)
    assert (
        site.send(approver, site.home, f"{site.home}/stops", invoice=str(uuid4())).status_code
        == 403
    )
    assert site.browser(site.person()).get(site.home).status_code == 404
    assert site.browser(uuid4()).get(f"{site.home}/{uuid4()}").status_code == 404


def test_operations_counts_each_place(site: Site) -> None:
    watcher = site.person("operations")
    page = site.read(watcher, "/collections/fragments/operations")
    assert "Collection by state" in page
    assert "With the agency" in page


@pytest.mark.parametrize("language", ["da", "sv", "nb", "fi"])
def test_the_pages_speak_the_readers_language(site: Site, language: str) -> None:
    reader = site.person("administrator", language=language)
    for path in (site.home, f"{site.home}?tab=paused", f"/collections/{site.office.tenant}/agency"):
        page = site.read(reader, path)
        assert f'lang="{language}"' in page


def test_the_minimum_is_written_as_the_reader_writes_amounts(site: Site) -> None:
    dane = site.person("administrator", language="da")
    settings = f"/collections/{site.office.tenant}/agency"
    site.send(
        dane, settings, f"{settings}/ways", automatic="true", stop_days="2", minimum="1.500,00"
    )
    page = site.read(dane, settings)
    assert "1.500,00" in page
    site.send(dane, settings, f"{settings}/ways", automatic="true", stop_days="2")
    assert dkk("1.00").currency == "DKK"
