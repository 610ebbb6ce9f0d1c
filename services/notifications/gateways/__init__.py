"""One adapter per outside system, each behind a small port."""
