"""The servers that any test may ask for."""

from __future__ import annotations

pytest_plugins = ["shared.testing.kafka", "shared.testing.postgres"]
