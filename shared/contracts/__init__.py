"""The public language: one file per publisher."""
