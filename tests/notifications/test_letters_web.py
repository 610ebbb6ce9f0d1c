"""Letters, their documents and texts over HTTP and on pages; today's list by mail."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID, uuid4

import pytest

from services.notifications.app import web
from services.notifications.model.letters import letters_in
from services.notifications.model.texts import Language
from services.notifications.values import LetterKind
from shared.contracts.dunning import ReminderListPublished
from shared.contracts.notifications import DocumentRendered, NoticeFailed
from shared.contracts.tenants import BrandingChanged
from shared.contracts.values import Copy
from shared.money import Money
from shared.postgres import Server
from shared.testing.site import Site
from shared.testing.visiting import assertion_of
from shared.web.identity import Grant, Identity
from tests.notifications.debtors import Debtor, letter_in, mails_to, opened
from tests.notifications.outside import Town, town
from tests.notifications.test_web import report, someone

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
OWN = {
    "title": "Rykker fra os",
    "body": "Hej {debtor_name}\n\n{payment_demand}\n\n{charges_notice}",
    "closing": "",
}


@pytest.fixture(scope="module")
def here(postgres_server: Server) -> Iterator[Town]:
    with town(postgres_server) as found:
        yield found


@pytest.fixture(scope="module")
def site(here: Town) -> Site:
    return Site(web(here.world.runtimes["notifications"]))


def api(here: Town, rest: str) -> str:
    return f"/notifications/v1/tenants/{here.client}/{rest}"


def person(here: Town, user_id: UUID, *roles: str) -> dict[str, str]:
    grant = Grant(here.client, frozenset(roles), "Fjordvig Byg ApS")
    identity = Identity(user_id, "Mette", "en", (grant,))
    return {"Authorization": "Bearer " + assertion_of(identity, "notifications")}


def letter_to(here: Town, email: str) -> DocumentRendered:
    issued = Debtor(here, email=email).reminder()
    here.happen(issued)
    found: DocumentRendered = [
        one for one in here.published(DocumentRendered) if one.notice_id == issued.notice_id
    ][-1]
    return found


def test_a_letter_is_had_byte_for_byte_by_its_hash_and_only_by_its_own_company(
    here: Town, site: Site
) -> None:
    sha = letter_to(here, "bytes@aeroe.example").copy_of.sha256
    reader = someone(here.client, "bookkeeper")
    found = site.get(api(here, f"documents/{sha}"), headers=reader)
    assert sha256(found.content).hexdigest() == sha
    assert found.headers["content-type"] == "application/pdf"
    stranger = someone(uuid4(), "bookkeeper")
    assert site.get(api(here, f"documents/{sha}"), headers=stranger).status_code == 404
    other = f"/notifications/v1/tenants/{uuid4()}/documents/{sha}"
    assert site.get(other, headers=reader).status_code == 404
    approver = someone(here.client, "approver")
    assert site.get(api(here, f"documents/{sha}"), headers=approver).status_code == 403


@pytest.mark.property_("P9")
def test_a_service_has_the_letter_of_the_creditor_that_it_asks_for_and_of_no_other(
    here: Town, site: Site
) -> None:
    sha = letter_to(here, "internal@aeroe.example").copy_of.sha256
    door = "/notifications/internal/tenants"
    found = site.get(f"{door}/{here.client}/documents/{sha}")
    assert (found.status_code, sha256(found.content).hexdigest()) == (200, sha)
    assert site.get(f"{door}/{uuid4()}/documents/{sha}").status_code == 404


@pytest.mark.capability("E35")
def test_the_log_shows_each_letter_with_its_channel_state_and_document(
    here: Town, site: Site
) -> None:
    drawn = letter_to(here, "log@aeroe.example")
    sha = drawn.copy_of.sha256
    reader = someone(here.client, "bookkeeper")
    lines = site.get(api(here, "letters"), headers=reader).json()
    [line] = [one for one in lines if one["notice_id"] == str(drawn.notice_id)]
    assert line["sha256"] == sha
    assert (line["channel"], line["state"], line["kind"]) == ("mail", "sent", "charged")
    page = site.get(f"/notifications/{here.client}/letters", headers=reader).text
    assert f"/documents/{sha}" in page
    assert "Søren Ærø-Kjærgaard" in page
    shown = site.get(f"/notifications/{here.client}/documents/{sha}", headers=reader).text
    assert f"{sha}/pages/1" in shown
    picture = site.get(f"/notifications/{here.client}/documents/{sha}/pages/1", headers=reader)
    assert picture.content.startswith(b"\x89PNG")


def test_a_letter_that_went_nowhere_says_why(here: Town, site: Site) -> None:
    here.happen(Debtor(here).reminder())
    page = site.get(
        f"/notifications/{here.client}/letters", headers=someone(here.client, "bookkeeper")
    ).text
    assert "No channel reaches this debtor: mend the address in the ledger." in page


def test_a_bounce_that_the_mail_server_brings_is_the_letters(here: Town, site: Site) -> None:
    debtor = Debtor(here, email="brought@aeroe.example")
    issued = debtor.reminder()
    here.happen(issued)
    [mail] = mails_to(here, "brought@aeroe.example")
    delivery = UUID(str(mail["Message-ID"]).strip("<>").partition("@")[0])
    headers = {"Authorization": f"Bearer {'t' * 43}"}
    site.post("/notifications/v1/bounces", content=report(delivery), headers=headers)
    here.world.settle()
    assert [one.code for one in here.published(NoticeFailed) if one.notice_id == issued.notice_id]


@pytest.mark.capability("E14")
def test_a_creditors_own_words_are_in_the_next_letter_and_can_be_put_back(
    here: Town, site: Site
) -> None:
    writer = someone(here.client, "administrator")
    assert site.request("PUT", api(here, "texts/charged/da"), json=OWN, headers=writer).is_success
    assert letter_to(here, "own@aeroe.example").template_version == "2026.1/charged/da/1"
    [mail] = mails_to(here, "own@aeroe.example")
    assert title_of(letter_in(mail)) == "Rykker fra os"
    assert site.request("DELETE", api(here, "texts/charged/da"), headers=writer).is_success
    assert letter_to(here, "ours@aeroe.example").template_version == "2026.1/charged/da/0"


@pytest.mark.capability("E14")
def test_a_text_without_a_mandatory_clause_is_refused_with_its_field(
    here: Town, site: Site
) -> None:
    writer = someone(here.client, "administrator")
    wrong = {**OWN, "body": "Betal nu."}
    answer = site.request("PUT", api(here, "texts/charged/da"), json=wrong, headers=writer)
    assert answer.status_code == 422
    assert answer.json()["code"] == "clause_missing"
    assert "body" in answer.text
    reader = someone(here.client, "operations")
    refused = site.request("PUT", api(here, "texts/charged/da"), json=OWN, headers=reader)
    assert refused.status_code == 403


def test_words_are_tried_before_they_are_kept(here: Town, site: Site) -> None:
    writer = someone(here.client, "bookkeeper")
    made = site.post(api(here, "texts/warning/en/preview"), json=words(), headers=writer)
    assert title_of(made.content) == "Collection warning"
    path = f"/notifications/{here.client}/texts/warning/en"
    page = site.post(path, data={**words(), "act": "preview"}, headers=writer)
    assert "data:image/png;base64," in page.text
    refused = site.post(path, data={**words(), "title": "{amount}", "act": "keep"}, headers=writer)
    assert refused.status_code == 422
    assert "There is no such placeholder." in refused.text
    listed = site.get(f"/notifications/{here.client}/texts", headers=writer)
    assert "Collection warning" in listed.text


def title_of(letter: bytes) -> str:
    with opened(letter) as pdf:
        return str(pdf.docinfo["/Title"])


def words() -> dict[str, str]:
    ours = letters_in(Language.ENGLISH).texts[LetterKind.WARNING]
    return {"title": ours.title, "body": ours.body, "closing": ours.closing}


@pytest.mark.capability("E15")
def test_the_letter_bears_the_creditors_logo_and_letterhead(here: Town) -> None:
    here.happen(
        BrandingChanged(
            client_id=here.client,
            logo=Copy(sha256(PNG).hexdigest(), "image/png", len(PNG)),
            logo_png=b64encode(PNG).decode(),
            street="Værftsvej 12",
            postal_code="8000",
            city="Aarhus C",
            email="regnskab@fjordvig.example",
        )
    )
    letter_to(here, "logo@aeroe.example")
    [mail] = mails_to(here, "logo@aeroe.example")
    assert mail["Reply-To"] == "regnskab@fjordvig.example"
    with opened(letter_in(mail)) as letter:
        assert len(letter.pages[0].get_images()) == 1


def published(invoices: int = 3, goes_at: datetime | None = None) -> ReminderListPublished:
    return ReminderListPublished(
        listed_on=datetime(2026, 3, 2, tzinfo=UTC).date(),
        invoices=invoices,
        debtors=2,
        principal=(Money(1_250_000, "DKK"),),
        goes_by_itself_at=goes_at,
    )


@pytest.mark.capability("E31")
def test_todays_list_is_one_mail_to_whoever_looks_after_it_or_asked_for_it(
    here: Town, site: Site
) -> None:
    mette, otto = here.invite("mette", "bookkeeper"), here.invite("otto", "approver")
    ida = here.invite("ida", "bookkeeper")
    no, yes = person(here, ida, "bookkeeper"), person(here, otto, "operations")
    assert site.request("DELETE", api(here, "list-subscription"), headers=no).is_success
    assert site.request("PUT", api(here, "list-subscription"), headers=yes).is_success
    asked = site.get(api(here, "list-subscription"), headers=person(here, mette, "bookkeeper"))
    assert asked.json() == {"subscribed": True}
    here.happen(published(), published(4))
    assert [len(here.mails(name)) for name in ("mette", "otto", "ida")] == [1, 1, 0]
    [mail] = here.mails("mette")
    assert mail["subject"] == "3 invoices on today’s list of reminders: Fjordvig Byg ApS"
    assert "3 invoices of 2 debtors" in mail["text"]
    assert "12" not in mail["text"].replace(mail["links"][0], "")
    assert mail["links"][0].endswith(f"/dunning/{here.client}/reminders")


@pytest.mark.capability("E31")
def test_an_empty_list_is_no_mail(here: Town) -> None:
    before = len(here.mails())
    here.happen(published(0))
    assert len(here.mails()) == before
