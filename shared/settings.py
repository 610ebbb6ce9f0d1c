"""Settings of an installation, from the environment (`FORFALD_…`) or from mounted files.

A setting `FORFALD_X` may be given as `FORFALD_X_FILE`, the path of a file that holds it. Secrets
are shown masked and never written to logs.

    page = settings.whole("sync_page", 500)
    key = settings.read("approvals_public_key", public_key, "32 bytes in hex or base64")
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

from shared.provision import Address

_PREFIX: Final = "FORFALD_"
# An address of a database has its password in it.
_SECRET_WORDS: Final = ("secret", "token", "private", "password", "dsn")
_PORTS: Final = range(1, 65_536)
_CHANCE_LENGTH: Final = 32
_MADE_BY_CHANCE: Final = f"at least {_CHANCE_LENGTH} characters made by chance"
_SWITCH: Final = {"on": True, "off": False}

T = TypeVar("T")
N = TypeVar("N", int, float)


class BadSetting(ValueError):
    """A setting is not what it should be: says which one, and what it should be."""


class MissingSetting(BadSetting):
    """A setting that the program cannot do without."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`values` are keyed in lower case without the prefix: `postgres_host`."""

    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Settings:
        values = {}
        for variable, given in environment.items():
            if not variable.startswith(_PREFIX):
                continue
            # A file stands in for the value, under the name without its suffix.
            name = variable.removesuffix("_FILE")
            value = given if name == variable else _content(variable, given)
            values[name.removeprefix(_PREFIX).lower()] = value
        return cls(values)

    def __contains__(self, name: str) -> bool:
        return bool(self.values.get(name))

    def __getitem__(self, name: str) -> str:
        if name not in self:
            raise MissingSetting(f"the setting {_PREFIX}{name.upper()} is missing")
        return self.values[name]

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name) or default

    def read(
        self, name: str, meant: Callable[[str], T], should_be: str, default: str | None = None
    ) -> T:
        """What `meant` makes of a setting. Raises BadSetting where it raises, whatever it raises."""
        text = self[name] if default is None else self.values.get(name, default)
        try:
            return meant(text)
        except Exception as error:
            # What libraries raise at nonsense differs, and could quote a secret that is nearly right.
            if _is_secret(name):
                raise _bad(name, should_be, "what was given") from None
            raise _bad(name, should_be, repr(text)) from error

    def whole(self, name: str, default: int) -> int:
        return self.read(name, _whole, "a whole number above zero", str(default))

    def seconds(self, name: str, default: float) -> float:
        return self.read(name, _seconds, "a number of seconds above zero", str(default))

    def port(self, name: str) -> int:
        return self.read(name, _port, "a port from 1 to 65535")

    def ports(self, name: str) -> list[int]:
        """Empty where the setting is not given."""
        return self.read(name, _ports, "ports with spaces between", "")

    def url(self, name: str) -> str:
        """The address of a web server, without a slash at its end."""
        return self.read(name, _url, "an address as https://host or http://host:port")

    def is_on(self, name: str) -> bool:
        """A switch; off where the setting is not given."""
        return self.read(name, _SWITCH.__getitem__, "on or off", "off")

    def with_values(self, **values: str) -> Settings:
        return Settings({**self.values, **values})

    @property
    def address(self) -> Address:
        return Address(
            host=self["postgres_host"],
            port=self.port("postgres_port"),
            secret=self.read("postgres_secret", _chance, _MADE_BY_CHANCE),
            prefix=self.get("postgres_prefix", "forfald"),
        )

    def shown(self) -> dict[str, str]:
        """The effective settings with secrets masked, for people."""
        return {
            name: "(set)" if _is_secret(name) else value
            for name, value in sorted(self.values.items())
        }


def _bad(name: str, should_be: str, given: str) -> BadSetting:
    return BadSetting(f"the setting {_PREFIX}{name.upper()} should be {should_be}, not {given}")


def _is_secret(name: str) -> bool:
    return any(word in name for word in _SECRET_WORDS)


def _content(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"the setting {variable} names {path}, which cannot be read") from error


def _chance(text: str) -> str:
    """Every role's password follows from it, and no rounds protect them: see `shared.scram`."""
    if len(text) < _CHANCE_LENGTH:
        raise ValueError("too short")
    return text


def _whole(text: str) -> int:
    return _above_zero(int(text))


def _seconds(text: str) -> float:
    return _above_zero(float(text))


def _above_zero(number: N) -> N:
    if not 0 < number < math.inf:
        raise ValueError("not above zero")
    return number


def _port(text: str) -> int:
    port = int(text)
    if port not in _PORTS:
        raise ValueError("no port")
    return port


def _ports(text: str) -> list[int]:
    return [_port(port) for port in text.split()]


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("no address")
    _ = parts.port  # refuses what is no port
    return text.rstrip("/")
