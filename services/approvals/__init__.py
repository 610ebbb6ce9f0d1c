"""Approvals: who must say yes to a payment, and who has."""
