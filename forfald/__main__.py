"""`python -m forfald`: the same as `forfald`, where no scripts are installed."""

from __future__ import annotations

from forfald.cli import main

main()
