"""The documents of the stream are what the code says, and what they say of it is true."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import jsonschema
import pytest
from aiokafka import ConsumerRecord

from forfald.events_document.contracts import contracts
from forfald.events_document.files import FOLDER, Incompatible, committed, expected, write
from forfald.events_document.headers import HEADERS, PLACE
from forfald.events_document.sources import readers, tellers
from shared.contracts.payments import PaymentExecuted
from shared.money import Money
from shared.stream.records import Envelope

STREAM = Path(__file__).parents[2] / "shared" / "stream"
ID = UUID("0193c1f0-0000-7000-8000-000000000001")
EXECUTED = PaymentExecuted(
    payment_id=ID, invoice_id=ID, amount=Money(125000, "DKK"), fee=None,
    executed_on=date(2026, 3, 10), bank_reference="B-1",
)  # fmt: skip
ENVELOPE = Envelope(
    event_id=ID, type_name=EXECUTED.type_name, source="/forfald/payments", subject=ID, tenant_id=ID,
    time=datetime(2026, 3, 10, 9, tzinfo=UTC), version=7, correlation_id=ID, causation_id=ID,
    actor="service:payments", effective_on=date(2026, 3, 10),
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)  # fmt: skip

# What an AsyncAPI 3.0.0 reader needs to find its way from a channel to a payload.
REFERENCE = {
    "type": "object",
    "required": ["$ref"],
    "additionalProperties": False,
    "properties": {"$ref": {"type": "string", "pattern": "^#/"}},
}
ASYNCAPI = {
    "type": "object",
    "required": ["asyncapi", "info", "channels", "operations", "components"],
    "properties": {
        "asyncapi": {"const": "3.0.0"},
        "info": {"type": "object", "required": ["title", "version", "license"]},
        "channels": {
            "minProperties": 1,
            "additionalProperties": {
                "required": ["address", "description", "messages", "bindings"],
                "properties": {
                    "messages": {"minProperties": 1, "additionalProperties": REFERENCE},
                    "bindings": {"properties": {"kafka": {
                        "required": ["partitions"], "properties": {"partitions": {"const": 12}},
                    }}},
                },
            },
        },
        "operations": {
            "minProperties": 1,
            "additionalProperties": {
                "required": ["action", "channel", "messages"],
                "properties": {
                    "action": {"const": "send"},
                    "channel": REFERENCE,
                    "messages": {"type": "array", "minItems": 1, "items": REFERENCE},
                },
            },
        },
        "components": {
            "required": ["messages", "messageTraits", "schemas"],
            "properties": {
                "messages": {"additionalProperties": {
                    "required": ["name", "payload", "traits", "bindings"],
                    "properties": {
                        "payload": REFERENCE, "traits": {"type": "array", "items": REFERENCE},
                    },
                }},
            },
        },
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def asyncapi():
    return json.loads((FOLDER / "asyncapi.json").read_text(encoding="utf-8"))


def test_the_committed_documents_are_what_the_code_says() -> None:
    stale = [
        name
        for name, text in expected().items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text(encoding="utf-8") != text
    ]
    assert not stale, "run `python -m forfald.events_document`"


def test_no_schema_is_left_of_an_event_that_is_gone() -> None:
    assert set(committed()) == {contract.type_name for contract in contracts()}


def test_every_schema_is_a_schema() -> None:
    for schema in committed().values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_a_published_event_fits_its_schema_and_an_incomplete_one_does_not() -> None:
    schema = committed()[EXECUTED.type_name]
    body = json.loads(EXECUTED.encoded())
    jsonschema.validate(body, schema)
    del body["amount"]
    with pytest.raises(jsonschema.ValidationError, match="'amount' is a required property"):
        jsonschema.validate(body, schema)


def test_the_asyncapi_document_has_the_shape_that_its_readers_need(asyncapi) -> None:
    jsonschema.validate(asyncapi, ASYNCAPI)


def test_every_reference_of_the_asyncapi_document_leads_somewhere(asyncapi) -> None:
    references = re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(asyncapi))
    assert references
    for reference in references:
        found = asyncapi
        for step in reference.split("/"):
            found = found[step]
        assert found


def test_every_event_travels_on_its_topic_and_is_sent_by_one_operation(asyncapi) -> None:
    sent = [
        (operation["channel"]["$ref"].rpartition("/")[2], message["$ref"].rpartition("/")[2])
        for operation in asyncapi["operations"].values()
        for message in operation["messages"]
    ]
    assert sorted(sent) == sorted((c.topic, c.type_name) for c in contracts())


def test_the_documented_headers_are_those_of_the_envelope() -> None:
    headers = ENVELOPE.headers()
    assert HEADERS["properties"].keys() == headers.keys() | PLACE.keys()
    place = {"forfald_source": "payments", "forfald_epoch": str(ID),
             "forfald_seq": "9", "forfald_prev_seq": "4"}  # fmt: skip
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.validate(headers | place, HEADERS, format_checker=checker)


def test_the_place_in_the_chain_is_written_under_the_documented_names() -> None:
    written = {
        name
        for path in STREAM.glob("*.py")
        for name in re.findall(r'"(forfald_\w+)"', path.read_text(encoding="utf-8"))
    }
    assert written == set(PLACE)


def test_handlers_and_publishers_are_found_by_name(tmp_path: Path) -> None:
    payments, approvals = tmp_path / "payments", tmp_path / "approvals"
    payments.mkdir()
    approvals.mkdir()
    (payments / "publications.py").write_text(
        "from shared.contracts import payments as told\nx = told.PaymentHeld(a=1)\n"
    )
    (approvals / "publications.py").write_text(
        "from shared.contracts.approvals import ApprovalGranted as Told\nfrom x import Other\n"
        "def f():\n    yield Told()\n    yield Other()\n"
    )
    (approvals / "subscriptions.py").write_text(
        "def hang(s):\n    def on_payment_held(event, work): ...\n    def helper(): ...\n"
    )
    assert tellers(tmp_path) == {"PaymentHeld": {"payments"}, "ApprovalGranted": {"approvals"}}
    assert readers(tmp_path) == {"payment_held": ["approvals"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "events"
    shutil.copytree(FOLDER, copy)
    return copy


def test_what_would_break_readers_is_not_written(folder: Path) -> None:
    path = folder / "schemas" / f"{EXECUTED.type_name}.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["properties"]["rate"] = {"type": "string"}
    path.write_text(json.dumps(schema), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(Incompatible, match=r"PaymentExecuted\.v1: rate is removed"):
        write(folder)
    assert path.read_bytes() == before


def test_a_missing_schema_is_written_and_nothing_else(folder: Path) -> None:
    (folder / "schemas" / f"{EXECUTED.type_name}.json").unlink()
    assert write(folder) == 1
    assert write(folder) == 0


def record(seq: int, prev_seq: int, type_name: str = EXECUTED.type_name) -> ConsumerRecord:
    headers = ENVELOPE.headers() | {"ce_type": type_name}
    headers |= {"forfald_seq": str(seq), "forfald_prev_seq": str(prev_seq)}
    return ConsumerRecord(
        EXECUTED.topic, 3, 0, 0, 0, str(ID).encode(), EXECUTED.encoded(), None, 0, 0,
        [(name, value.encode()) for name, value in headers.items()],
    )  # fmt: skip


@pytest.fixture
def take():
    """The reader of the page, as a reader of the page would run it."""
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    (sample,) = re.findall(r"```python\n(.+?)```", page, re.DOTALL)
    namespace = {"__name__": "sample"}
    exec(compile(sample, "docs/events/README.md", "exec"), namespace)
    return namespace["take"]


def test_the_reader_of_the_page_takes_each_record_once(take, capsys) -> None:
    for seq, prev_seq in [(4, 0), (9, 4), (4, 0), (9, 4)]:
        take(record(seq, prev_seq))
    assert capsys.readouterr().out == f"{ID} 125000 DKK\n" * 2


def test_the_reader_of_the_page_stops_at_a_gap_and_goes_on_once_it_is_filled(take, capsys) -> None:
    take(record(4, 0))
    with pytest.raises(LookupError, match="partition 3: a record after 4 is missing"):
        take(record(12, 9))
    take(record(9, 4))
    take(record(12, 9))
    assert capsys.readouterr().out.count("DKK") == 3


def test_the_reader_of_the_page_lets_unknown_events_pass(take, capsys) -> None:
    take(record(4, 0, "forfald.payments.SomethingNew.v1"))
    take(record(9, 4))
    assert capsys.readouterr().out.count("DKK") == 1
