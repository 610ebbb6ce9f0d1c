"""The JSON API: reports come in and logs are read; letters' documents and texts; one's own devices."""

from __future__ import annotations

from services.notifications.api import letters, messages
from shared.web.routers import api_router

router = api_router("notifications")
router.routes.extend(messages.router.routes)
router.routes.extend(letters.router.routes)
