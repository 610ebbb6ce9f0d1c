"""The questions asked of the read tables. Each is one tenant's, by parameter and by row security."""
