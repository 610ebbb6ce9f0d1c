"""The reader of a page: language of the person or the browser, zone and day of the house."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from fastapi import Request

from shared.clock import Clock, day_of
from shared.ui.language import negotiate
from shared.ui.reader import Reader


def reader_of(request: Request, zone: ZoneInfo | None = None) -> Reader:
    """`zone` is the tenant's, where the page is about one tenant; else the house's.

    The language is the one chosen by the person, where one is signed in, else the browser's.
    """
    clock: Clock = request.app.state.business_clock
    chosen = zone or request.app.state.zone
    preferred: str | None = getattr(request.state, "language", None)
    language = negotiate(preferred, request.headers.get("accept-language"))
    return Reader(language, chosen, day_of(clock.now(), chosen))
