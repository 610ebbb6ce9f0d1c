"""Who pays: the client's account, its ways, and where it is at home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from services.payments.events.beside import PayerEvent, PayerLearnt, PayerSetUp
from services.payments.model.timing import DueDateRoll
from shared.decider import Decider, Rejected
from shared.sealed import Sealed

_CURRENCIES = {"DK": "DKK", "SE": "SEK", "NO": "NOK", "FI": "EUR"}
MAY_SET_UP = frozenset({"administrator", "bookkeeper"})


def payer_id_of(tenant_id: UUID) -> UUID:
    return uuid5(tenant_id, "payer")


@dataclass(frozen=True, slots=True)
class Payer:
    """A client. Until tenants has told of it, it is taken to be at home in Denmark.

    `accounts` are all that were ever paid from, by fingerprint: money is on its way from them, and
    may come back to them, after another has taken their place.
    """

    time_zone: str = "Europe/Copenhagen"
    country: str = "DK"
    debtor_account: Sealed | None = None
    fingerprint: str = ""
    accounts: Mapping[str, Sealed] = field(default_factory=dict)
    roll: DueDateRoll = DueDateRoll.PRECEDING
    in_transit: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def currency(self) -> str:
        """The currency that is paid without exchange."""
        return _CURRENCIES.get(self.country, "EUR")

    @property
    def account(self) -> Sealed:
        if self.debtor_account is None:
            raise Rejected("say first which account is paid from", code="payer_missing")
        return self.debtor_account


@dataclass(frozen=True, slots=True)
class LearnPayer:
    time_zone: str
    country: str


@dataclass(frozen=True, slots=True)
class SetUpPayer:
    """Which account is paid from. `in_transit` books orders through an account of their own until the
    bank's line is seen, for clients whose bank pools lines.
    """

    debtor_account: Sealed
    fingerprint: str
    last4: str
    set_up_by: UUID
    roles: frozenset[str]
    roll: DueDateRoll = DueDateRoll.PRECEDING
    in_transit: bool = False


def decide(command: LearnPayer | SetUpPayer, payer: Payer) -> Sequence[PayerEvent]:
    match command:
        case LearnPayer():
            if (payer.time_zone, payer.country) == (command.time_zone, command.country):
                return []
            return [PayerLearnt(command.time_zone, command.country)]
        case SetUpPayer():
            return set_up(command, payer)
        case _:
            assert_never(command)


def set_up(command: SetUpPayer, payer: Payer) -> Sequence[PayerEvent]:
    if not command.roles & MAY_SET_UP:
        raise Rejected("this takes an administrator or a bookkeeper", code="role_missing")
    same = (payer.fingerprint, payer.roll, payer.in_transit) == (
        command.fingerprint,
        command.roll,
        command.in_transit,
    )
    if same:
        return []
    return [
        PayerSetUp(
            debtor_account=command.debtor_account,
            fingerprint=command.fingerprint,
            last4=command.last4,
            roll=command.roll.value,
            in_transit=command.in_transit,
            set_up_by=command.set_up_by,
        )
    ]


def evolve(payer: Payer, event: PayerEvent) -> Payer:
    match event:
        case PayerLearnt():
            return replace(payer, time_zone=event.time_zone, country=event.country)
        case PayerSetUp():
            return replace(
                payer,
                debtor_account=event.debtor_account,
                fingerprint=event.fingerprint,
                accounts={**payer.accounts, event.fingerprint: event.debtor_account},
                roll=DueDateRoll(event.roll),
                in_transit=event.in_transit,
            )
        case _:
            assert_never(event)


PAYER: Decider[LearnPayer | SetUpPayer, Payer, PayerEvent] = Decider(decide, evolve, Payer())
