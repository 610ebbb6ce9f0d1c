"""A relay in a process of its own, which may die anywhere: until there is nothing to publish."""

from __future__ import annotations

import sys

from shared.stream.relay import Relay

if __name__ == "__main__":
    relay = Relay("purse", reader_dsn=sys.argv[1], servers=sys.argv[2])
    while relay.step():
        pass
    relay.close()
