"""Supplier invoices become money at the bank, exactly once."""
