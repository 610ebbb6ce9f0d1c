"""The Kafka feed: joins the consumer's group, looks on while its member works, and leaves again."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiokafka.errors import KafkaError

from shared.stream.inbox import Inbox, Unavailable
from shared.stream.kafka_member import HEARTBEAT_MS, Member
from shared.stream.loop import LoopThread

_STEP_S = 5.0


class KafkaFeed:
    """Feeds one consumer's inbox from the topics that it listens to, as a member of its group."""

    def __init__(
        self, inbox: Inbox, servers: str, instance: str = "", heartbeat_ms: int = HEARTBEAT_MS
    ) -> None:
        """`instance` names this process among its like: after a death it has its partitions back
        at once, where a nameless one waits until the group has noticed (`kafka_member`).
        """
        self._inbox = inbox
        self._servers = servers
        self._instance = instance
        self._heartbeat_ms = heartbeat_ms
        self._loop: LoopThread | None = None
        self._member: Member | None = None
        self._seen = 0

    def step(self) -> bool:
        """Join, then wait until something was taken or nothing is left; true if anything was.

        The records come by themselves: this only looks on. Raises Unavailable to be tried again,
        and then joins anew.
        """
        if not self._inbox.subscriptions.topics:
            return False
        try:
            loop, member = self._joined()
            with suppress(TimeoutError):
                loop.call(asyncio.wait_for(member.moved_or_at_rest(self._seen), _STEP_S))
        except (KafkaError, OSError) as error:
            self.close()
            raise Unavailable(f"Kafka at {self._servers}: {error!r}") from error
        before, self._seen = self._seen, member.taken
        return self._seen > before

    def heard(self, source: str) -> None:
        """Records come by themselves: nobody need ring for them."""

    @property
    def partitions(self) -> frozenset[tuple[str, int]]:
        """The topics and partitions that the group has given to this member."""
        return frozenset() if self._member is None else frozenset(self._member.assignment)

    def _joined(self) -> tuple[LoopThread, Member]:
        if self._loop is None or self._member is None:
            self._loop = LoopThread(f"feed of {self._inbox.consumer}")
            self._member = Member(self._inbox, self._servers, self._instance, self._heartbeat_ms)
            self._seen = 0
            try:
                self._loop.call(self._member.start())
            except BaseException:
                self.close()
                raise
        return self._loop, self._member

    def close(self) -> None:
        """Finish the record at hand, leave the group, and tell it where the others go on."""
        loop, member = self._loop, self._member
        self._loop = self._member = None
        if loop is not None and member is not None:
            member.hurry()
            try:
                loop.call(member.stop())
            finally:
                loop.close()
