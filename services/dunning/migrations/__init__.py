"""Tables that are not derived from events."""
