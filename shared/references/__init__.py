"""How a creditor is paid: accounts, references and their check digits."""
