"""The approver's page, the link that leads there, and the rules of a client."""

from __future__ import annotations

from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
