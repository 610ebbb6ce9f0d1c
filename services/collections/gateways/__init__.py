"""Collection agencies behind one port, and the vault that opens what they need to know."""
