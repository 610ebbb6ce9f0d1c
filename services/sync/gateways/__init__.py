"""One adapter per accounting system, behind the port in `ledger`."""
