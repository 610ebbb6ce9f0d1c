"""What is asked for or told, each in one transaction: gathered, put to the rules, recorded."""
