"""The embedded server: what a program and a test may rely on."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg
import pytest

from shared.postgres import (
    Binaries,
    EmbeddedPostgres,
    PostgresError,
    Server,
    find_binaries,
    unsafe_settings,
)
from shared.postgres.binaries import inspect, wheel_folders
from shared.testing.postgres import Databases


def ask(dsn: str, question: str) -> str:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return str(row[0])


@pytest.fixture
def folder(server_folder: Path) -> Path:
    return server_folder / "postgres"


@pytest.fixture(params=["found", "wheel"])
def binaries(request: pytest.FixtureRequest) -> Binaries:
    if request.param == "found":
        return find_binaries()
    from_the_wheel = inspect(wheel_folders()[0])
    assert isinstance(from_the_wheel, Binaries), from_the_wheel
    return from_the_wheel


def make_note(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE note (text text)")
        connection.execute("INSERT INTO note VALUES ('template')")


def test_a_server_keeps_what_is_committed_through_a_kill(folder: Path, binaries: Binaries) -> None:
    postgres = EmbeddedPostgres(folder / "server", binaries=binaries)
    with postgres as server:
        make_note(server.dsn("postgres"))
        postgres.kill()
        assert postgres.attach() is None
        again = postgres.start()
        assert again == server
        assert ask(again.dsn("postgres"), "SELECT text FROM note") == "template"
        assert unsafe_settings(again.dsn("postgres")) == []
        assert ask(again.dsn("postgres"), "SELECT lower('ÆRØ Å')") == "ærø å"
        assert (
            ask(again.dsn("postgres"), "SELECT version()")
            .split()[1]
            .startswith(str(binaries.major))
        )
    assert postgres.attach() is None


def test_a_living_server_is_taken_over_and_two_live_side_by_side(folder: Path) -> None:
    first = EmbeddedPostgres(folder / "first", durable=False)
    with first as server, EmbeddedPostgres(folder / "second", durable=False) as other:
        before = first.pid()
        assert EmbeddedPostgres(folder / "first").start() == server
        assert first.pid() == before
        assert other.port != server.port
        with pytest.raises(psycopg.OperationalError, match="authentication failed"):
            ask(
                Server(other.host, other.port, other.superuser, server.password).dsn("postgres"), ""
            )


def test_a_database_needs_its_password_on_every_way_in(postgres_server: Server) -> None:
    sockets = ask(postgres_server.dsn("postgres"), "SHOW unix_socket_directories")
    assert sockets
    for host in (postgres_server.host, sockets):
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(host=host, port=postgres_server.port, user="forfald", dbname="postgres")


def test_the_server_never_runs_as_root_and_its_password_is_for_its_owner(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder, durable=False)
    with postgres:
        assert Path(f"/proc/{postgres.pid()}").stat().st_uid != 0
        secret = (folder / "superuser.password").stat()
        assert stat.S_IMODE(secret.st_mode) == 0o600
        assert secret.st_uid == os.geteuid()
        assert not (folder / "initdb.password").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_a_folder_that_nobody_may_not_enter_is_refused_by_name(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700, parents=True)
    with pytest.raises(PostgresError, match=r"nobody, who may not enter .*: choose a folder"):
        EmbeddedPostgres(closed / "server").start()


def test_missing_binaries_are_told_with_the_way_to_get_them(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setenv("FORFALD_POSTGRES_BIN", str(folder))
    with pytest.raises(PostgresError, match=r"apt-get install postgresql.* lacks postgres, initdb"):
        find_binaries()


def test_data_of_one_version_waits_for_binaries_of_that_version(folder: Path) -> None:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgresError, match="no PostgreSQL 14 was found"):
        EmbeddedPostgres(folder).start()


def test_every_test_gets_a_database_of_its_own_from_a_template_built_once(
    databases: Databases,
) -> None:
    built = []

    def build(dsn: str) -> None:
        built.append(dsn)
        make_note(dsn)

    one, two = databases.fresh("notes", build), databases.fresh("notes", build)
    with psycopg.connect(one) as connection:
        connection.execute("DELETE FROM note")
    assert ask(two, "SELECT count(*) FROM note") == "1"
    assert len(built) == 1
    databases.drop_all()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(one)


def test_a_template_that_could_not_be_built_is_built_again(databases: Databases) -> None:
    def break_off(dsn: str) -> None:
        make_note(dsn)
        raise ValueError("a migration failed")

    with pytest.raises(ValueError, match="a migration failed"):
        databases.fresh("broken", break_off)
    assert ask(databases.fresh("broken", make_note), "SELECT text FROM note") == "template"


def test_a_test_server_ends_when_its_tests_are_killed() -> None:
    program = """
        from shared.postgres import EmbeddedPostgres
        from shared.testing.lifetime import shared_folder
        with shared_folder("postgres") as folder:
            postgres = EmbeddedPostgres(folder / "server", durable=False)
            postgres.start()
            print(postgres.pid(), folder, flush=True)
            input()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        env=os.environ | {"PYTEST_XDIST_TESTRUNUID": f"killed-{os.getpid()}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as tests:
        assert tests.stdout is not None
        pid, folder = tests.stdout.readline().split()
        tests.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while Path(folder).exists():
        assert time.monotonic() < deadline, f"{folder} is still there"
        time.sleep(0.01)
    assert not Path(f"/proc/{pid}/cwd").exists()
