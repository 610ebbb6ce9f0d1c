"""The rules of payments, pure: one noun per file."""
