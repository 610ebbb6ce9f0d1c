"""What stands around every page: one navigation over all services, the switcher, the demo's clock.

A page about one client has its id in the path: `/payments/{tenant_id}/payables`. Links to other
services' pages are plain paths, since one web port routes them all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from fastapi import Request

from shared.ui.language import negotiate, translator
from shared.ui.parts import ClockStep, Company, DemoClock, NavEntry, NavGroup, Page, User
from shared.web.csrf import page_token
from shared.web.identity import Identity

BOOKKEEPER: Final = "bookkeeper"
APPROVER: Final = "approver"
OPERATIONS: Final = "operations"
ADMINISTRATOR: Final = "administrator"


def frame(
    request: Request, identity: Identity, title: str, *, tenant_id: UUID | None = None
) -> Page:
    """The page's surroundings for whoever is signed in; `title` is in their language already."""
    nav = _navigation(request, identity, tenant_id)
    return Page(
        title=title,
        user=User(identity.name, href="/me"),
        company=_company(request, identity, tenant_id),
        companies=_companies(request, identity, tenant_id, nav),
        nav=nav,
        clock=demo_clock(request),
        form_token=page_token(request),
    )


def demo_clock(request: Request) -> DemoClock | None:
    """The bar of a demonstration; None anywhere else."""
    if not getattr(request.app.state, "demo", False):
        return None
    gettext = _words(request)
    steps = [
        ClockStep("tonight", gettext("Tonight")),
        ClockStep("banking-day", gettext("Next banking day")),
        ClockStep("fifteen-days", gettext("Fifteen days on")),
    ]
    return DemoClock(request.app.state.business_clock.now(), "/demo/clock", steps, "/mailbox/")


def _company(request: Request, identity: Identity, tenant_id: UUID | None) -> str:
    gettext = _words(request)
    if tenant_id is None:
        return gettext("All companies")
    return next((g.company for g in identity.grants if g.tenant_id == tenant_id), "")


def _companies(
    request: Request, identity: Identity, tenant_id: UUID | None, nav: Sequence[NavGroup]
) -> list[Company]:
    """The switcher keeps to what is open in the navigation: one thing of a client is not another's."""
    if len(identity.grants) < 2:  # noqa: PLR2004  nothing to switch between
        return []
    here = str(tenant_id)
    entries = (entry for group in nav for entry in group.entries)
    open_now = next((one.href for one in entries if one.current and here in one.href), None)

    def place(client: UUID) -> str:
        return open_now.replace(here, str(client)) if open_now else f"/payments/{client}/payables"

    companies = [
        Company(grant.company, place(grant.tenant_id), current=grant.tenant_id == tenant_id)
        for grant in identity.grants
    ]
    everything = Company(_words(request)("All companies"), "/", current=tenant_id is None)
    return [everything, *companies]


def _navigation(request: Request, identity: Identity, tenant_id: UUID | None) -> list[NavGroup]:
    gettext = _words(request)
    client = tenant_id or next((g.tenant_id for g in identity.grants), None)
    roles = identity.roles_for(client) if client else frozenset()
    pay, follow, run = [], [], []
    if roles & {BOOKKEEPER, ADMINISTRATOR}:
        pay += [
            (gettext("Payables"), f"/payments/{client}/payables"),
            (gettext("E-invoices"), f"/sync/{client}/einvoices"),
        ]
        follow += [
            (gettext("Today’s reminders"), f"/dunning/{client}/reminders"),
            (gettext("Debtors"), f"/dunning/{client}/debtors"),
            (gettext("Timelines and charges"), f"/dunning/{client}/settings"),
            (gettext("Collection"), f"/collections/{client}/cases"),
            (gettext("Reports"), f"/dunning/{client}/reports"),
        ]
        run.append((gettext("Connections"), f"/sync/{client}/connection"))
    if identity.tenants_with(APPROVER):
        pay.append((gettext("Approvals"), "/approvals/"))
    if roles & {BOOKKEEPER, ADMINISTRATOR}:
        run.append((gettext("Approval rules"), f"/approvals/{client}/policy"))
        run.append((gettext("Messages"), f"/notifications/{client}/messages"))
    if identity.tenants_with(OPERATIONS):
        run.append((gettext("Operations"), "/operations"))
    groups = [
        ("", [(gettext("Today"), "/")]),
        (gettext("Pay"), pay),
        (gettext("Follow up"), follow),
        (gettext("Run"), run),
    ]
    return [
        NavGroup(title, [_entry(request, name, href) for name, href in entries])
        for title, entries in groups
        if entries
    ]


def _entry(request: Request, name: str, href: str) -> NavEntry:
    path = request.url.path
    return NavEntry(name, href, current=path == href or (href != "/" and path.startswith(href)))


def _words(request: Request) -> Callable[[str], str]:
    preferred: str | None = getattr(request.state, "language", None)
    return translator(negotiate(preferred, request.headers.get("accept-language"))).gettext
