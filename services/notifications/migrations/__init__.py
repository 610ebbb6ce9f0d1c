"""Tables that are not derived from events: documents as sent, and turns."""
