"""What people see of collections."""
