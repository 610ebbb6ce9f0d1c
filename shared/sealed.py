"""A personal value as rules, events and contracts see it: whose it is, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Sealed:
    """A personal value that only a vault can open. `sealed` is base64 (nonce, then ciphertext)."""

    subject: UUID
    sealed: str

    def __str__(self) -> str:
        return "(sealed)"


class Erased(str):
    """What a sealed value opens as once its subject has been forgotten."""

    __slots__ = ()


ERASED: Final = Erased("(erased)")
