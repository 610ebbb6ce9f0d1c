"""What these tests share with those that `make test` has time for."""

from __future__ import annotations

from tests.faults.conftest import here, places

__all__ = ["here", "places"]
