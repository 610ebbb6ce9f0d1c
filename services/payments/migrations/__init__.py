"""Tables that are not derived from events: whose an account is that is paid from."""
