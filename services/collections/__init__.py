"""Collections: overdue cases handed to a collection agency, and what comes back."""
