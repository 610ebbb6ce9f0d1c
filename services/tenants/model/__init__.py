"""The rules: agency, client, membership."""
