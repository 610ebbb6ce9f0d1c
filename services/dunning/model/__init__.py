"""The rules, pure; one noun per file."""
