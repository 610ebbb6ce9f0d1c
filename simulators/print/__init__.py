"""A print partner: letters are uploaded, made, sent, and now and then come back."""
