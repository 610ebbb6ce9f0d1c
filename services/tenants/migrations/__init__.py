"""Tables that are not derived from events: the register of people, and their sessions."""
