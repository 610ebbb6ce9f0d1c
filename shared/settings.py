"""Settings of an installation, from the environment (`FORFALD_…`) or from mounted files.

A setting `FORFALD_X` may be given as `FORFALD_X_FILE`, the path of a file that holds it. Secrets
are shown masked and never written to logs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shared.provision import Address

_PREFIX: Final = "FORFALD_"
_SECRET_WORDS: Final = ("secret", "token", "private", "password")


class MissingSetting(LookupError):  # noqa: N818  says what is missing
    """A setting that the program cannot do without."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`values` are keyed in lower case without the prefix: `postgres_host`."""

    values: Mapping[str, str]

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Settings:
        values = {}
        for name, value in environment.items():
            if not name.startswith(_PREFIX):
                continue
            if name.endswith("_FILE"):
                # The file stands in for the value, under the name without its suffix.
                name, value = name.removesuffix("_FILE"), Path(value).read_text().strip()  # noqa: PLW2901
            values[name.removeprefix(_PREFIX).lower()] = value
        return cls(values)

    def __getitem__(self, name: str) -> str:
        if name not in self.values:
            raise MissingSetting(f"the setting {_PREFIX}{name.upper()} is missing")
        return self.values[name]

    def get(self, name: str, default: str) -> str:
        return self.values.get(name, default)

    def with_values(self, **values: str) -> Settings:
        return Settings({**self.values, **values})

    @property
    def address(self) -> Address:
        return Address(
            host=self["postgres_host"],
            port=int(self["postgres_port"]),
            secret=self["postgres_secret"],
            prefix=self.get("postgres_prefix", "forfald"),
        )

    def shown(self) -> dict[str, str]:
        """The effective settings with secrets masked, for people."""
        return {
            name: "(set)" if any(word in name for word in _SECRET_WORDS) else value
            for name, value in sorted(self.values.items())
        }
