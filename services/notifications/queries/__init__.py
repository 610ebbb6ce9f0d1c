"""What is asked of the read tables: about messages to people, and about letters to debtors."""
