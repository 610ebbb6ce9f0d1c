"""The public language: who speaks it, in which tense, and what it never says in clear."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from forfald.events_document.contracts import contracts
from forfald.events_document.schemas import schema_of
from forfald.events_document.sources import tellers

# Past tense without -ed.
IRREGULAR = {
    "Sought", "Sent", "Held", "Read", "Found", "Withdrawn", "Paid", "Written", "Frozen", "Unfrozen",
    "Withheld",
}  # fmt: skip
# States, told as sentences when they have come about.
STATES = {
    "PaymentReady", "PaymentOutcomeUnknown", "LedgerNeedsConsent", "ReminderDue",
    "ReadyForCollection", "CaseOutcomeUnknown", "NoticeOutcomeUnknown",
}  # fmt: skip

# Words that name a person, say where one lives, or hold what somebody wrote.
PERSONAL = {
    "account", "address", "city", "comment", "email", "iban", "message", "name", "note", "phone",
    "reason", "street", "text",
}  # fmt: skip
IN_CLEAR = {
    "AgencyRegistered.name": "the registered name of an accountant's office",
    "BrandingChanged.city": "a company's letterhead, printed on each letter",
    "BrandingChanged.email": "a company's letterhead, printed on each letter",
    "BrandingChanged.phone": "a company's letterhead, printed on each letter",
    "BrandingChanged.street": "a company's letterhead, printed on each letter",
    "ClientAttached.name": "the registered name of a company",
    "LedgerAccessDenied.reason": "a code",
    "PaymentHeld.reason": "a code",
    "PaymentPostingSought.lines[].account": "an account's role in the ledger",
    "PaymentPostingSought.text": "a voucher's text, made of the payment's token and numbers",
    "PaymentUnblocked.reason": "a code",
    "SyncFailed.reason": "a code",
    "VoucherRefused.reason": "the ledger's own words about a voucher that we made, at most 500",
}

CONTRACTS = contracts()
by_name = pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.__name__)


def test_no_name_stands_for_two_events() -> None:
    names = [contract.__name__ for contract in CONTRACTS]
    assert len(names) == len(set(names))


def test_every_event_is_told_by_its_publisher_and_by_nobody_else() -> None:
    told = tellers()
    assert {c.__name__: told.get(c.__name__) for c in CONTRACTS} == {
        c.__name__: {c.publisher} for c in CONTRACTS
    }


@by_name
def test_an_event_has_happened(contract) -> None:
    words = set(re.findall(r"[A-Z][a-z]*", contract.__name__))
    past = words & IRREGULAR or any(word.endswith("ed") for word in words)
    assert past or contract.__name__ in STATES


@by_name
def test_nothing_personal_travels_in_clear(contract) -> None:
    assert {f"{contract.__name__}.{path}" for path in personal(schema_of(contract))} <= set(
        IN_CLEAR
    )


@by_name
def test_an_amount_is_never_a_fraction(contract) -> None:
    assert '"type": "number"' not in json.dumps(schema_of(contract))


def test_every_exception_is_still_needed() -> None:
    found = {
        f"{contract.__name__}.{path}"
        for contract in CONTRACTS
        for path in personal(schema_of(contract))
    }
    assert found == set(IN_CLEAR)
    assert {contract.__name__ for contract in CONTRACTS} >= STATES


def test_a_personal_word_in_clear_is_seen_wherever_it_stands() -> None:
    text, sealed = {"type": "string"}, {"$ref": "#/$defs/Sealed"}
    line = {"properties": {"payee_name": text, "minor": {"type": "integer"}}}
    schema = {
        "$defs": {"Sealed": {"properties": {"sealed": text}}, "Line": line},
        "properties": {
            "email": sealed,
            "home_address": {"anyOf": [text, {"type": "null"}]},
            "lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}},
            "texts": {"type": "array", "items": text},
        },
    }
    assert list(personal(schema)) == ["home_address", "lines[].payee_name", "texts[]"]


def personal(schema: dict[str, Any]) -> Iterator[str]:
    """Where text stands in clear under a name that speaks of a person."""
    for path in texts(schema, schema.get("$defs", {}), ""):
        words = path.rpartition(".")[2].removesuffix("[]").split("_")
        if any(word in PERSONAL or word.removesuffix("s") in PERSONAL for word in words):
            yield path


def texts(shape: dict[str, Any], definitions: dict[str, Any], path: str) -> Iterator[str]:
    shape = definitions[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape
    if shape.get("type") == "string" and not {"format", "enum", "const"} & shape.keys():
        yield path
    for field, inner in shape.get("properties", {}).items():
        yield from texts(inner, definitions, f"{path}.{field}" if path else field)
    for choice in shape.get("anyOf", []):
        yield from texts(choice, definitions, path)
    if "items" in shape:
        yield from texts(shape["items"], definitions, f"{path}[]")
