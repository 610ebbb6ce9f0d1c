"""How a company's letters show it: its logo and its own lines, changed by its administrators."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Depends, File, Form, Path, Request, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.tenants.desk import Here
from services.tenants.gateways.logos import BYTES_MAX
from services.tenants.model.words import ADMINISTRATOR
from services.tenants.pages.words import words
from services.tenants.values import Letterhead
from shared.decider import Rejected
from shared.ui.environment import draw
from shared.ui.parts import Field
from shared.web.frame import frame
from shared.web.problem import not_found
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope, tenant_scope

router = page_router("/tenants/{tenant_id}")
Administers = Annotated[TenantScope, Depends(tenant_scope(ADMINISTRATOR))]
Sha = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
Line = Annotated[str, Form(max_length=200)]


@router.get("/letterhead")
def letterhead(request: Request, scope: Administers, here: Here) -> str:
    return page(request, scope, here, here.directory.branding(scope.tenant_id).letterhead)


@router.post("/letterhead")
def change_letterhead(
    request: Request,
    scope: Administers,
    here: Here,
    street: Line = "",
    postal_code: Line = "",
    city: Line = "",
    company_number: Line = "",
    email: Line = "",
    phone: Line = "",
) -> Response:
    wanted = Letterhead(
        street=street,
        postal_code=postal_code,
        city=city,
        company_number=company_number,
        email=email,
        phone=phone,
    )
    try:
        here.administration.change_letterhead(scope.tenant_id, scope.identity.user_id, wanted)
    except Rejected as rejected:
        return refused(page(request, scope, here, wanted, rejected))
    return back(scope.tenant_id)


@router.post("/logo")
def change_logo(
    request: Request,
    scope: Administers,
    here: Here,
    logo: Annotated[UploadFile | None, File()] = None,
    act: Annotated[str, Form()] = "keep",
) -> Response:
    """A file as it was chosen, or none any more."""
    content = None if act == "remove" or logo is None else logo.file.read(BYTES_MAX + 1)
    try:
        here.administration.change_logo(scope.tenant_id, scope.identity.user_id, content)
    except Rejected as rejected:
        known = here.directory.branding(scope.tenant_id).letterhead
        return refused(page(request, scope, here, known, rejected))
    return back(scope.tenant_id)


@router.get("/logo/{sha}")
def logo_picture(scope: Administers, sha: Sha, here: Here) -> Response:
    found = here.directory.logo([scope.tenant_id], sha)
    if not found:
        raise not_found()
    return Response(found, media_type="image/png")


def page(
    request: Request,
    scope: TenantScope,
    here: Here,
    shown: Letterhead,
    rejected: Rejected | None = None,
) -> str:
    gettext, fault = words(request), rejected.field if rejected else None
    why = {
        "letterhead": gettext("A line has at most 80 printable characters and no web address."),
        "email": gettext("This is not one mail address."),
        "logo_too_large": gettext("A logo has at most 1 MB."),
        "logo_too_many_pixels": gettext("A logo has at most 16 million pixels."),
        "logo_tiny": gettext("A logo is at least 16 pixels high and wide."),
        "logo_animated": gettext("A logo does not move."),
        "logo_too_rich": gettext("This picture is too rich for a logo: use a plainer one."),
        "logo_not_an_image": gettext("This is no picture: a logo is a PNG, JPEG or WebP file."),
    }
    error = why.get(rejected.code, str(rejected)) if rejected else ""
    labels = {
        "street": gettext("Street"),
        "postal_code": gettext("Postal code"),
        "city": gettext("Town"),
        "company_number": gettext("Company number"),
        "email": gettext("Mail address"),
        "phone": gettext("Telephone"),
    }
    sha = here.directory.branding(scope.tenant_id).sha256
    own = f"/tenants/{scope.tenant_id}"
    return draw(
        request.app.state.pages,
        "letterhead.html",
        reader_of(request),
        page=frame(request, scope.identity, gettext("Letterhead"), tenant_id=scope.tenant_id),
        fields=[
            Field(
                name,
                label,
                value=getattr(shown, name),
                error=error if fault == name else "",
            )
            for name, label in labels.items()
        ],
        logo=f"{own}/logo/{sha}" if sha else "",
        logo_error=error if fault == "logo" else "",
        here=own,
    )


def refused(html: str) -> Response:
    return HTMLResponse(html, HTTPStatus.UNPROCESSABLE_ENTITY)


def back(tenant_id: UUID) -> Response:
    return RedirectResponse(f"/tenants/{tenant_id}/letterhead", HTTPStatus.SEE_OTHER)
