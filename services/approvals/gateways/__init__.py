"""EDGE: the key that grants are signed with."""
