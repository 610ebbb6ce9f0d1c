"""One receivable, the debtors and one debtor, as a browser's requests see them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from shared.contracts.notifications import (
    ChannelsResolved,
    DocumentRendered,
)
from shared.contracts.values import Copy, Fault
from shared.postgres import Server
from tests.dunning.site import BO, STRANGER, Site, letters_of, row_of, site_in, words_of
from tests.dunning.test_pages_reminders import listed

DOCUMENT = "d" * 64


@pytest.fixture(scope="module")
def house_of_all(postgres_server: Server) -> Iterator[Site]:
    with site_in(postgres_server) as site:
        yield site


@pytest.fixture(scope="module")
def reminded(house_of_all: Site) -> Site:
    """An invoice with two letters behind it and a part of it paid; nothing here changes it."""
    site = house_of_all.moves_in()
    here = site.house
    here.invoice("1001", "10000.00", due=site.day(-9), debtor=here.debtor("Alfa"))
    site.morning()
    here.sends("1001")
    site.next_letter()
    here.sends("1001")
    here.seen()
    letter = here.last("ReminderIssued")
    here.say(
        DocumentRendered(
            document_id=letter.notice_id,
            debtor_id=letter.debtor_id,
            notice_id=letter.notice_id,
            copy_of=Copy(DOCUMENT, "application/pdf", 8400),
            pages=2,
            language="da",
            template_version="1",
        )
    )
    here.paid("1001", on=site.day(0), amount="2500.00")
    return site


@pytest.fixture
def site(house_of_all: Site) -> Site:
    site = house_of_all.moves_in()
    listed(site)
    return site


def chain_of(page: str, title: str) -> str:
    """What a part of the balance opens to."""
    found = re.findall(r'<details class="chain">(.*?)</details>', page, re.DOTALL)
    (part,) = [words_of(one) for one in found if f"<b>{title}</b>" in one]
    return part


def test_each_part_of_the_balance_opens_to_its_facts_and_its_law(reminded: Site) -> None:
    page = reminded.read(reminded.path("1001"))
    principal = chain_of(page, "Principal")
    assert "7,500.00 DKK" in principal
    assert "Invoice 1001, voucher 2026-1001" in principal
    assert "\N{MINUS SIGN}2,500.00 7,500.00" in principal
    interest = chain_of(page, "Interest")
    assert "Interest, Reminder 2" in interest
    assert "voucher 2026-900" in interest
    assert re.search(r"\d\d 10,000\.00 9\.75 % renteloven § 5 \.", interest), interest
    assert "Rule dk.interest.statutory, in force since" in interest
    assert "renteloven § 9 b" in chain_of(page, "Reminder fees")
    assert "Nothing of this kind has been charged." in chain_of(page, "Compensation")


def test_letters_stand_there_exactly_as_they_were_sent(reminded: Site) -> None:
    page = reminded.read(reminded.path("1001"))
    tenant = reminded.house.tenant
    assert f'href="/notifications/{tenant}/documents/{DOCUMENT}"' in page
    assert "2 pages, exactly as sent" in page


def test_what_comes_next_has_its_day_and_what_cannot_be_done_its_reason(reminded: Site) -> None:
    said = reminded.text(reminded.path("1001"))
    # Its deadline is ten days off; on a weekend the list waits for Monday.
    assert re.search(r"Collection warning: the (deadline of the last letter|list)", said), said
    assert "Send today’s letter The next step comes" in said
    assert "Send to collection Not before a collection warning has been sent." in said


def test_the_timeline_says_who_did_what_and_by_which_event(reminded: Site) -> None:
    said = reminded.text(reminded.path("1001"))
    assert "The letter was sent Reminder 2, by e-mail, to be paid by" in said
    assert "Forfald · dunning.LetterCounted.v1" in said
    assert "dunning.PostingSought.v1" not in said
    everything = reminded.text(reminded.path("1001") + "?all=true")
    assert "A voucher was asked for Forfald · dunning.PostingSought.v1" in everything


def act(site: Site, number: str, what: str, **form: str) -> str:
    page = site.path(number)
    return words_of(site.send(f"{page}/{what}", page=page, **form).text)


@pytest.mark.capability("E38")
@pytest.mark.capability("E39")
def test_a_paused_invoice_says_who_paused_it_and_stands_on_the_list_again_when_resumed(
    site: Site,
) -> None:
    said = act(site, "1003", "pause", pause_code="agreed", until_on=site.day(6))
    assert "Paused Agreed with the debtor, until" in said
    assert "Anna Holm · dunning.InvoicePaused.v1" in said
    assert len(letters_of(site.read("/reminders"))) == 1
    said = act(site, "1003", "resume")
    assert "On today’s list" in said
    assert len(letters_of(site.read("/reminders"))) == 2


@pytest.mark.capability("E32")
@pytest.mark.capability("E33")
def test_what_colleagues_write_is_sealed_and_forgotten_with_the_debtor(site: Site) -> None:
    said = act(site, "1003", "note", text="Ulla ringer i morgen.", mention=str(BO))
    assert "Note “Ulla ringer i morgen.”, told to Bo Fjordvig" in said
    here = site.house
    here.world.vault.forget(here.tenant, here.invoices["1003"].debtor_id)
    after = site.text(site.path("1003"))
    assert "Ulla" not in after
    assert "“(erased)”" in after
    refused = act(site, "1003", "note", text="Mere")
    assert "This debtor has been forgotten: nothing is written about it." in refused


def test_a_dispute_stops_everything_until_somebody_says_who_was_right(site: Site) -> None:
    said = act(site, "1003", "dispute", code="faulty", text="Porten hænger.")
    assert "Disputed by the debtor What was delivered is faulty, “Porten hænger.”" in said
    assert "The debtor contests it: what was delivered is faulty." in said
    said = act(site, "1003", "settle", upheld="false")
    assert "The dispute is settled The invoice stands." in said
    assert len(letters_of(site.read("/reminders"))) == 2


@pytest.mark.capability("E27")
def test_charges_are_given_up_with_a_reason_and_only_waived_where_that_is_said(site: Site) -> None:
    here = site.house
    here.sends("1003")
    site.next_letter()
    here.sends("1003")
    here.seen()
    refused = act(site, "1003", "give-up", text=" ")
    assert "Write something: it is kept with your name." in refused
    given = site.send(f"{site.path('1003')}/give-up", page=site.path("1003"), text="Kulance").text
    assert "given up in the books, still owed" in given.replace("\N{NO-BREAK SPACE}", " ")
    here.seen().sees("ChargesWrittenOff 1003 manual")
    assert here.last("ChargesWrittenOff").claim_waived is False
    assert "Give up charges No charge is open." in words_of(given)


def test_what_was_booked_before_the_connection_is_followed_up_when_somebody_says_so(
    site: Site,
) -> None:
    here = site.house
    here.invoice("900", "500.00", due=site.day(-60), debtor=here.debtor("Gamma"), historical=True)
    assert "Follow it up" in site.text(site.path("900"))
    act(site, "900", "include")
    site.morning()
    assert "Gamma" in site.read("/reminders")


def test_the_debtors_stand_with_what_they_owe_and_what_is_wrong_with_their_address(
    site: Site,
) -> None:
    here = site.house
    here.say(
        ChannelsResolved(
            debtor_id=here.invoices["1003"].debtor_id,
            channels=("letter",),
            faults=(Fault("bounced", "email"),),
        )
    )
    here.settle()
    row = row_of(site.read("/debtors"), "Beta")
    assert "700.00 DKK" in row
    assert "the e-mail address does not work: a letter came back" in row
    assert "Alfa" not in site.read("/debtors?only=address")
    row = row_of(site.read("/reminders"), "Beta")
    assert "by post the e-mail address does not work: a letter came back" in row


@pytest.mark.capability("E10")
@pytest.mark.capability("E40")
def test_how_a_debtor_is_treated_is_changed_on_its_page(site: Site) -> None:
    debtor = f"/debtors/{site.house.invoices['1001'].debtor_id}"
    site.send(f"{debtor}/grouping", page=debtor, collective="false")
    assert len(letters_of(site.read("/reminders"))) == 3
    said = words_of(site.send(f"{debtor}/exclude", page=debtor, code="important").text)
    assert "Excluded A customer whom we call" in said
    assert len(letters_of(site.read("/reminders"))) == 1
    site.send(f"{debtor}/include", page=debtor)
    said = words_of(site.send(f"{debtor}/freeze", page=debtor, code="insolvent").text)
    assert "Frozen Insolvent" in said
    site.house.seen()
    assert site.house.last("DebtorFrozen").code == "insolvent"
    assert len(letters_of(site.read("/reminders"))) == 1


def test_a_debtor_that_pays_late_says_how_late(site: Site) -> None:
    here = site.house
    here.paid("1003", on=site.day(0))
    said = site.text(f"/debtors/{here.invoices['1003'].debtor_id}")
    assert re.search(r"Usually pays \d+ days late", said), said
    assert "1 invoice has been paid in full." in said


def test_today_counts_what_is_to_be_reminded_and_names_what_stands_still_first(
    site: Site,
) -> None:
    act(site, "1003", "dispute", code="other")
    page = site.browser().get("/dunning/fragments/today").text
    said = words_of(page)
    assert said.index("Disputed 1") < said.index("On today’s list 2")
    assert "12,500.00 DKK, the oldest since" in said
    assert f'href="{site.home}/reminders"' in page
    assert site.browser(BO).get("/dunning/fragments/today").status_code == 204
    assert site.browser(STRANGER).get(f"{site.home}/debtors").status_code == 404


def test_what_came_back_from_the_agency_waits_until_somebody_resumes_it(site: Site) -> None:
    here = site.house
    case_id = here.hands_over("1003")
    assert "With the agency: no letter of ours goes any more." in site.text("/reminders/why-not")
    here.recalls(case_id, "1003")
    row = row_of(site.read("/reminders/why-not?reason=taken_back"), "1003")
    assert "Back from the agency: resume it if it is to be reminded again." in row
    act(site, "1003", "resume")
    assert len(letters_of(site.read("/reminders"))) == 2


def test_of_a_letter_of_which_nobody_knows_somebody_says_that_it_arrived(site: Site) -> None:
    here = site.house
    here.letters_leave = False
    here.sends("1003")
    here.seen()
    assert "The letter has arrived" not in words_of(site.read(site.path("1003")))
    here.nobody_knows()
    here.settle()
    page = words_of(site.read(site.path("1003")))
    assert "The letter has arrived It counts from the day on which it was tried" in page
    assert "Outcome unknown" in page
    said = act(site, "1003", "letter-left")
    assert "The letter has arrived" not in said
    assert "It is known meanwhile." in act(site, "1003", "letter-lost")
