"""The races of tests/shared at sizes that take long: `make soak`."""
