"""What these tests share with those that `make test` has time for."""

from __future__ import annotations

from tests.faults.conftest import followed_places, here, office, places

__all__ = ["followed_places", "here", "office", "places"]
