"""Today's reminders and what is not on it, as a browser's requests see them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
import pytest

from services.dunning.model.defaults import TIMELINES
from services.dunning.values import ReminderRules
from shared.money import Money
from shared.postgres import Server
from tests.dunning.house import ANNA
from tests.dunning.site import BO, STRANGER, Site, letters_of, row_of, site_in, words_of


@pytest.fixture(scope="module")
def house_of_all(postgres_server: Server) -> Iterator[Site]:
    with site_in(postgres_server) as site:
        yield site


@pytest.fixture
def site(house_of_all: Site) -> Site:
    """A creditor of its own, whose letters go when somebody sends them."""
    return house_of_all.moves_in()


def listed(site: Site) -> None:
    """One letter to Alfa about two invoices, one to Beta; the day of each has come."""
    alfa, beta = site.house.debtor("Alfa"), site.house.debtor("Beta")
    site.house.invoice("1001", "10000.00", due=site.day(-9), debtor=alfa)
    site.house.invoice("1002", "2500.00", due=site.day(-10), debtor=alfa)
    site.house.invoice("1003", "700.00", due=site.day(-9), debtor=beta)
    site.morning()
    site.house.seen()


@pytest.mark.capability("E19")
@pytest.mark.capability("E21")
@pytest.mark.capability("E35")
@pytest.mark.capability("E36")
def test_the_list_is_grouped_as_it_is_sent_and_says_what_each_letter_charges(site: Site) -> None:
    listed(site)
    page = site.read("/reminders")
    row = row_of(page, "Alfa")
    assert "1002 , 1001" in row
    assert "Reminder 1, without charges by e-mail, address checked" in row
    assert "0.00 DKK 12,500.00 DKK Waits for you Charges nothing." in row
    assert len(letters_of(page)) == 2
    assert "Send 2 letters" in page


@pytest.mark.capability("E21")
def test_the_sums_are_shown_before_anything_is_sent_and_then_it_goes_once(site: Site) -> None:
    listed(site)
    chosen = letters_of(site.read("/reminders"))
    shown = words_of(site.send("/reminders", letter=chosen).text)
    assert "Asked for, all together 13,200.00 DKK" in shown
    assert "Reminder 1, without charges 2 by e-mail 2" in shown
    site.house.seen().sees()
    answer = site.send("/reminders/send", letter=chosen)
    assert "2 letters are on their way." in answer.text
    issued = ["ReminderIssued 1002+1001: 12500.00", "ReminderIssued 1003: 700.00"]
    assert sorted(site.house.seen().told) == issued
    again = site.send("/reminders/send", letter=chosen)
    assert "2 had changed since and were left out." in again.text
    site.house.seen().sees()


def test_a_second_letter_names_its_charges_their_days_rate_and_law(site: Site) -> None:
    listed(site)
    site.send("/reminders/send", letter=letters_of(site.read("/reminders")))
    site.house.until(site.day(12))
    row = row_of(site.read("/reminders"), "Beta")
    assert "Reminder 2 by e-mail" in row
    assert re.search(r"Reminder fee 100\.00 DKK renteloven § 9 b", row), row
    assert re.search(r"Interest \d\.\d\d DKK \d\d days at 9\.75 % a year\. renteloven § 5", row), (
        row
    )


@pytest.mark.capability("E37")
def test_what_was_seen_and_has_changed_since_is_left_out_and_said(site: Site) -> None:
    listed(site)
    chosen = letters_of(site.read("/reminders"))
    site.house.paid("1002", on=site.day(0))
    answer = site.send("/reminders/send", letter=chosen)
    assert "1 letter is on its way. 1 had changed since and was left out." in answer.text
    assert "ReminderIssued 1003: 700.00" in site.house.seen().told


def change(site: Site, act: str, *numbers: str, **form: str) -> str:
    known = [site.house.invoices[number] for number in numbers]
    answer = site.send(
        "/reminders/change",
        debtor=str(known[0].debtor_id),
        act=act,
        invoice=[str(one.invoice_id) for one in known],
        **form,
    )
    return answer.text


@pytest.mark.capability("E37")
@pytest.mark.capability("E38")
def test_an_invoice_is_paused_in_place_and_answers_why_it_is_not_on_the_list(site: Site) -> None:
    listed(site)
    page = change(site, "pause", "1003", pause_code="promised")
    assert "1 invoice was changed." in page
    assert len(letters_of(page)) == 1
    site.house.seen().sees("InvoicePaused 1003 promised")
    row = row_of(site.read("/reminders/why-not"), "1003")
    assert "Paused Paused until somebody resumes it: the debtor has promised to pay." in row


@pytest.mark.capability("E39")
def test_a_pause_until_a_date_says_when_it_goes_on(site: Site) -> None:
    listed(site)
    change(site, "pause", "1001", pause_code="agreed", until_on=site.day(5))
    row = row_of(site.read("/reminders/why-not"), "1001")
    assert "It goes on by itself after that day." in row
    assert "1002" in row_of(site.read("/reminders"), "Alfa")
    refused = change(site, "pause", "1001", pause_code="agreed", until_on=site.day(-1))
    assert "That day is over. Choose today or a later one." in refused


@pytest.mark.capability("E32")
@pytest.mark.capability("E33")
@pytest.mark.capability("E34")
def test_a_note_is_kept_and_the_colleague_it_mentions_is_told_of_it(site: Site) -> None:
    listed(site)
    change(site, "note", "1003", text="Ulla ringer i morgen.", mention=str(BO))
    told = [one for one in site.house.seen().told if "Comment" in one]
    assert told == ["CommentAdded 1003"]
    comment = site.house.last("CommentAdded")
    assert (comment.written_by, comment.mentions) == (ANNA, (BO,))
    assert "Write something" in change(site, "note", "1003", text="  ")
    assert "does not work for this company" in change(
        site, "note", "1003", text="Hej", mention=str(STRANGER)
    )


@pytest.mark.capability("E40")
def test_another_timeline_for_the_debtor_counts_from_the_next_letter(site: Site) -> None:
    listed(site)
    site.house.sets(msgspec.structs.replace(TIMELINES["DK"], name="gentle", mode="off"))
    change(site, "timeline", "1003", timeline="gentle")
    assert "Beta" not in site.read("/reminders")
    row = row_of(site.read("/reminders/why-not"), "1003")
    assert "The timeline of this debtor is switched off." in row


@pytest.mark.capability("E37")
def test_an_excluded_debtor_gets_nothing_and_a_disputed_invoice_waits(site: Site) -> None:
    listed(site)
    change(site, "exclude", "1001", exclude_code="by_hand")
    change(site, "dispute", "1003", dispute_code="faulty", dispute_text="Porten hænger.")
    page = site.read("/reminders/why-not")
    assert "The debtor is excluded until somebody includes it again." in row_of(page, "1001")
    assert "The debtor contests it: what was delivered is faulty." in row_of(page, "1003")
    assert letters_of(site.read("/reminders")) == []


@pytest.mark.capability("E8")
@pytest.mark.capability("E42")
def test_an_unmatched_payment_holds_the_debtor_and_is_named(site: Site) -> None:
    listed(site)
    site.house.pays(site.house.invoices["1003"].debtor_id, "300.00", on=site.day(0))
    row = row_of(site.read("/reminders/why-not?reason=open_items"), "1003")
    assert "300.00 DKK of the debtor’s stands unmatched." in row


@pytest.mark.capability("E7")
@pytest.mark.capability("E43")
def test_where_reminders_go_all_the_same_the_letter_says_so(site: Site) -> None:
    site.house.sets(ReminderRules(open_items="remind"))
    listed(site)
    site.house.pays(site.house.invoices["1003"].debtor_id, "300.00", on=site.day(0))
    row = row_of(site.read("/reminders"), "Beta")
    assert "300.00 DKK is unmatched and stands in the letter." in row


@pytest.mark.capability("E25")
def test_below_the_minimum_the_sums_that_were_weighed_are_named(site: Site) -> None:
    site.house.sets(ReminderRules(minimum=(Money.of("1000.00", "DKK"),)))
    listed(site)
    row = row_of(site.read("/reminders/why-not"), "1003")
    assert "owes 700.00 DKK that is overdue: less than your minimum of 1,000.00 DKK." in row


@pytest.mark.capability("E20")
def test_every_open_invoice_is_on_the_list_or_answers_and_each_reason_counts_its_own(
    site: Site,
) -> None:
    """The table's counting and the rules' answer agree, whatever stands in the way."""
    listed(site)
    here = site.house
    gamma, delta = here.debtor("Gamma"), here.debtor("Delta")
    for number, due in (("2001", 20), ("2002", 40)):
        here.invoice(number, "500.00", due=site.day(due), debtor=gamma)
    here.invoice("2003", "500.00", due=site.day(-60), debtor=delta, historical=True)
    here.invoice("2004", "900.00", due=site.day(-60), debtor=delta)
    here.pays(delta, "100.00", on=site.day(0))
    change(site, "pause", "1001", pause_code="other")
    page = site.read("/reminders/why-not")
    filters = {
        code: int(count)
        for code, count in re.findall(r'<option value="(\w+)">[^<]*\((\d+)\)</option>', page)
    }
    assert filters == {"not_due_yet": 2, "not_followed": 1, "open_items": 1, "paused": 1}
    for reason, count in filters.items():
        own = site.read(f"/reminders/why-not?reason={reason}")
        assert len(re.findall(r"<tr role=.row.>", own)) == count + 1
    assert "somebody must say that it is to be followed up" in row_of(page, "2003")
    assert "The next step comes" in row_of(page, "2002")


def test_who_may_only_look_has_no_buttons_and_a_stranger_sees_nothing(site: Site) -> None:
    listed(site)
    page = site.read("/reminders", BO)
    assert letters_of(page) == []
    assert "Send 2 letters" not in page
    assert site.browser(STRANGER).get(f"{site.home}/reminders").status_code == 404
