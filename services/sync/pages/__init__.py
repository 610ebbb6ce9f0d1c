"""What people see of sync: the inbox of e-invoices, documents, the connection to the ledger."""
