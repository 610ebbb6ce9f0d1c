"""The outside world, as servers that speak the vendors' public interfaces."""
