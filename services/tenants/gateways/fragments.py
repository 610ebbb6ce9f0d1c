"""What the other services show on a page of ours: each asked at once, each with a limit of its own.

`GET {service_url}/{service}/fragments/{page}` with a bearer for that service answers 200 with HTML,
or 204 where there is nothing for this person. Anything else, and anything late, is a gap: it is
named on the page, and the rest of the page stands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import httpx
import structlog
from markupsafe import Markup

from shared.http import trusted

_log = structlog.get_logger(__name__)
TIME_LIMIT_S: Final = 2.0
SIZE_LIMIT: Final = 262_144  # bytes


@dataclass(frozen=True, slots=True)
class Fragment:
    """`html` is None where there is a gap."""

    service: str
    html: Markup | None


class BadFragment(Exception):
    """An answer that is not a fragment."""


class Fragments:
    """`urls` are the services' base addresses by name; one without an address is not asked."""

    def __init__(self, urls: Mapping[str, str], time_limit_s: float = TIME_LIMIT_S) -> None:
        self._urls = dict(urls)
        self._time_limit_s = time_limit_s

    async def gather(
        self,
        services: Sequence[str],
        page: str,
        assertion: Callable[[str], str],
        language: str,
    ) -> list[Fragment]:
        """In the order of `services`; `assertion` makes the bearer for one of them."""
        asked = [service for service in services if service in self._urls]
        async with httpx.AsyncClient(verify=trusted(), trust_env=False) as client:
            found = await asyncio.gather(
                *(
                    self._fragment(
                        client,
                        service,
                        page,
                        {
                            "Authorization": f"Bearer {assertion(service)}",
                            "Accept": "text/html",
                            "Accept-Language": language,
                        },
                    )
                    for service in asked
                )
            )
        return [fragment for fragment in found if fragment is not None]

    async def _fragment(
        self, client: httpx.AsyncClient, service: str, page: str, headers: Mapping[str, str]
    ) -> Fragment | None:
        url = f"{self._urls[service]}/{service}/fragments/{page}"
        try:
            # The limit is on the whole answer: one that drips byte by byte is late too.
            async with asyncio.timeout(self._time_limit_s):
                html = await _fetched(client, url, headers)
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, BadFragment) as error:
            _log.warning("fragment missing", service=service, page=page, error=type(error).__name__)
            return Fragment(service, None)
        # What a service of the house has drawn is escaped already.
        return Fragment(service, Markup(html)) if html.strip() else None  # noqa: S704  see above


async def _fetched(client: httpx.AsyncClient, url: str, headers: Mapping[str, str]) -> str:
    async with client.stream("GET", url, headers=dict(headers)) as answer:
        if answer.status_code == httpx.codes.NO_CONTENT:
            return ""
        kind = answer.headers.get("content-type", "").partition(";")[0].strip()
        if answer.status_code != httpx.codes.OK or kind != "text/html":
            raise BadFragment(f"{answer.status_code} {kind}")
        body = bytearray()
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > SIZE_LIMIT:
                raise BadFragment("larger than any fragment")
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BadFragment("not UTF-8") from error
