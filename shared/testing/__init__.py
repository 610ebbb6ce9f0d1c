"""What the tests of every service share: servers that start quickly and end by themselves."""
