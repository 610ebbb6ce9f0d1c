"""What people see of dunning: today's reminders, one receivable, the debtors, and fragments."""
