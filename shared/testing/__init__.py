"""What tests of several services stand on; nothing here runs in production."""
