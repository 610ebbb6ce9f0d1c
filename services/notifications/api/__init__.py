"""The JSON API: reports come in and logs are read; letters' documents and texts; one's own devices."""

from __future__ import annotations

from fastapi import APIRouter

from services.notifications.api import letters, messages

router = APIRouter()
router.include_router(messages.router)
router.include_router(letters.router)
