"""Reading a client's customers' ledger: what is told of it, when, and only on change."""

from __future__ import annotations

import json

import pytest

from tests.sync.sales import (
    DUE,
    KARIN,
    KLARUP,
    NORDVIK,
    VESTBY,
    item,
    minor,
    party,
    selling,
)


@pytest.fixture
def house(postgres_server):
    with selling(postgres_server) as house:
        yield house


@pytest.mark.capability("Y2")
@pytest.mark.capability("Y9")
@pytest.mark.capability("E11")
@pytest.mark.capability("E12")
def test_a_customers_invoice_is_told_with_everything_that_reminding_of_it_takes(house):
    house.open_sales()
    entry = house.sells("1250.00", number=1001, other="Sag 2026-114; Reg.nr. AB 12 345")
    house.sync_now()
    (booked,) = house.of_customers("InvoiceBooked")
    assert (booked["invoice_id"], booked["party_id"]) == (item(entry), str(party(KLARUP)))
    assert (booked["number"], booked["party_number"]) == ("1001", str(KLARUP))
    assert booked["gross"] == booked["remaining"] == booked["gross_in_base"] == minor("1250.00")
    assert (booked["issued_on"], booked["due_on"]) == ("2026-03-02", DUE.isoformat())
    assert (booked["due_basis"], booked["historical"]) == ("agreed", False)
    references = [(one["kind"], house.opened(one["value"])) for one in booked["references"]]
    assert references == [("case", "2026-114"), ("registration", "AB 12 345")]
    assert json.loads(house.opened(booked["account"]["sealed"])) == {
        "kind": "fik71",
        "account": "81234567",
        "reference": "000000000010017",
        "bic": None,
    }


@pytest.mark.capability("Y5")
def test_a_customer_is_told_with_its_card_sealed(house):
    house.open_sales()
    cards = {fields["number"]: fields for fields in house.of_customers("PartyChanged")}
    assert {number: (card["kind"], card["country"], card["language"], card["currency"])
            for number, card in cards.items()} == {
        str(KLARUP): ("company", "DK", "da", "DKK"),
        str(KARIN): ("person", "DK", "da", "DKK"),
        str(NORDVIK): ("company", "SE", "sv", "SEK"),
        str(VESTBY): ("company", "NO", "nb", "NOK"),
    }  # fmt: skip
    klarup = cards[str(KLARUP)]
    assert house.opened(klarup["name"]) == "Klarup Tømrer ApS"
    assert house.opened(klarup["mobile"]) == "+4520123456"
    assert house.opened(klarup["id_number"]) == "31884209"
    assert json.loads(house.opened(klarup["address"])) == {
        "street": "Havnegade 4",
        "postal_code": "9000",
        "city": "Aalborg",
        "country": "DK",
    }
    assert all(card["faults"] == [] for card in cards.values())


@pytest.mark.case("integrations", 1)
@pytest.mark.capability("Y4")
@pytest.mark.capability("Y11")
def test_a_customers_payment_settles_its_invoice_once_with_its_amount_and_days(house):
    house.open_sales()
    entry = house.sells("900.00")
    house.sync_now()
    payment = house.is_paid(entry, on="2026-03-05")
    house.later(days=4)
    house.sync_now()
    (paid,) = house.of_customers("LedgerPaymentBooked")
    assert (paid["amount"], paid["remaining"]) == (minor("900.00"), minor("0.00"))
    (matched,) = house.of_customers("ItemsMatched")
    assert (matched["item_id"], matched["remaining"]) == (item(entry), minor("0.00"))
    assert matched["allocations"] == [
        {
            "entry_id": item(payment),
            "kind": "payment",
            "amount": minor("900.00"),
            "value_on": "2026-03-05",
            "matched_on": "2026-03-05",
        }
    ]
