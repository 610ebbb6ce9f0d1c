"""Static files under names that change with their content, so that browsers may keep them for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

_STATIC = Path(__file__).parent / "static"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
ROOT: Final = "/static/"


@dataclass(frozen=True, slots=True)
class Asset:
    published: str
    """The name with the first half of the content's SHA-256 in it: forfald.3f…a2.css."""
    media_type: str
    body: bytes


@cache
def assets() -> Mapping[str, Asset]:
    """Every static file by the name it has in the source."""
    return {path.name: _asset(path) for path in sorted(_STATIC.iterdir()) if path.suffix in _TYPES}


def _asset(path: Path) -> Asset:
    body = path.read_bytes()
    fingerprint = sha256(body).hexdigest()[:32]
    published = f"{path.stem}.{fingerprint}{path.suffix}"
    return Asset(published, _TYPES[path.suffix], body)


@cache
def published_assets() -> Mapping[str, Asset]:
    """Every static file by the name it is asked for under."""
    return {asset.published: asset for asset in assets().values()}


def asset_href(name: str) -> str:
    """Where a page finds a static file; an unknown name is a fault of the template."""
    return ROOT + assets()[name].published
