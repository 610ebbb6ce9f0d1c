"""Tables that are not derived from events: the links in mails."""
