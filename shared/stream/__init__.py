"""Between services: outbox, relay and feeds on the way out, the inbox on the way in."""
