"""E-invoices from files, by the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner, Result

from forfald import cli, importing
from services.sync import app, queries
from shared.postgres import Server
from shared.provision import open_vault
from shared.testing.stand_in import stand_in
from shared.testing.world import World
from tests.shared.feeding import START

DOCUMENTS = Path(__file__).parents[1] / "sync" / "documents"
TENANT = UUID(int=7)
SETTINGS = {"economic_secret": "not needed", "economic_url": "http://127.0.0.1:1"}

Command = Callable[..., Result]


@pytest.fixture
def world(postgres_server: Server) -> Iterator[World]:
    services = [app.build, *map(stand_in, ("dunning", "payments", "tenants"))]
    with World(postgres_server, services, START, SETTINGS) as world:
        yield world


@pytest.fixture
def forfald(world: World, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`forfald import --client … FILE…` on that world's installation."""
    given = world.runtimes["sync"].surroundings
    vault = open_vault(world.address)
    monkeypatch.setattr(cli, "installation_settings", lambda: None)
    monkeypatch.setattr(importing, "surroundings_of", lambda _: replace(given, vault=vault))

    def run(*files: Path) -> Result:
        return CliRunner().invoke(
            cli.app, ["import", "--client", str(TENANT), *map(str, files)], catch_exceptions=False
        )

    return run


def received(world: World) -> list[str]:
    world.settle()
    with world.runtimes["sync"].reader.transaction([TENANT]) as transaction:
        return [str(row.document_id) for row in queries.documents(transaction.sql, TENANT)]


def test_what_is_read_is_kept_once_and_told_with_its_id(world: World, forfald: Command) -> None:
    invoice = DOCUMENTS / "peppol-dk-fik71.xml"
    first, again = forfald(invoice), forfald(invoice)
    [document] = received(world)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.output == again.output == f"✓ {invoice}: document {document}\n"


def test_what_cannot_be_paid_as_it_stands_is_kept_and_says_why(
    world: World, forfald: Command
) -> None:
    said = forfald(DOCUMENTS / "oioubl-fik71-wrong-digit.xml")
    assert said.exit_code == 0
    assert "  blocked: reference: " in said.output
    assert len(received(world)) == 1


def test_what_is_no_invoice_is_refused_by_the_name_of_its_fault_and_stops_no_other(
    world: World, forfald: Command, tmp_path: Path
) -> None:
    bad = tmp_path / "bad[1].xml"
    bad.write_text("<!DOCTYPE a><a/>")
    said = forfald(bad, DOCUMENTS / "peppol-dk-fik71.xml")
    assert said.exit_code == 1
    assert f"✗ {bad}: doctype: a document type declaration (a) is not read\n" in said.output
    assert len(received(world)) == 1
