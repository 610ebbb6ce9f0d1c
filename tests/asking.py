"""A client for the servers of tests."""

from __future__ import annotations

import ssl
from typing import Any

import httpx


def program(base_url: str = "", **options: Any) -> httpx.Client:
    """The servers of tests speak without TLS, so the machine's certificates are not read for them."""
    nobody_trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.Client(base_url=base_url, trust_env=False, verify=nobody_trusted, **options)
