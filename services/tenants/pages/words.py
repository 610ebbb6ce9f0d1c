"""Words of this service's pages in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request

from services.tenants.model.words import ADMINISTRATOR, APPROVER, BOOKKEEPER, OPERATIONS
from shared.ui.language import translator
from shared.web.reading import reader_of


def words(request: Request) -> Callable[[str], str]:
    gettext: Callable[[str], str] = translator(reader_of(request).language).gettext
    return gettext


def role_words(request: Request) -> dict[str, str]:
    gettext = words(request)
    return {
        ADMINISTRATOR: gettext("Administrator"),
        APPROVER: gettext("Approver"),
        BOOKKEEPER: gettext("Bookkeeper"),
        OPERATIONS: gettext("Operator"),
    }


def service_words(request: Request) -> dict[str, str]:
    """What each service is called where its part of a page is missing."""
    gettext = words(request)
    return {
        "payments": gettext("Payables"),
        "dunning": gettext("Reminders"),
        "approvals": gettext("Approvals"),
        "sync": gettext("Connections"),
        "collections": gettext("Collection"),
        "notifications": gettext("Messages"),
        "tenants": gettext("Companies and people"),
    }
