"""Personal values: sealed for one tenant and subject, forgotten without a trace of the plain text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest

from shared.postgres import Server
from shared.sealed import ERASED, Erased, Sealed
from shared.testing.world import World
from shared.vault import CannotOpen, Forgotten, Vault

ANNA, BERTIL, PERSON = uuid4(), uuid4(), uuid4()


@pytest.fixture
def world(postgres_server: Server) -> Iterator[World]:
    with World(postgres_server, [], datetime(2026, 3, 2, tzinfo=UTC)) as world:
        yield world


@pytest.fixture
def vault(world: World) -> Vault:
    return world.vault


def test_a_sealed_value_opens_for_its_tenant(vault: Vault) -> None:
    sealed = vault.seal(ANNA, PERSON, "Åse Bjørnsdóttir")
    assert "Åse" not in repr(sealed)
    assert vault.open(ANNA, sealed) == "Åse Bjørnsdóttir"


def test_values_open_after_the_key_database_has_been_restarted(world: World, vault: Vault) -> None:
    sealed = vault.seal(ANNA, PERSON, "Åse")
    with psycopg.connect(world.server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = %s",
            (world.address.database("keys"),),
        )
    assert vault.open(ANNA, sealed) == "Åse"


@pytest.mark.parametrize("damaged", ["", "not base64", "AAAA", "A" * 40])
def test_what_is_no_sealed_value_at_all_cannot_be_opened(vault: Vault, damaged: str) -> None:
    vault.seal(ANNA, PERSON, "Åse")
    with pytest.raises(CannotOpen):
        vault.open(ANNA, Sealed(PERSON, damaged))


def test_a_value_does_not_open_for_another_tenant_or_subject(vault: Vault) -> None:
    sealed = vault.seal(ANNA, PERSON, "secret")
    other = uuid4()
    vault.seal(BERTIL, PERSON, "x")
    vault.seal(ANNA, other, "y")
    with pytest.raises(CannotOpen):
        vault.open(BERTIL, sealed)
    with pytest.raises(CannotOpen):
        vault.open(ANNA, replace(sealed, subject=other))
    with pytest.raises(CannotOpen):
        vault.open(ANNA, Sealed(uuid4(), sealed.sealed))


def test_a_forgotten_subject_opens_as_erased_and_takes_nothing_new(vault: Vault) -> None:
    sealed = vault.seal(ANNA, PERSON, "secret")
    vault.forget(ANNA, PERSON)
    assert vault.open(ANNA, sealed) is ERASED
    assert isinstance(vault.open(ANNA, sealed), Erased)
    with pytest.raises(Forgotten):
        vault.seal(ANNA, PERSON, "new")


def test_a_subject_forgotten_before_it_was_known_stays_forgotten(vault: Vault) -> None:
    vault.forget(ANNA, PERSON)
    with pytest.raises(Forgotten):
        vault.seal(ANNA, PERSON, "new")


def test_equal_values_have_equal_fingerprints_within_a_tenant_only(vault: Vault) -> None:
    assert vault.fingerprint(ANNA, "DK50") == vault.fingerprint(ANNA, "DK50")
    assert vault.fingerprint(ANNA, "DK50") != vault.fingerprint(BERTIL, "DK50")


def test_the_key_database_shows_a_tenant_only_its_own_keys(world: World, vault: Vault) -> None:
    vault.seal(ANNA, PERSON, "secret")
    with psycopg.connect(world.address.dsn("keys", "app")) as connection:
        assert connection.execute("select count(*) from subject_key").fetchone() == (0,)


def test_many_names_are_opened_together_and_the_forgotten_stay_forgotten(vault: Vault) -> None:
    tenant, alfa, beta = uuid4(), uuid4(), uuid4()
    sealed = [vault.seal(tenant, alfa, "Alfa"), vault.seal(tenant, beta, "Beta")]
    vault.forget(tenant, beta)
    assert vault.open_all(tenant, sealed) == {sealed[0]: "Alfa", sealed[1]: ERASED}
    with pytest.raises(CannotOpen):
        vault.open_all(uuid4(), sealed)
