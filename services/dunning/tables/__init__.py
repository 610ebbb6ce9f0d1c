"""The read tables: those that guards and lists rest on (`standing.py`), and the facts of the reports."""
