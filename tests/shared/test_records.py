"""A key's partition, which is the same in every language and for ever; a record on Kafka's wire."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from aiokafka.partitioner import DefaultPartitioner, murmur2
from hypothesis import given
from hypothesis import strategies as st

from shared.stream import wire
from shared.stream.records import PARTITIONS, Malformed, Record, partition_of

RECORD = Record(
    source="purse", epoch=UUID(int=7), topic="t", partition=3, seq=42, prev_seq=17,
    key=b"key", headers={"ce_type": "x", "ce_actor": "user:Åse"}, body=b"\x00body", offset=99,
)  # fmt: skip
NAMES = ["forfald_source", "forfald_epoch", "forfald_seq", "forfald_prev_seq"]


# The vectors of Apache Kafka's own test of Utils.murmur2.
@pytest.mark.parametrize(
    ("key", "signed"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_the_hash_is_the_one_of_java(key: bytes, signed: int) -> None:
    assert murmur2(key) & 0xFFFFFFFF == signed % 2**32
    assert partition_of(key) == ((signed % 2**32) & 0x7FFFFFFF) % PARTITIONS


@given(st.binary(max_size=60))
def test_a_key_lands_where_a_client_that_knows_only_the_key_puts_it(key: bytes) -> None:
    partitions = list(range(PARTITIONS))
    assert partition_of(key) == DefaultPartitioner()(key, partitions, partitions)


def test_a_key_keeps_its_partition() -> None:
    keys = ["0197a2b4-0000-7000-8000-000000000001", "0197a2b4-0000-7000-8000-000000000002", ""]
    assert [partition_of(key.encode()) for key in keys] == [0, 4, 9]


def sent(record: Record) -> Record:
    return wire.record_of(
        record.topic, record.partition, record.offset, record.key, record.body,
        wire.headers_of(record),
    )  # fmt: skip


def test_a_record_comes_back_from_the_wire_as_it_was() -> None:
    assert sent(RECORD) == RECORD


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [None, b"", b"\xff", b"-1", b"9" * 19, b"9" * 5000, b"a\x00b"])
def test_a_message_without_a_place_in_a_chain_is_malformed(name: str, value: bytes | None) -> None:
    headers = [(n, value if n == name else v) for n, v in wire.headers_of(RECORD)]
    with pytest.raises(Malformed, match="place"):
        wire.record_of("t", 3, 99, b"key", b"", headers)
    with pytest.raises(Malformed, match="place"):
        wire.record_of("t", 3, 99, b"key", b"", [(n, v) for n, v in headers if n != name])


def test_what_is_not_text_is_kept_readable() -> None:
    headers = [*wire.headers_of(RECORD), ("ce_actor", b"user:\xff")]
    assert wire.record_of("t", 3, 99, None, None, headers) == replace(
        RECORD, key=b"", body=b"", headers={"ce_type": "x", "ce_actor": "user:\\xff"}
    )
