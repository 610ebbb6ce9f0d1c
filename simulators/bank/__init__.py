"""A bank with a ledger of its own, speaking the Berlin Group's NextGenPSD2 1.3.11.

It executes what it is asked to, twice if it is asked twice, and says so at `/control/book`: whoever
checks that nobody was paid twice asks the bank, not the one who paid.
"""
