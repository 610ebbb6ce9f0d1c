"""The rules of sync: pure, no clock, no database, no broker, no framework."""
