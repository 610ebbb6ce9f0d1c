"""Ledgers in and out: open items and parties from accounting systems, vouchers back to them."""
