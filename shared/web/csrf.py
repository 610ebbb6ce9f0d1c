"""Forms are answered only when they come from our own pages.

Three guards, each enough by itself in today's browsers: the session cookie is SameSite=Lax; the
request must say that it comes from this site (Sec-Fetch-Site, else Origin); and it carries a token
made from the session. The JSON API needs none of them: no cookie opens it.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import Response

from shared.web.doorkeeper import SESSION_COOKIE
from shared.web.problem import FOREIGN_FORM, Problem

FORM_FIELD: Final = "form_token"
FORM_HEADER: Final = "x-form-token"
_SAFE: Final = {"GET", "HEAD", "OPTIONS"}
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


def form_token(session: str) -> str:
    """The token for the forms of a session: an HMAC under the session's own secret.

    The session is 256 random bits that only the browser and we know, so no further secret has to
    be shared between the services, and the token on a page does not give the session away.
    """
    made = hmac.new(session.encode(), b"forfald form token 1", sha256).digest()
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def page_token(request: Request) -> str:
    """The token for the page that answers this request; empty for somebody without a session."""
    session = request.cookies.get(SESSION_COOKIE, "")
    return form_token(session) if session else ""


def start_session(response: Response, session: str, *, https: bool, seconds: int) -> None:
    response.set_cookie(
        SESSION_COOKIE,
        session,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=https,
    )


def end_session(response: Response) -> None:
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")


async def own_form(request: Request) -> None:
    """Dependency of every page route: a request that changes something comes from our own form."""
    if request.method in _SAFE:
        return
    session = request.cookies.get(SESSION_COOKIE, "")
    if not session and "authorization" in request.headers:
        return  # A bearer is never sent by a browser on its own.
    if not _from_this_site(request):
        raise Problem(FOREIGN_FORM, "Open the page again from this site and send it once more.")
    if session and not hmac.compare_digest(
        (await _sent_token(request)).encode(errors="replace"), form_token(session).encode()
    ):
        raise Problem(FOREIGN_FORM, "The page is from an earlier session. Open it again.")


def _from_this_site(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is None and origin is None:
        return False
    if site not in {None, "same-origin"}:
        return False
    # Only the host is compared: behind an ingress that ends TLS the scheme here is another one.
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


async def _sent_token(request: Request) -> str:
    if (header := request.headers.get(FORM_HEADER)) is not None:
        return header
    if not request.headers.get("content-type", "").startswith(_FORMS):
        return ""
    form: FormData = await request.form()
    sent = form.get(FORM_FIELD)
    return sent if isinstance(sent, str) else ""
