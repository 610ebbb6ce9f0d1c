"""Tables that follow from no event."""
