"""The JSON interface: what goes today and why not, one receivable explained, debtors and their settings.

Every POST that sends, gives up money or writes takes an `Idempotency-Key`.
"""
