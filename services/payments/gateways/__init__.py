"""The edge of payments: one adapter per kind of bank, behind one small port."""
