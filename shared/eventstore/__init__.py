"""Append, codec, chain, recorder and watermark: the store that every service writes to."""
