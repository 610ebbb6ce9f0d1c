"""The rules of dunning, pure: one noun per file."""
