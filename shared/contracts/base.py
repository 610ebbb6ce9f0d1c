"""What a contract is: an event that other services and downstream consumers may read.

    class PaymentReady(Contract, publisher="payments", aggregate="payment"):
        payment_id: UUID
        amount: Money

Its type is `forfald.payments.PaymentReady.v1`, its topic `forfald.payments.payment.v1`. Fields are
added, never renamed or retyped: that would be a new version. Readers ignore what they do not know.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

CONTRACTS: dict[str, type[Contract]] = {}


class Contract(BaseModel):
    """Ids and figures; names, addresses and texts only as sealed values or by reference."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", ser_json_bytes="base64", val_json_bytes="base64"
    )

    publisher: ClassVar[str]
    topic: ClassVar[str]
    type_name: ClassVar[str]

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__()
        if not keywords:
            return  # fields that several contracts share
        publisher, aggregate = keywords["publisher"], keywords["aggregate"]
        version = keywords.get("version", 1)
        cls.publisher = publisher
        cls.topic = f"forfald.{publisher}.{aggregate}.v1"
        cls.type_name = f"forfald.{publisher}.{cls.__name__}.v{version}"
        assert cls.type_name not in CONTRACTS, f"{cls.type_name} stands twice"
        CONTRACTS[cls.type_name] = cls

    def encoded(self) -> bytes:
        """The bytes that are published and kept: the same for the same values."""
        return self.model_dump_json().encode()
