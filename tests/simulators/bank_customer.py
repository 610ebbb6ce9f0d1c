"""A customer of the simulated bank, speaking the standard's JSON over a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid5

import httpx

from shared.testing.servers import serve
from tests.asking import program

DEBTOR = "DK5000400440116243"
NAMES = UUID(int=1)
CALLER = {
    "Authorization": "Bearer sesam",
    "PSU-IP-Address": "192.0.2.7",
    "Consent-ID": "consent-1",
}


class Customer:
    """Somebody who speaks the standard's JSON to the bank, over the wire."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.asked = 0

    def headers(self, request_id: str | None = None) -> dict[str, str]:
        self.asked += 1
        return {**CALLER, "X-Request-ID": str(uuid5(NAMES, request_id or f"call {self.asked}"))}

    def pay(self, *orders: tuple[str, str], on: str = "2026-12-01", request_id: str = "") -> Any:
        body = {
            "debtorAccount": {"iban": DEBTOR},
            "paymentInformationId": "M-1",
            "requestedExecutionDate": on,
            "payments": [order(*each) for each in orders],
        }
        path = "/v1/bulk-payments/domestic-credit-transfers"
        return self.client.post(path, json=body, headers=self.headers(request_id or None))

    def of(self, payment_id: str, what: str = "") -> str:
        return f"/v1/bulk-payments/domestic-credit-transfers/{payment_id}{what}"

    def statuses(self, payment_id: str) -> list[tuple[str, str, str | None]]:
        told = self.client.get(self.of(payment_id, "/status"), headers=self.headers()).json()
        return [
            (e["endToEndIdentification"], e["transactionStatus"], e.get("reasonCode"))
            for e in told["payments"]
        ]

    def group(self, payment_id: str) -> str:
        told = self.client.get(self.of(payment_id, "/status"), headers=self.headers()).json()
        return str(told["transactionStatus"])

    def cancel(self, payment_id: str) -> int:
        return int(self.client.delete(self.of(payment_id), headers=self.headers()).status_code)

    def lines(self, from_on: str = "2026-01-01", to_on: str = "2027-12-31") -> list[dict[str, Any]]:
        path = "/v1/accounts/account-0001/transactions"
        query = {"bookingStatus": "booked", "dateFrom": from_on, "dateTo": to_on}
        told = self.client.get(path, params=query, headers=self.headers()).json()
        return list(told["transactions"]["booked"])

    def book(self) -> dict[str, Any]:
        return dict(self.client.get("/control/book").json())


@contextmanager
def customer_of(app: Any) -> Iterator[Customer]:
    with serve(app) as base_url, program(base_url) as client:
        yield Customer(client)


def order(end_to_end_id: str, amount: str) -> dict[str, Any]:
    return {
        "endToEndIdentification": end_to_end_id,
        "instructedAmount": {"currency": "DKK", "amount": amount},
        "creditorName": "Nordhavn Møbler A/S",
        "creditorAccount": {"bban": "53010000123456"},
    }


def paid(customer: Customer, *orders: tuple[str, str], **more: str) -> str:
    answer = customer.pay(*orders, **more)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["paymentId"])
