"""The one collection of dunning's read tables."""

from __future__ import annotations

from shared.projecting.read_schema import metadata

read = metadata()
