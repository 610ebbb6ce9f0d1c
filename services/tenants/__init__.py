"""Tenants: who is there, who may do what for which client, and who is signed in."""
