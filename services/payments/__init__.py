"""Supplier invoices become money at the bank: approved, scheduled, sent once, accounted for."""
