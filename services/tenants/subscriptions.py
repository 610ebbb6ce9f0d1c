"""Others' events that are listened to here: none. Who is who follows from nobody else."""

from __future__ import annotations

from shared.stream.subscriptions import Subscriptions

subscriptions = Subscriptions("tenants")
