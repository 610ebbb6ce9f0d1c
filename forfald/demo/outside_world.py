"""What stands in the outside world when the demonstration begins: bank accounts and ledgers.

Not happy rows only: a supplier whose account has changed, an invoice that arrives twice, one whose
reference is misprinted, one that was already put in a bank file, a bank that does not answer, and a
ledger that drifts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from forfald.levers import Levers
from shared.references.check_digits import luhn

if TYPE_CHECKING:
    from forfald.demo.customers import Sale


@dataclass(frozen=True, slots=True)
class Company:
    """A client as the outside world knows it: its agreement with e-conomic and its bank account.

    Who only has customers followed up pays from no account here.
    """

    name: str
    agreement: int
    grant: str
    vat_number: str
    bank_account: str = ""
    base_currency: str = "DKK"


FJORDVIG: Final = Company("Fjordvig Byg ApS", 1001, "grant-fjordvig", "31884207", "34090012400781")
NORDLYS: Final = Company("Nordlys Design ApS", 1002, "grant-nordlys", "28371940", "34090012400799")
HAVBLIK: Final = Company("Havblik Handel A/S", 1003, "grant-havblik", "19204857", "34090012400807")
COMPANIES: Final = (FJORDVIG, NORDLYS, HAVBLIK)
"""Those that pay suppliers."""
SODERMALM: Final = Company(
    "Södermalms Möbler AB", 1004, "grant-sodermalm", "556703748501", base_currency="SEK"
)
FJELLTOPP: Final = Company(
    "Fjelltopp Sport AS", 1005, "grant-fjelltopp", "914778271", base_currency="NOK"
)
CREDITORS: Final = (FJORDVIG, SODERMALM, FJELLTOPP)
"""Those whose customers are followed up."""
AGENCY_KEYS: Final = {company.agreement: f"agency-key-{company.agreement}" for company in CREDITORS}

# e-conomic's payment type numbers, as the simulator has them.
BANK, IBAN, FIK_71, FIK_73, FIK_75 = 1, 2, 3, 4, 5
SILENT_CREDITOR: Final = "88127451"
"""The bank takes orders to this creditor and does not answer."""


def fik(creditor: str, number: int) -> dict[str, Any]:
    """Payment details of a card-type-71 slip: fifteen digits, the last of them the check digit."""
    body = f"{number:014d}"
    return {
        "paymentTypeNumber": FIK_71,
        "creditorId": creditor,
        "creditorInvoiceId": body + luhn(body),
    }


def bank(account: str, message: str) -> dict[str, Any]:
    return {"paymentTypeNumber": BANK, "creditorId": account, "message": message}


@dataclass(frozen=True, slots=True)
class Invoice:
    """`due` in days from the beginning."""

    supplier: int
    number: str
    amount: str
    due: int
    payment: dict[str, Any] | None


SUPPLIERS: Final[dict[int, dict[int, tuple[str, str]]]] = {
    FJORDVIG.agreement: {
        10: ("Lindtoft Tømmerhandel A/S", "31884215"),
        11: ("Østjysk Stillads & Kranudlejning ApS", "30112233"),
        12: ("Grønlund & Søn VVS I/S", "29876543"),
        13: ("Kronborg Tagentreprise A/S", "27654321"),
        14: ("Midtjysk Energi Erhverv A/S", "26543210"),
        15: ("Revisionsfirmaet Holm", "25432109"),
        16: ("Fjordens Vask & Vinduespolering", "24321098"),
        17: ("Storebælt Truckservice ApS", "23210987"),
    },
    NORDLYS.agreement: {
        20: ("Papirhuset Aarhus ApS", "22109876"),
        21: ("Lyskilden Kontorlamper A/S", "21098765"),
        22: ("Trykkeriet Nord", "20987654"),
    },
    HAVBLIK.agreement: {
        30: ("Esbjerg Emballage A/S", "19876543"),
        31: ("Vestkystens Kølelager ApS", "18765432"),
        32: ("Jysk Palleudlejning", "17654321"),
    },
}
EARLIER: Final[dict[int, list[Invoice]]] = {
    FJORDVIG.agreement: [
        Invoice(13, "20-1101", "66100.00", 0, bank("54790001234567", "20-1101")),
        Invoice(11, "10044398", "12400.00", 0, fik("80882939", 10044398)),
    ],
    NORDLYS.agreement: [Invoice(20, "P-771", "3210.50", 0, fik("84112233", 771))],
    HAVBLIK.agreement: [],
}
"""Paid before the curtain rises, so that there is a last time to compare with."""


def _misprinted() -> dict[str, Any]:
    right = fik("80500606", 7719)
    last = (int(right["creditorInvoiceId"][-1]) + 1) % 10
    return {**right, "creditorInvoiceId": right["creditorInvoiceId"][:-1] + str(last)}


OPENING: Final[dict[int, list[Invoice]]] = {
    FJORDVIG.agreement: [
        Invoice(10, "2048311", "86240.00", 4, fik(SILENT_CREDITOR, 2048311)),
        Invoice(11, "10044512", "42318.75", 4, fik("80882939", 10044512)),
        Invoice(12, "882041", "7906.25", 3, bank("97120004561238", "882041")),
        # Not the account that was paid the last time.
        Invoice(13, "20-1184", "94500.00", 9, bank("61120009998887", "20-1184")),
        Invoice(14, "300718841", "9455.10", 9, fik("86991122", 300718841)),
        Invoice(14, "00300718841", "9455.10", 9, fik("86991122", 300718841)),
        Invoice(15, "2026-0117", "15000.00", 10, bank("30001234567890", "2026-0117")),
        Invoice(16, "322", "4375.00", 8, None),
        Invoice(17, "7719", "2268.00", 11, _misprinted()),
    ],
    NORDLYS.agreement: [
        Invoice(20, "P-802", "4180.00", 7, fik("84112233", 802)),
        Invoice(21, "LK-5521", "18600.00", 2, fik("83224466", 5521)),
        Invoice(22, "1190", "6200.00", 14, bank("87650004443332", "1190")),
    ],
    HAVBLIK.agreement: [
        Invoice(30, "E-44190", "27350.00", 5, fik("85667788", 44190)),
        Invoice(31, "99120", "61240.00", 12, bank("90400007776665", "99120")),
        Invoice(32, "J-310", "1875.00", 6, fik("87445566", 310)),
    ],
}
EXPORTED: Final = "2026-0117"
"""Was put into a bank file in the ledger before Forfald came."""


class OutsideWorld:
    """The levers of the simulators, over HTTP."""

    def __init__(self, bank_url: str, economic_url: str, agency_url: str = "") -> None:
        self._bank = Levers(bank_url)
        self._economic = Levers(economic_url)
        self._agency = Levers(agency_url) if agency_url else None

    def close(self) -> None:
        self._bank.close()
        self._economic.close()
        if self._agency is not None:
            self._agency.close()

    def open_accounts(self, token: str) -> None:
        for company in COMPANIES:
            self._bank.pull("/control/accounts", {
                "number": company.bank_account, "token": token,
                "balances": {"DKK": 500_000_00},
                "fee": {"minor": 2_50, "currency": "DKK"},
            })  # fmt: skip

    def open_ledgers(self, first_day: date) -> None:
        years = [date(year, 1, 1).isoformat() for year in (first_day.year - 1, first_day.year)]
        for company in dict.fromkeys((*COMPANIES, *CREDITORS)):
            self._economic.pull("/control/agreements", {
                "number": company.agreement, "grant": company.grant,
                "companyName": company.name, "vatNumber": company.vat_number,
                "baseCurrency": company.base_currency, "firstDays": years,
            })  # fmt: skip
            for number, (name, vat) in SUPPLIERS.get(company.agreement, {}).items():
                self._books(company.agreement, "suppliers", {
                    "number": number, "name": name, "vatNumber": vat})  # fmt: skip

    def sell(self, sales: Mapping[int, Sequence[Sale]], day: date) -> dict[int, int]:
        """Book customers' invoices around a first day, with who pays when; entries by number."""
        entries = {}
        for agreement, several in sales.items():
            for sale in sorted(several, key=lambda one: one.due):
                due_on = day + timedelta(days=sale.due)
                issued_on = due_on - timedelta(days=sale.terms)
                answer = self._books(agreement, "customer-invoices", {
                    "customer": sale.customer, "number": sale.number, "amount": sale.amount,
                    "bookedOn": issued_on.isoformat(), "dueOn": due_on.isoformat(),
                    "currency": sale.currency, "other": sale.other,
                    "enteredOn": issued_on.isoformat(),
                })  # fmt: skip
                entries[sale.number] = int(answer["entryNumber"])
                if sale.pays is not None:
                    self._books(agreement, "expected-payments", {
                        "entry": entries[sale.number], "amount": sale.part,
                        "day": (day + timedelta(days=sale.pays)).isoformat(),
                    })  # fmt: skip
        return entries

    def keep_cards(self, agreement: int, cards: Iterable[dict[str, Any]]) -> None:
        for card in cards:
            self._books(agreement, "customers", card)

    def pay_on_account(self, agreement: int, customer: int, amount: str, on: date) -> None:
        """Money that nobody matches with anything."""
        self._books(agreement, "customer-payments", {
            "customer": customer, "amount": amount, "bookedOn": on.isoformat(), "match": False,
        })  # fmt: skip

    def credit(
        self, agreement: int, customer: int, invoice: int, entry: int, amount: str, on: date
    ) -> None:
        """A credit note that names its invoice, set off against it."""
        answer = self._books(agreement, "customer-credit-notes", {
            "customer": customer, "amount": amount, "bookedOn": on.isoformat(),
            "credits": invoice,
        })  # fmt: skip
        pair = [entry, int(answer["entryNumber"])]
        self._books(agreement, "match", {"entries": pair, "bookedOn": on.isoformat()})

    def open_agency(self) -> None:
        """Each creditor is a client of the agency's, and has signed."""
        assert self._agency is not None, "no agency stands in this world"
        for company in CREDITORS:
            self._agency.pull("/control/creditors", {
                "creditor_id": str(company.agreement), "key": AGENCY_KEYS[company.agreement],
                "company": company.name,
            })  # fmt: skip

    def book(self, invoices: dict[int, list[Invoice]], on: date) -> dict[str, int]:
        """The entry numbers of what was booked, by invoice number."""
        return {
            invoice.number: self._book(agreement, invoice, on)
            for agreement, several in invoices.items()
            for invoice in several
        }

    def _book(self, agreement: int, invoice: Invoice, on: date) -> int:
        answer = self._books(agreement, "invoices", {
            "supplier": invoice.supplier, "number": invoice.number, "amount": invoice.amount,
            "bookedOn": on.isoformat(), "dueOn": (on + timedelta(days=invoice.due)).isoformat(),
            "payment": invoice.payment,
        })  # fmt: skip
        return int(answer["entryNumber"])

    def export_to_bank_file(self, agreement: int, entry: int) -> None:
        self._books(agreement, "export-to-bank-file", {"entry": entry})

    def drift(self, agreement: int, amount: str, on: date) -> None:
        self._books(agreement, "drift", {"amount": amount, "bookedOn": on.isoformat()})

    def let_the_bank_fall_silent(self, creditor: str) -> None:
        """The next message to this creditor is executed, and its answer never comes."""
        fault = {"kind": "timeout_after", "creditor_account": creditor, "times": 1}
        self._bank.pull("/control/faults", fault)

    def _books(self, agreement: int, action: str, body: dict[str, Any]) -> Any:
        return self._economic.pull(f"/control/{agreement}/{action}", body)
