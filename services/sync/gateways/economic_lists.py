"""Lists of e-conomic's, read to their end, for one agreement whose identity is checked first.

Lists are read by cursor or by number (`entryNumber$gt`), never by skipping pages, since a booking
between two pages would move the rest. Links in answers are not followed: addresses are built here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final, TypeVar

import msgspec

from services.sync.gateways import economic_records as records
from services.sync.gateways import economic_wire as wire
from services.sync.gateways.economic_filter import among
from services.sync.gateways.errors import Unreadable, WrongAgreement
from services.sync.gateways.ledger import Agreement, Document
from services.sync.gateways.transport import EconomicHttp

W = TypeVar("W")

REST_PAGE: Final = 1000


@dataclass(frozen=True, slots=True)
class EconomicSettings:
    """What a tenant chose at consent: the agreement, our own journal, each side's control accounts.

    Without `receivables_accounts` the customers' ledger is not read.
    """

    agreement: str
    journal: int
    payables_accounts: tuple[int, ...]
    receivables_accounts: tuple[int, ...] = ()


def read_agreement(http: EconomicHttp) -> Agreement:
    """Whose books the grant opens: asked at consent, before there is anything to compare with."""
    return records.agreement(wire.read(http.get_legacy("/self").body, wire.Self))


class EconomicLists:
    """Identity is checked before the first read; writers check it again before each write."""

    def __init__(self, http: EconomicHttp, settings: EconomicSettings) -> None:
        self.http = http
        self.settings = settings
        self._agreement: Agreement | None = None
        self._years: list[wire.AccountingYear] = []

    def probe(self) -> Agreement:
        # Forgotten first: after a mismatch nothing may be read on the strength of an older answer.
        self._agreement = None
        found = read_agreement(self.http)
        if found.identity != self.settings.agreement:
            raise WrongAgreement(self.settings.agreement, found.identity)
        self._agreement = found
        return found

    def known(self) -> Agreement:
        return self._agreement or self.probe()

    def page(
        self, path: str, filter_: str | None, cursor: str | int | None = None
    ) -> wire.CursorPage:
        self.known()
        asked = {"filter": filter_, "cursor": None if cursor is None else str(cursor)}
        query = {name: value for name, value in asked.items() if value is not None}
        return wire.read(self.http.get(path, query).body, wire.CursorPage)

    def walk(self, path: str, wanted: type[W], filter_: str | None = None) -> Iterator[W]:
        """Every row of a list, page by page."""
        seen: set[str | int] = set()
        page = self.page(path, filter_)
        while True:
            for row in page.items:
                yield wire.read(row, wanted)
            if page.cursor is None:
                return
            if page.cursor in seen:
                raise Unreadable("a cursor came back that has been read before")
            seen.add(page.cursor)
            page = self.page(path, filter_, page.cursor)

    def walk_of(
        self, path: str, wanted: type[W], field: str, numbers: Collection[int]
    ) -> Iterator[W]:
        """Every row of which the field is one of the numbers, some at a time."""
        for some in among(field, numbers):
            yield from self.walk(path, wanted, some)

    def collection(self, path: str, query: dict[str, str] | None = None) -> list[msgspec.Raw]:
        self.known()
        answer = self.http.get_legacy(path, query or {"pagesize": str(REST_PAGE)})
        return wire.read(answer.body, wire.Collection).collection

    def accounting_years(self) -> list[wire.AccountingYear]:
        rows = self.collection("/accounting-years")
        return [wire.read(row, wire.AccountingYear) for row in rows]

    def year_of(self, on: date) -> str:
        """The accounting year of a day: kept, and asked for anew when no known year holds it."""
        for ask in (False, True):
            if ask:
                self._years = self.accounting_years()
            for year in self._years:
                if wire.day(year.from_date) <= on <= wire.day(year.to_date):
                    return year.year
        raise Unreadable(f"no accounting year holds {on.isoformat()}")


def pdf(content: bytes, media_type: str, what: str) -> Document:
    """A document that is one: what else was answered is no copy of anything."""
    if not content.startswith(b"%PDF-"):
        raise Unreadable(f"{what} is not a PDF")
    return Document(content, media_type.partition(";")[0].strip(), sha256(content).hexdigest())


@contextmanager
def readable(what: str) -> Iterator[None]:
    """Turn what cannot be an amount or a day into the port's own error."""
    try:
        yield
    except (ValueError, ArithmeticError) as error:
        raise Unreadable(f"{what}: {error}") from error
