"""The JSON interface, one router per noun."""
