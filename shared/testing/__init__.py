"""What tests of every service stand on: a world with a settable clock, and faults on demand."""
