"""The demonstration: everything on one machine, with a clock that can be moved and a kill button."""
