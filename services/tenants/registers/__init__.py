"""Tables that follow from no event: who signs in by which address, and who is signed in."""
