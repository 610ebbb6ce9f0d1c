"""Tables that follow from no event: what the links in mails lead to."""
