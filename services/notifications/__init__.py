"""Documents and messages out through the right channel; replies in."""
