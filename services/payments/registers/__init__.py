"""The one table that follows from no event: whose an account is that is paid from."""
