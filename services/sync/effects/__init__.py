"""What is carried out in ledgers: reading them, fetching documents, posting, each exactly once."""
