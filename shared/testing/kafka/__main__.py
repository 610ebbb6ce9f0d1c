"""`make kafka`: fetch Apache Kafka for the tests."""

from __future__ import annotations

import sys

from shared.testing.kafka.jars import KafkaUnavailable, fetch

try:
    sys.stdout.write(f"Kafka is in {fetch()}\n")
except KafkaUnavailable as missing:
    sys.exit(str(missing))
