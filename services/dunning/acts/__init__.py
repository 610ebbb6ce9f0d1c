"""What is done in one transaction: gathered, put to the rules, recorded."""
