"""READ: own events become rows."""
