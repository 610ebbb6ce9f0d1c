"""What people see of payments: the list, one payment, and fragments for the front pages."""
