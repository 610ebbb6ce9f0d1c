"""`forfald doctor` on a whole installation, and on ones with one thing wrong."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from forfald.cli import main
from forfald.doctor import Finding, examine
from forfald.house import SERVICES, builder
from forfald.secret_files import fresh
from shared.postgres import Server
from shared.processes import free_port
from shared.settings import Settings
from shared.testing.world import World
from tests.journeys.house import THURSDAY

NOWHERE = "http://127.0.0.1:1"
SETTINGS = {
    **fresh(),
    "bank_url": NOWHERE,
    "economic_secret": "secret",
    "mail_from": "forfald@forfald.example",
    "mail_domain": "forfald.example",
    "public_url": NOWHERE,
    "smtp_host": "127.0.0.1",
    "smtp_port": "25",
}


@pytest.fixture(scope="module")
def installation(postgres_server: Server) -> Iterator[Settings]:
    with World(postgres_server, [builder(name) for name in SERVICES], THURSDAY, SETTINGS) as world:
        address = world.address
        yield Settings({
            **SETTINGS,
            "postgres_host": address.host,
            "postgres_port": str(address.port),
            "postgres_secret": address.secret,
            "postgres_prefix": address.prefix,
        })  # fmt: skip


def unwell(settings: Settings) -> list[Finding]:
    """What there is to mend, but for the tests' own server, which may lose what it acknowledged."""
    return [
        finding
        for finding in examine(settings)
        if finding.mend and "keeps what it acknowledges" not in finding.what
    ]


@pytest.fixture
def nowhere() -> Settings:
    """All settings, of a server that is not there: what is wrong with them is said all the same."""
    where = {"postgres_host": "127.0.0.1", "postgres_port": str(free_port())}
    return Settings({**SETTINGS, **where, "postgres_secret": "made by chance" * 3})


def settings_found_bad(settings: Settings) -> list[Finding]:
    return [finding for finding in unwell(settings) if finding.what.startswith("settings of")]


def test_a_whole_installation_is_well(installation: Settings) -> None:
    assert unwell(installation) == []
    assert {f"settings of {name}" for name in SERVICES} <= {f.what for f in examine(installation)}


@pytest.mark.parametrize(
    ("name", "value", "service", "should_be"),
    [
        ("sync_page", "many", "sync", "a whole number above zero, not 'many'"),
        ("economic_timeout", "0", "sync", "a number of seconds above zero, not '0'"),
        ("economic_url", "economic", "sync", "an address as https://host"),
        ("approvals_expire_after_days", "-1", "approvals", "a whole number above zero, not '-1'"),
        ("approvals_private_key", "x", "approvals", "the 32 bytes of an Ed25519 private key"),
        ("approvals_public_key", "x", "payments", "the 32 bytes of an Ed25519 public key"),
        ("bank_url", "bank", "payments", "an address as https://host"),
        ("smtp_port", "mail", "notifications", "a port from 1 to 65535, not 'mail'"),
        ("push_private_key", "{}", "notifications", "a private key on P-256 (JWK), not what was"),
        ("push_services", "apple", "notifications", "origins as https://host or https://*.host"),
        ("assertion_private_key", "{}", "tenants", "a private key (JWK) whose public half"),
    ],
)
def test_a_bad_setting_is_named_with_the_service_that_reads_it(
    nowhere: Settings, name: str, value: str, service: str, should_be: str
) -> None:
    (finding,) = settings_found_bad(nowhere.with_values(**{name: value}))
    assert finding.what == f"settings of {service}"
    assert finding.mend.startswith(f"the setting FORFALD_{name.upper()} should be {should_be}")


def test_a_setting_of_some_services_is_named_for_those(nowhere: Settings) -> None:
    found = settings_found_bad(nowhere.with_values(mesh="here"))
    readers = ("tenants", "sync", "notifications")
    assert [finding.what for finding in found] == [f"settings of {name}" for name in readers]
    should_be = "the setting FORFALD_MESH should be networks with commas between"
    assert all(finding.mend.startswith(should_be) for finding in found)


@pytest.mark.parametrize(
    ("name", "value"),
    [("broker", "kafka"), ("demo", "yes"), ("assertion_keys", '{"keys": [{}]}')],
)
def test_a_setting_of_all_services_is_named_for_each(
    nowhere: Settings, name: str, value: str
) -> None:
    found = settings_found_bad(nowhere.with_values(**{name: value}))
    assert [finding.what for finding in found] == [f"settings of {name}" for name in SERVICES]
    assert all(f"FORFALD_{name.upper()} should be" in finding.mend for finding in found)


def test_a_server_that_is_not_there_is_said_of_each_database(nowhere: Settings) -> None:
    assert [finding.what for finding in unwell(nowhere)] == [
        f"database of {name}" for name in SERVICES
    ]


def test_without_a_database_that_is_all_it_says() -> None:
    settings = Settings({"postgres_host": "127.0.0.1", "postgres_port": "a few"})
    (finding,) = unwell(settings)
    assert finding.mend.startswith("the setting FORFALD_POSTGRES_PORT should be a port")


def test_read_tables_of_other_definitions_are_to_be_rebuilt(
    installation: Settings, postgres_server: Server
) -> None:
    database = postgres_server.dsn(installation.address.database("payments"))
    with psycopg.connect(database) as connection:
        row = connection.execute("select obj_description('read'::regnamespace)").fetchone()
        assert row is not None
        connection.execute("comment on schema read is 'another'")
        connection.commit()
        (finding,) = unwell(installation)
        connection.execute(f"comment on schema read is '{row[0]}'".encode())
    assert finding == Finding(
        "read tables of payments", "run `forfald rebuild payments`: its definitions have changed"
    )


def test_any_command_says_a_bad_setting_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORFALD_POSTGRES_HOST", "127.0.0.1")
    monkeypatch.setenv("FORFALD_POSTGRES_PORT", "[many]")
    monkeypatch.setattr("sys.argv", ["forfald", "follow", "F-1"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = " ".join(capsys.readouterr().out.split())
    assert said == (
        "the setting FORFALD_POSTGRES_PORT should be a port from 1 to 65535, not '[many]'"
    )
