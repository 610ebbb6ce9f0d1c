"""The stream as one AsyncAPI 3.0.0 document: a channel per topic, a message per contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import models_json_schema

from forfald.events_document.contracts import says, spoken
from forfald.events_document.headers import HEADERS
from shared.contracts.base import Contract
from shared.stream.records import PARTITIONS

_BINDING = "0.5.0"
# What must stay in order together. A topic that is missing here is not documented, and fails.
KEYS = {
    "forfald.approvals.approval.v1": "the approval's request",
    "forfald.approvals.policy.v1": "the client whose policy it is",
    "forfald.collections.agency.v1": "the creditor's agreement with an agency",
    "forfald.collections.case.v1": "the debtor",
    "forfald.dunning.creditor.v1": "the creditor",
    "forfald.dunning.debtor.v1": "the debtor",
    "forfald.notifications.debtor.v1": "the debtor",
    "forfald.notifications.delivery.v1": "the recipient",
    "forfald.payments.approval.v1": "the approval's request",
    "forfald.payments.payment.v1": "the payment order",
    "forfald.sync.connection.v1": "the connection to the ledger",
    "forfald.sync.einvoice.v1": "the document",
    "forfald.sync.ledger.v1": "the party's account in the ledger",
    "forfald.sync.voucher.v1": "the posting that was asked for",
    "forfald.tenants.agency.v1": "the office",
    "forfald.tenants.client.v1": "the client",
    "forfald.tenants.user.v1": "the user",
}


def document(contracts: Iterable[type[Contract]], version: str) -> dict[str, Any]:
    """The document of these contracts; `version` is the product's."""
    contracts = list(contracts)
    topics: dict[str, list[type[Contract]]] = defaultdict(list)
    for contract in contracts:
        topics[contract.topic].append(contract)
    _, definitions = models_json_schema(
        [(contract, "validation") for contract in contracts],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Forfald events",
            "version": version,
            "description": (
                "What the services tell each other and whoever else listens. CloudEvents 1.0 in "
                "binary mode on Kafka; values are JSON; amounts are minor units with a currency; "
                "personal values are sealed. Fields are added and never change; readers ignore "
                "fields and types that they do not know."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {topic: _channel(topic, told) for topic, told in sorted(topics.items())},
        "operations": {
            f"{topic}.send": _operation(topic, told) for topic, told in sorted(topics.items())
        },
        "components": {
            "messages": {contract.type_name: _message(contract) for contract in contracts},
            "messageTraits": {"record": {"headers": HEADERS}},
            "schemas": definitions["$defs"],
        },
    }


def _channel(topic: str, contracts: Iterable[type[Contract]]) -> dict[str, Any]:
    return {
        "address": topic,
        "description": f"Records of one key stay in order. The key is {KEYS[topic]}.",
        "messages": {
            contract.type_name: {"$ref": f"#/components/messages/{contract.type_name}"}
            for contract in contracts
        },
        "bindings": {"kafka": {"partitions": PARTITIONS, "bindingVersion": _BINDING}},
    }


def _operation(topic: str, contracts: Iterable[type[Contract]]) -> dict[str, Any]:
    contracts = list(contracts)
    return {
        "action": "send",
        "summary": f"{contracts[0].publisher} tells, and nobody else does.",
        "channel": {"$ref": f"#/channels/{topic}"},
        "messages": [
            {"$ref": f"#/channels/{topic}/messages/{contract.type_name}"} for contract in contracts
        ],
        "tags": [{"name": contracts[0].publisher}],
    }


def _message(contract: type[Contract]) -> dict[str, Any]:
    return {
        "name": contract.type_name,
        "title": spoken(contract.__name__),
        "description": says(contract),
        "contentType": "application/json",
        "payload": {"$ref": f"#/components/schemas/{contract.__name__}"},
        "traits": [{"$ref": "#/components/messageTraits/record"}],
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": KEYS[contract.topic].capitalize()},
                "bindingVersion": _BINDING,
            }
        },
    }
