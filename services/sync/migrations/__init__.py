"""Tables that are not derived from events: the documents that are kept."""
