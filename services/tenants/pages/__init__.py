"""The pages: sign-in, the front page, operations, and what somebody chooses for themselves."""
