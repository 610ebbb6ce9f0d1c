"""What is done outside: mails are sent and asked after, pushes are sent."""
