"""The reports as pages, files and JSON, and the packs that are frozen of them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID, uuid4

import pytest

from shared.contracts.dunning import ReportPublished
from shared.postgres import Server
from shared.testing.browser import DESKTOP, PHONE, chromium, page_at
from shared.testing.servers import serve
from shared.web.doorkeeper import SESSION_COOKIE
from tests.dunning.ledger_of_five import named, tell_the_example
from tests.dunning.report_site import ReportSite, site_in

AS_OF = "as_of=2026-03-31"
ALL = [f"T{number}" for number in range(1, 13)]


@pytest.fixture(scope="module")
def site(postgres_server: Server) -> Iterator[ReportSite]:
    with site_in(postgres_server) as told:
        tell_the_example(told.ledger)
        told.ledger.learn("2026-04-01", "Delta", "=cmd|'/C calc'!A0")
        told.ledger.world.clock.move_to(datetime(2026, 4, 2, 8, tzinfo=UTC))
        told.ledger.world.settle()
        yield told


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.capability("R1")
def test_the_overview_shows_each_report_with_its_figure_and_the_change(site: ReportSite) -> None:
    page = site.read(f"?{AS_OF}")
    said = text_of(page)
    assert all(f'href="{site.home}/{code}?{AS_OF}"' in page for code in ALL)
    assert (
        "Receivables by month 29,000.00 DKK open at the end 1,000.00 less than on Sat 28 Feb"
        in said
    )
    assert "Balance per customer 27,849.32 DKK owed in all" in said
    assert page.count('role="img"') == 12


@pytest.mark.parametrize("code", ALL)
def test_a_report_has_its_chart_its_tables_and_its_files(site: ReportSite, code: str) -> None:
    page = site.read(f"/{code}?{AS_OF}")
    assert 'role="img"' in page
    assert "<table" in page
    assert f'href="{site.home}/{code}/file?form=xlsx&amp;{AS_OF}"' in page
    assert "style=" not in page


@pytest.mark.capability("R13")
def test_names_are_opened_for_whoever_looks_and_for_nobody_else(site: ReportSite) -> None:
    assert "Beta ApS" in site.read(f"/T10?{AS_OF}")
    answer = site.get(f"/T10?{AS_OF}")
    assert "Beta ApS" not in answer.text
    assert str(named("Beta")) in answer.text


def test_the_json_says_keys_minor_units_and_iso_days(site: ReportSite) -> None:
    told = site.get(f"/T10?{AS_OF}&most=1").json()
    assert told["headline"]["value"] == {"minor": 2100000, "currency": "DKK"}
    invoices = next(table for table in told["tables"] if table["key"] == "invoices")
    assert invoices["size"] == 3
    (first,) = invoices["rows"]
    assert (first["invoice"], first["due_on"], first["days_past_due"]) == ("C1", "2025-12-20", 101)
    (second,) = site.get(f"/T10?{AS_OF}&most=1&first=1").json()["tables"][1]["rows"]
    assert second["invoice"] == "B1"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [("as_of=31-03-2026", "as_of"), ("bounds=60,30", "bounds"), ("bounds=a", "bounds"),
     ("currency=kroner", "currency"), ("as_of=0001-01-01", "as_of"), ("most=0", "most")],
)  # fmt: skip
def test_what_cannot_be_asked_is_answered_with_its_field(
    site: ReportSite, wrong: str, field: str
) -> None:
    answer = site.get(f"/T10?{wrong}")
    assert answer.status_code == 422
    assert field in answer.text


def test_a_report_that_is_none_is_not_there(site: ReportSite) -> None:
    for code in ("T0", "T13", "packs2"):
        assert site.get(f"/{code}").status_code in {404, 422}


def test_filters_narrow_to_their_debtors(site: ReportSite) -> None:
    told = site.get(f"/T11?{AS_OF}&debtor_kind=consumer").json()
    assert [row["debtor"] for row in told["tables"][0]["rows"]] == ["Cecil"]
    told = site.get(f"/T11?{AS_OF}&timeline=Slow%2020/20").json()
    assert [row["debtor"] for row in told["tables"][0]["rows"]] == ["Beta"]
    assert [table["key"] for table in told["tables"]] == ["debtors"]
    assert site.get(f"/T11?{AS_OF}&debtor={named('Alfa')}").json()["headline"]["value"] == {
        "minor": 750000,
        "currency": "DKK",
    }


def test_a_csv_is_written_as_its_reader_writes_or_as_programs_read(site: ReportSite) -> None:
    dane = site.person("bookkeeper", language="da")
    readers = site.browser(dane).get(f"{site.home}/T11/file?form=csv&{AS_OF}").text
    assert readers.startswith("\N{ZERO WIDTH NO-BREAK SPACE}")
    rows = list(
        csv.reader(io.StringIO(readers.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")), delimiter=";")
    )
    assert rows[1][:4] == ["Kunde", "Navn", "Hovedstol", "Valuta"]
    assert rows[2][:4] == ["Beta", "Beta ApS", "15000,00", "DKK"]
    machines = site.get(f"/T11?format=csv&{AS_OF}").text
    rows = list(csv.reader(io.StringIO(machines)))
    assert rows[1][:4] == ["debtor_id", "debtor", "principal", "currency"]
    assert rows[2][:4] == [str(named("Beta")), "Beta", "15000.00", "DKK"]


def test_a_name_that_looks_like_a_formula_is_a_text_in_every_file(site: ReportSite) -> None:
    text = site.browser().get(f"{site.home}/T11/file?form=csv&{AS_OF}").text
    assert "'=cmd|" in text
    body = site.browser().get(f"{site.home}/T11/file?form=xlsx&{AS_OF}").content
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "=cmd|" in texts
    assert "<f>" not in sheet
    assert "<v>14349.32</v>" in sheet


def test_the_same_report_is_the_same_file(site: ReportSite) -> None:
    address = f"/T11?format=xlsx&{AS_OF}&known_at=2026-04-01T00:00:00Z"
    assert site.get(address).content == site.get(address).content


@pytest.mark.capability("R1")
def test_a_month_is_frozen_once_and_kept_by_its_hash(site: ReportSite) -> None:
    page = site.send("/packs", kind="month_end", period="2026-03")
    assert "Nothing: every figure is what it was." in page.text
    first = site.get("/packs").json()[0]
    body = site.get(f"/packs/{first['report_id']}").content
    assert sha256(body).hexdigest() == first["sha256"]
    kept = json.loads(body)
    assert [one["code"] for one in kept["reports"]] == ["T1", "T2", "T3", "T4", "T5", "T9"]
    lists = ["control", "charges_to_post", "cases_to_confirm"]
    assert [table["key"] for table in kept["lists"]] == lists
    assert "ApS" not in body.decode()
    again = site.program().post(
        f"{site.api}/packs", json={"kind": "month_end", "period": "2026-03"}
    )
    assert again.json()["sha256"] == first["sha256"]
    assert len(site.get("/packs").json()) == 1


@pytest.mark.capability("R1")
def test_what_is_learnt_later_is_listed_beside_the_frozen_pack(site: ReportSite) -> None:
    made = site.program().post(f"{site.api}/packs", json={"kind": "quality", "period": "2026-02"})
    assert made.status_code == 201
    pack = made.json()["report_id"]
    assert site.get(f"/packs/{pack}/restatements").json() == []
    site.ledger.paid("B1", "2000.00", "2026-02-20", told="2026-04-03")
    site.ledger.world.settle()
    found = {
        (one["report"], one["row"], one["column"]): (one["frozen"], one["now"])
        for one in site.get(f"/packs/{pack}/restatements").json()
    }
    frozen, now = found["T1", "2026-02-28", "gross"]
    assert (frozen["minor"], now["minor"]) == (3_000_000, 2_800_000)
    assert "Receivables by month, At each month end" in text_of(site.read(f"/packs/{pack}"))


def test_a_frozen_pack_is_told_with_its_hash(site: ReportSite) -> None:
    made = site.program().post(f"{site.api}/packs", json={"kind": "quality", "period": "2026-01"})
    with site.ledger.world.runtimes["dunning"].reader.connection() as transaction:
        rows = transaction.raw.execute("select body from outbox order by position").fetchall()
    told = ReportPublished.model_validate_json(bytes(rows[-1][0]))
    assert told.copy_of.sha256 == made.json()["sha256"]
    assert (told.kind, told.period) == ("quality", "2026-01")


def test_a_month_that_is_not_over_is_not_frozen(site: ReportSite) -> None:
    answer = site.send("/packs", kind="quality", period="2026-04")
    assert "That month is not over yet." in answer.text
    told = site.program().post(f"{site.api}/packs", json={"kind": "quality", "period": "2026-04"})
    assert told.status_code == 422
    assert "month_not_over" in told.text


def test_whoever_only_runs_the_machine_reads_and_freezes_nothing(site: ReportSite) -> None:
    operator = site.person("operations")
    assert "Freeze the pack" not in site.browser(operator).get(f"{site.home}/packs").text
    wanted = {"kind": "quality", "period": "2025-12"}
    assert site.program(operator).post(f"{site.api}/packs", json=wanted).status_code == 403


@pytest.mark.property_("P9")
def test_another_companys_reports_are_not_there(site: ReportSite) -> None:
    stranger = uuid4()
    assert site.browser(stranger).get(site.home).status_code == 404
    assert site.get(f"/packs/{uuid4()}").status_code == 404
    elsewhere = f"/dunning/v1/tenants/{UUID(int=7)}/reports"
    assert site.program().get(elsewhere).status_code == 404


@pytest.mark.browser
def test_the_pages_are_sound_on_a_phone_and_a_desk_in_light_and_dark(site: ReportSite) -> None:
    looks = ((PHONE, True, ["", "/T10"]), (DESKTOP, False, ["/T12", "/packs"]))
    with serve(site.app) as base, chromium() as browser:
        cookies = [(base, SESSION_COOKIE, str(site.mette))]
        for width, dark, shown in looks:
            with page_at(browser, width, dark=dark, cookies=cookies) as view:
                for path in shown:
                    view.open(f"{base}{site.home}{path}?{AS_OF}")
                    view.must_be_sound()
