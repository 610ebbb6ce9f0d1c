"""What people see of dunning: today's reminders, one receivable, the debtors, reports, and fragments."""
