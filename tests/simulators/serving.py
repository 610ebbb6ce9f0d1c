"""A client of an ASGI application that runs on a free loopback port for the length of a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from shared.testing.servers import serve


@contextmanager
def serving(app: Any) -> Iterator[httpx.Client]:
    with serve(app) as url, httpx.Client(base_url=url, timeout=10, trust_env=False) as client:
        yield client
