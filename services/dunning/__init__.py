"""Dunning: customer invoices become paid: timelines, reminders, charges, the reports, the debtor's page."""
