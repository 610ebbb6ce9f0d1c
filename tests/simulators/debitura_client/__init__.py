"""The vendor's own client for Debitura's Customer API, in an environment of its own.

It wants an urllib3 that is older than the one that everything else here stands on.
"""
