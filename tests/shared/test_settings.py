"""Settings: what is missing or wrong is said by the name that a person set it under."""

from __future__ import annotations

import base64
from pathlib import Path
from secrets import token_hex

import pytest

from shared.settings import BadSetting, MissingSetting, Settings


def given(value: str) -> Settings:
    return Settings.of({"FORFALD_X": value, "HOME": "/root"})


def test_only_what_is_ours_is_read_and_a_file_may_stand_in_for_a_value(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("sesam\n", encoding="utf-8")
    environment = {"FORFALD_BANK_TOKEN_FILE": str(tmp_path / "token"), "PATH": "/bin"}
    assert Settings.of(environment) == Settings({"bank_token": "sesam"})


def test_a_file_that_is_not_there_is_named_with_its_setting() -> None:
    with pytest.raises(BadSetting, match="FORFALD_BANK_TOKEN_FILE names /nowhere/token"):
        Settings.of({"FORFALD_BANK_TOKEN_FILE": "/nowhere/token"})


@pytest.mark.parametrize("settings", [Settings(), given("")])
def test_what_is_needed_and_not_given_is_named(settings: Settings) -> None:
    with pytest.raises(MissingSetting, match="the setting FORFALD_X is missing"):
        _ = settings["x"]
    assert "x" not in settings


@pytest.mark.parametrize(
    ("value", "read", "should_be"),
    [
        ("many", lambda settings: settings.whole("x", 5), "a whole number above zero"),
        ("0", lambda settings: settings.whole("x", 5), "a whole number above zero"),
        ("2.5", lambda settings: settings.whole("x", 5), "a whole number above zero"),
        ("", lambda settings: settings.whole("x", 5), "a whole number above zero"),
        ("soon", lambda settings: settings.seconds("x", 5), "a number of seconds above zero"),
        ("-1", lambda settings: settings.seconds("x", 5), "a number of seconds above zero"),
        ("nan", lambda settings: settings.seconds("x", 5), "a number of seconds above zero"),
        ("inf", lambda settings: settings.seconds("x", 5), "a number of seconds above zero"),
        ("http", lambda settings: settings.port("x"), "a port from 1 to 65535"),
        ("65536", lambda settings: settings.port("x"), "a port from 1 to 65535"),
        ("1 two", lambda settings: settings.ports("x"), "ports with spaces between"),
        ("true", lambda settings: settings.is_on("x"), "on or off"),
        ("bank:8000", lambda settings: settings.url("x"), "an address as https://host"),
        ("ftp://bank", lambda settings: settings.url("x"), "an address as https://host"),
        ("http://", lambda settings: settings.url("x"), "an address as https://host"),
        ("http://bank:http", lambda settings: settings.url("x"), "an address as https://host"),
        ("http://bank/?a=b", lambda settings: settings.url("x"), "an address as https://host"),
    ],
)
def test_a_bad_value_names_the_setting_and_what_it_should_be(value, read, should_be) -> None:
    with pytest.raises(BadSetting) as bad:
        read(given(value))
    assert str(bad.value).startswith(f"the setting FORFALD_X should be {should_be}")
    assert str(bad.value).endswith(f", not {value!r}")


def test_good_values_are_read_as_what_they_mean() -> None:
    assert given("12").whole("x", 5) == 12
    assert given("0.5").seconds("x", 5) == 0.5
    assert given("8000").port("x") == 8000
    assert given("1 2").ports("x") == [1, 2]
    assert given("on").is_on("x")
    assert not given("off").is_on("x")
    assert given("https://bank.example:8443/psd2/").url("x") == "https://bank.example:8443/psd2"


def test_what_is_not_given_is_its_default() -> None:
    settings = Settings()
    assert (settings.whole("x", 5), settings.seconds("x", 5)) == (5, 5)
    assert (settings.ports("x"), settings.is_on("x"), settings.get("x", "y")) == ([], False, "y")


def test_a_secret_that_is_nearly_right_is_not_quoted() -> None:
    settings = Settings({"approvals_private_key": "c2VzYW0!"})
    with pytest.raises(BadSetting) as bad:
        settings.read("approvals_private_key", base64.b64decode, "32 bytes in base64")
    assert "c2VzYW0" not in f"{bad.value!r} {bad.value.__cause__!r}"
    assert "should be 32 bytes in base64" in str(bad.value)


def test_a_secret_that_passwords_follow_from_is_not_one_that_somebody_thought_of() -> None:
    where = {"postgres_host": "127.0.0.1", "postgres_port": "5432"}
    with pytest.raises(BadSetting, match="FORFALD_POSTGRES_SECRET should be at least 32") as bad:
        _ = Settings({**where, "postgres_secret": "correct horse"}).address
    assert "horse" not in str(bad.value)
    chance = token_hex(16)
    assert Settings({**where, "postgres_secret": chance}).address.secret == chance


def test_secrets_are_masked_for_people() -> None:
    settings = Settings({"clock_dsn": "password=x", "bank_token": "x", "bank_url": "http://bank"})
    assert settings.shown() == {
        "bank_token": "(set)",
        "bank_url": "http://bank",
        "clock_dsn": "(set)",
    }
