"""The outside as this service sees it: the fragments of the other services."""
