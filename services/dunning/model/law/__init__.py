"""The law as data: one file per country, read once, never changed while it is used."""
