"""Ledgers and documents in and out: what an accounting system and an e-invoice say, and vouchers back."""
