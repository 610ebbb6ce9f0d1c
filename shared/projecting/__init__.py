"""From events to read tables: projections, their runner, rebuilds and waiting for a position."""
