"""The rules of collections: pure, one noun per file."""
