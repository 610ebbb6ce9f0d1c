"""A consumer in a process of its own, which is to be killed: it joins its group, and stays."""

from __future__ import annotations

import sys
import threading

from shared.clock import SettableClock
from shared.database import Database
from shared.eventstore.mapper import EventMapper
from shared.stream.inbox import Inbox
from shared.stream.kafka import KafkaFeed
from shared.work import Rules
from tests.shared.feeding import START
from tests.shared.toy import CoinsCounted, subscriptions_of

if __name__ == "__main__":
    dsn, servers, consumer, instance = sys.argv[1:]
    rules = Rules(EventMapper(CoinsCounted))
    inbox = Inbox(subscriptions_of(consumer), rules, Database(dsn), SettableClock(START))
    feed = KafkaFeed(inbox, servers, instance)
    feed.step()
    sys.stdout.write("joined\n")
    sys.stdout.flush()
    threading.Event().wait()
