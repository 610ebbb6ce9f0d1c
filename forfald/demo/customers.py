"""What customers owe when the demonstration begins, and what they do as the days go by.

Not happy rows only: a consumer without an address that works, a payment that nobody has matched, a credit
note, an invoice in euro, one that is disputed, one below the minimum, and several that are paid while their
letters are on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from forfald.demo.outside_world import FJELLTOPP, FJORDVIG, SODERMALM


@dataclass(frozen=True, slots=True)
class Customer:
    """A card in the ledger. `identification` is an organisation's or a person's number."""

    number: int
    name: str
    street: str
    postal_code: str
    city: str
    country: str
    email: str | None
    identification: str | None = None
    currency: str | None = None

    @property
    def card(self) -> dict[str, Any]:
        said = {
            "number": self.number,
            "name": self.name,
            "address": self.street or None,
            "zip": self.postal_code or None,
            "city": self.city or None,
            "country": self.country,
            "email": self.email,
            "corporateIdentificationNumber": self.identification,
        }
        return said | ({"currency": self.currency} if self.currency else {})


@dataclass(frozen=True, slots=True)
class Sale:
    """`due` and `pays` in days from the first morning, negative before it; `terms` from issue to due.

    Paid on `pays` if that is given, `part` of it if that is. `other` is the customer's own reference.
    """

    customer: int
    number: int
    amount: str
    due: int
    terms: int = 14
    pays: int | None = None
    part: str | None = None
    currency: str | None = None
    other: str | None = None


CUSTOMERS: Final[dict[int, tuple[Customer, ...]]] = {
    FJORDVIG.agreement: (
        Customer(501, "Klarup Entreprise A/S", "Havnegade 12", "9000", "Aalborg", "Danmark",
                 "bogholderi@klarup.example", "31884209"),
        Customer(502, "Boligforeningen Solgården", "Solvej 4", "8000", "Aarhus C", "Danmark",
                 "regninger@solgaarden.example", "28371942"),
        Customer(503, "Jens Østergaard", "Lærkevej 7", "8600", "Silkeborg", "Danmark",
                 "jens@oestergaard.example", "0101701233"),
        Customer(504, "Mariane Holst", "", "", "", "Danmark", None, None),
        Customer(505, "Hafenbau Kiel GmbH", "Kaistraße 9", "24103", "Kiel", "Tyskland",
                 "rechnung@hafenbau.example", None, "EUR"),
        Customer(506, "Restaurant Kajen ApS", "Strandvejen 88", "2900", "Hellerup", "Danmark",
                 "kajen@kajen.example", "19204863"),
    ),
    SODERMALM.agreement: (
        Customer(601, "Kontorshuset i Nacka AB", "Fabriksvägen 3", "131 52", "Nacka", "Sverige",
                 "faktura@kontorshuset.example", "5560360793"),
        Customer(602, "Birgitta Åkesson", "Ringvägen 41", "118 67", "Stockholm", "Sverige",
                 "birgitta@akesson.example", "811218-9876"),
        Customer(603, "Hotell Vinterviken AB", "Vinterviksvägen 60", "117 65", "Stockholm",
                 "Sverige", "ekonomi@vinterviken.example", "5561034249"),
    ),
    FJELLTOPP.agreement: (
        Customer(701, "Lillehammer Skiskole AS", "Storgata 50", "2609", "Lillehammer", "Norge",
                 "post@skiskole.example", "923609016"),
        Customer(702, "Kari Nordmann", "Fjellveien 8", "5019", "Bergen", "Norge",
                 "kari@nordmann.example", "01017012356"),
        Customer(703, "Turbutikken Trondheim AS", "Nordre gate 15", "7011", "Trondheim", "Norge",
                 "faktura@turbutikken.example", "974760673"),
    ),
}  # fmt: skip

SALES: Final[dict[int, tuple[Sale, ...]]] = {
    FJORDVIG.agreement: (
        Sale(501, 30101, "48200.00", due=-40),
        Sale(501, 30117, "12640.00", due=-12),
        Sale(502, 30104, "92750.00", due=-33, pays=3, other="Sag: Solgården tag"),
        Sale(503, 30109, "6480.00", due=-21),
        Sale(503, 30121, "1250.00", due=9),
        Sale(504, 30098, "3875.00", due=-28),
        Sale(505, 30112, "7300.00", due=-18, currency="EUR"),
        Sale(506, 30115, "18900.00", due=-14),
        Sale(506, 30119, "45.00", due=-9),
        Sale(502, 30123, "27400.00", due=-5, pays=12),
        Sale(501, 30090, "33000.00", due=-75, pays=-52),
        Sale(502, 30088, "21500.00", due=-90, pays=-84),
    ),
    SODERMALM.agreement: (
        Sale(601, 8801, "64500.00", due=-24),
        Sale(602, 8804, "4990.00", due=-16, pays=8, part="2000.00"),
        Sale(603, 8807, "128000.00", due=-6, pays=5),
        Sale(601, 8810, "9800.00", due=11),
        Sale(603, 8795, "41000.00", due=-60, pays=-41),
    ),
    FJELLTOPP.agreement: (
        Sale(701, 5501, "23400.00", due=-30),
        Sale(702, 5504, "2890.00", due=-19, other="Ordre: 77120"),
        Sale(703, 5507, "56700.00", due=-8, pays=9),
        Sale(703, 5510, "12300.00", due=4),
        Sale(701, 5490, "15100.00", due=-70, pays=-49),
    ),
}

UNMATCHED: Final = (FJORDVIG.agreement, 506, "500.00", -3)
"""Money that came in and that nobody has matched: agreement, customer, amount, day."""
CREDITED: Final = (FJORDVIG.agreement, 503, 30109, "480.00", -10)
"""A credit note: agreement, customer, the invoice it takes back in part, amount, day."""
