"""What people see of messages: the log of deliveries, and its part of the operations page."""
