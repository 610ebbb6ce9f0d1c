"""A client of an ASGI application that runs on a free loopback port for the length of a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from shared.testing.servers import serve
from tests.asking import program


@contextmanager
def serving(app: Any) -> Iterator[httpx.Client]:
    with serve(app) as url, program(url, timeout=10) as client:
        yield client
