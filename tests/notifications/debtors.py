"""A debtor of the town's client, and letters to them as dunning issues them."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pikepdf

from shared.contracts.dunning import (
    CollectionWarningIssued,
    NoticeCharge,
    NoticeLine,
    NoticeRecalled,
    ReminderIssued,
    StatementIssued,
)
from shared.contracts.notifications import NoticeFailed, NoticeSent
from shared.contracts.sync import PartyChanged
from shared.contracts.values import Copy, Fault, SealedAccount
from shared.money import Money
from shared.references.instruction import InstructionKind, PaymentInstruction
from tests.notifications.outside import Town

FIK = PaymentInstruction(InstructionKind.FIK71, "80882939", "026840149965328")
ADDRESS = {
    "street": "Strandvejen 4, 2. tv.",
    "postal_code": "2900",
    "city": "Hellerup",
    "country": "DK",
}


class Debtor:
    """A customer whom the ledger knows with these ways to reach them."""

    def __init__(
        self,
        town: Town,
        *,
        email: str = "",
        address: bool = False,
        country: str = "DK",
        kind: Any = "company",
        faults: tuple[Fault, ...] = (),
    ) -> None:
        self.town = town
        self.id = uuid4()
        self.country = country
        self.kind = kind
        self.told(email=email, address=address, faults=faults)

    def told(
        self, *, email: str = "", address: bool = False, faults: tuple[Fault, ...] = ()
    ) -> None:
        """The ledger tells how to reach them."""
        seal = self.town.seal
        self.town.happen(
            PartyChanged(
                party_id=self.id,
                side="receivable",
                number="10482",
                name=seal(self.id, "Søren Ærø-Kjærgaard"),
                blocked=False,
                kind=self.kind,
                country=self.country,
                language="da",
                currency="DKK",
                email=seal(self.id, email) if email else None,
                address=seal(self.id, json.dumps(ADDRESS)) if address else None,
                faults=faults,
            )
        )

    def facts(self, **more: Any) -> dict[str, Any]:
        """What every letter of this debtor says, issued today."""
        today = self.today
        invoice_id, fee = uuid4(), Money(10_000, "DKK")
        line = NoticeLine(
            invoice_id=invoice_id,
            number="F-2026-1042",
            issued_on=date(2026, 1, 26),
            due_on=date(2026, 2, 9),
            gross=Money(1_250_000, "DKK"),
            principal=Money(1_250_000, "DKK"),
            charges=fee,
            account=SealedAccount(
                "fik71",
                "f",
                "2939",
                self.town.seal(self.id, msgspec.json.encode(FIK).decode()),
            ),
            copy_of=more.pop("copy_of", None),
        )
        charge = NoticeCharge(uuid4(), invoice_id, "fee", fee, "dk.fee", "renteloven § 9 b")
        return {
            "notice_id": uuid4(),
            "debtor_id": self.id,
            "level": 1,
            "language": "da",
            "currency": "DKK",
            "issued_on": today,
            "valid_through_on": today,
            "lines": (line,),
            "charges": (charge,),
            "total": Money(1_260_000, "DKK"),
            "channels": ("mail", "letter"),
            "copies": "embedded",
            "portal": self.town.seal(self.id, "/d/9wXk2mQ0vT5r"),
            **more,
        }

    @property
    def today(self) -> date:
        now: datetime = self.town.world.clock.now()
        return (now + timedelta(hours=1)).date()

    def reminder(self, **more: Any) -> ReminderIssued:
        facts = self.facts(**more)
        return ReminderIssued(**facts, pay_by_on=facts["issued_on"] + timedelta(days=14))

    def warning(self, **more: Any) -> CollectionWarningIssued:
        facts = self.facts(**more)
        deadline_on = facts["issued_on"] + timedelta(days=14)
        return CollectionWarningIssued(**facts, deadline_on=deadline_on, law="inkassoloven § 10")

    def statement(self, **more: Any) -> StatementIssued:
        return StatementIssued(**self.facts(charges=(), **more))

    def recalls(self, notice_id: UUID) -> NoticeRecalled:
        return NoticeRecalled(notice_id=notice_id, debtor_id=self.id, code="paid")

    def sent(self, notice_id: UUID) -> list[tuple[str, int]]:
        """By which channels it was told to be sent, each with the number of its delivery."""
        return [
            (one.channel, one.delivery)
            for one in self.town.published(NoticeSent)
            if one.notice_id == notice_id
        ]

    def failed(self, notice_id: UUID) -> list[tuple[str, bool]]:
        return [
            (one.code, one.was_sent)
            for one in self.town.published(NoticeFailed)
            if one.notice_id == notice_id
        ]


def mails_to(town: Town, email: str) -> list[Message]:
    found = town.pages.get("/control/mails", params={"to": email}).json()
    return [
        message_from_bytes(town.pages.get(f"/mails/{mail['number']}/raw").content)
        for mail in reversed(found)
    ]


def letter_in(mail: Message) -> bytes:
    """The attached letter's bytes."""
    for part in mail.walk():
        if part.get_content_type() == "application/pdf":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content
    raise AssertionError("no letter is attached")


def opened(letter: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(letter))


def kept_by_sync(town: Town, content: bytes) -> Copy:
    """A copy that sync has."""
    town.copies[sha256(content).hexdigest()] = content
    return Copy(sha256(content).hexdigest(), "application/pdf", len(content))
