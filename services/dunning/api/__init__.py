"""The JSON interface of dunning."""
