"""The log of deliveries of one client, and how they stand for whoever looks after operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from services.notifications.desk import PAGE_LINES, READERS, Here, desk_of
from services.notifications.model.delivery import State
from services.notifications.pages.words import channel_words, occasion_words, reason_in_words
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Column, Link
from shared.ui.states import DELIVERY_STATES
from shared.web.frame import OPERATIONS, frame
from shared.web.identity import Identity
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope, tenant_scope

router = page_router()


def words(request: Request) -> Callable[[str], str]:
    gettext: Callable[[str], str] = translator(reader_of(request).language).gettext
    return gettext


@router.get("/notifications/{tenant_id}/messages")
def messages(
    request: Request,
    scope: Annotated[TenantScope, Depends(tenant_scope(*READERS))],
    desk: Here,
    after: UUID | None = None,
) -> str:
    """What was sent to whom, and what became of it."""
    gettext = words(request)
    shown = desk.messages(scope.tenant_id, after)
    full = len(shown) == PAGE_LINES
    return draw(
        request.app.state.pages,
        "messages.html",
        reader_of(request),
        page=frame(request, scope.identity, gettext("Messages"), tenant_id=scope.tenant_id),
        columns=[
            Column(gettext("Message")),
            Column(gettext("Reader")),
            Column(gettext("When")),
            Column(gettext("State"), "c-state"),
        ],
        messages=shown,
        occasions=occasion_words(gettext),
        channels=channel_words(gettext),
        reason=lambda code: reason_in_words(code, gettext),
        older=f"?after={shown[-1].line.delivery_id}" if full else "",
    )


def lately(request: Request, identity: Identity) -> str:
    """How the messages of the last week stand, over all companies that this person looks after."""
    tenants = identity.tenants_with(OPERATIONS)
    gettext, desk = words(request), desk_of(request)
    return draw(
        request.app.state.pages,
        "messages_part.html",
        reader_of(request),
        companies=[
            (
                Link(grant.company, f"/notifications/{grant.tenant_id}/messages"),
                ", ".join(
                    said(state, count, gettext)
                    for state, count in desk.counts((grant.tenant_id,)).items()
                    if count
                ),
            )
            for grant in identity.grants
            if grant.tenant_id in tenants
        ],
    )


def said(state: State, count: int, gettext: Callable[[str], str]) -> str:
    return f"{gettext(DELIVERY_STATES[state.value].word)} {count}"
