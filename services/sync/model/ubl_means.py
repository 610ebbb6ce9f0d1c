"""How a UBL document asks to be paid: each PaymentMeans read, ranked, and doubted where it must be.

Where things stand differs (Peppol BIS Billing 3 with its DK, NO and SE rules; OIOUBL 2.1):

    FIK, giro  DK Peppol: code 93 or 50, PaymentID ``71#`` + digits
               OIOUBL: DK:FIK or DK:GIRO, PaymentID the card type, InstructionID the digits
    account    DK: account and a branch of four digits; SE: branch SE:BANKGIRO or SE:PLUSGIRO;
               NO: eleven digits, KID in PaymentID
    IBAN       anywhere; a branch is then the BIC

Means are ranked FIK and giro, then account, then IBAN, and never merged: one chosen is a proposal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from services.sync.model.einvoice import Dialect, PaymentMeans, Road
from services.sync.model.ubl_path import Place, day
from shared.references.instruction import InstructionKind, PaymentInstruction, faults

MOST_MEANS: Final = 20

# UNCL 4461, as far as the three rule sets use it; any other code is not a transfer.
_TRANSFERS: Final = frozenset({"1", "30", "31", "42", "50", "56", "57", "58", "93"})
_DIRECT_DEBITS: Final = frozenset({"49", "59"})
_NEMKONTO: Final = "97"

_CARDS: Final = {
    "71": InstructionKind.FIK71,
    "73": InstructionKind.FIK73,
    "75": InstructionKind.FIK75,
    "01": InstructionKind.GIRO01,
    "04": InstructionKind.GIRO04,
    "15": InstructionKind.GIRO15,
}
_WITHOUT_REFERENCE: Final = frozenset({InstructionKind.FIK73, InstructionKind.GIRO01})
_SWEDISH_GIROS: Final = {
    "SE:BANKGIRO": InstructionKind.BANKGIRO,
    "SE:PLUSGIRO": InstructionKind.PLUSGIRO,
    # Discouraged by the Swedish rules, and still sent.
    "56": InstructionKind.BANKGIRO,
    "50": InstructionKind.PLUSGIRO,
}
_CARD: Final = re.compile(r"\+?(\d{2})(?:[#<](.*))?", re.ASCII)
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)
_REGISTRATION: Final = re.compile(r"\d{1,4}", re.ASCII)
_CLEARING: Final = re.compile(r"\d{4,5}", re.ASCII)
_DANISH_ACCOUNT: Final = re.compile(r"\d{14}", re.ASCII)
_STARTS_AS_IBAN: Final = re.compile(r"[A-Z]{2}.*", re.ASCII)
_RF: Final = re.compile(r"RF\d\d.+", re.ASCII)
_FINNISH: Final = re.compile(r"\d{4,20}", re.ASCII)
_KID: Final = re.compile(r"\d+-?", re.ASCII)
_OCR: Final = re.compile(r"\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a means is read against: who sells, under which rules, in which currency."""

    dialect: Dialect
    country: str
    currency: str

    @property
    def danish(self) -> bool:
        """Danish rails reach Greenland and the Faroe Islands too."""
        return self.dialect is Dialect.OIOUBL or self.country in {"DK", "FO", "GL"}


@dataclass(frozen=True, slots=True)
class _Offer:
    """The parts of one PaymentMeans that decide where the money goes."""

    code: str
    channel: str
    account: str | None
    branch: str
    credit_account: str | None
    payment_id: str | None
    instruction_id: str | None
    note: str | None


def payment_means(root: Place, setting: Setting) -> tuple[PaymentMeans, ...]:
    """The payment means of the document, in its order."""
    places = means_read(root)
    payers = frozenset(account for place in places if (account := _payers_account(place)))
    return tuple(_read(place, setting, payers) for place in places)


def means_read(root: Place) -> tuple[Place, ...]:
    """The payment means that are looked at: the first twenty, which is more than anybody offers."""
    return tuple(islice(root.all("cac:PaymentMeans"), MOST_MEANS))


def ranked(means: Sequence[PaymentMeans]) -> tuple[PaymentMeans, ...]:
    """The means that we could pay by, best first, each instruction once."""
    distinct: dict[PaymentInstruction, PaymentMeans] = {}
    for one in means:
        if one.instruction is not None:
            distinct.setdefault(one.instruction, one)
    return tuple(sorted(distinct.values(), key=_rank))


def _rank(means: PaymentMeans) -> int:
    assert means.instruction is not None, "only payable means are ranked"
    kind = means.instruction.kind
    if kind in _CARDS.values():
        return 0
    return 2 if kind is InstructionKind.IBAN else 1


def _read(place: Place, setting: Setting, payers: frozenset[str]) -> PaymentMeans:
    offer = _offer(place)
    road = _road(offer)
    account = offer.credit_account or offer.account
    theirs = (
        road is Road.DIRECT_DEBIT
        or (account is None and _payers_account(place) is not None)
        or account in payers
    )
    payable = road is Road.TRANSFER and not theirs
    instruction = _instruction(offer, setting) if payable else None
    due = place.value("cbc:PaymentDueDate")
    return PaymentMeans(
        source=place.path,
        code=offer.code,
        road=road,
        payers=theirs,
        account=account,
        instruction=instruction,
        text=_free_text(offer, instruction),
        due_on=day(due) if due else None,
    )


def _offer(place: Place) -> _Offer:
    payee = "cac:PayeeFinancialAccount"
    branch = f"{payee}/cac:FinancialInstitutionBranch"
    return _Offer(
        code=place.value("cbc:PaymentMeansCode") or "",
        channel=place.value("cbc:PaymentChannelCode") or "",
        account=_compact(place.value(f"{payee}/cbc:ID")),
        branch=(
            place.value(f"{branch}/cbc:ID", f"{branch}/cac:FinancialInstitution/cbc:ID") or ""
        ).upper(),
        credit_account=_compact(place.value("cac:CreditAccount/cbc:AccountID")),
        payment_id=place.value("cbc:PaymentID"),
        instruction_id=place.value("cbc:InstructionID"),
        note=place.value(f"{payee}/cbc:PaymentNote", "cbc:InstructionNote"),
    )


def _payers_account(place: Place) -> str | None:
    return _compact(
        place.value(
            "cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID",
            "cac:PayerFinancialAccount/cbc:ID",
        )
    )


def _road(offer: _Offer) -> Road:
    if offer.channel == "DK:NEMKONTO" or offer.code == _NEMKONTO:
        return Road.NEMKONTO
    if offer.code in _DIRECT_DEBITS:
        return Road.DIRECT_DEBIT
    return Road.TRANSFER if offer.code in _TRANSFERS else Road.OTHER


def _instruction(offer: _Offer, setting: Setting) -> PaymentInstruction | None:
    giro = _SWEDISH_GIROS.get(offer.branch) or (
        _SWEDISH_GIROS.get(offer.code) if setting.country == "SE" else None
    )
    if giro is not None:
        return _to_account(giro, offer.account, _matching(_OCR, offer.payment_id))
    if setting.danish and (offer.channel in {"DK:FIK", "DK:GIRO"} or offer.code in {"50", "93"}):
        return _by_card(offer)
    if offer.account is None:
        return None
    if (
        offer.channel == "IBAN"
        or offer.code == "58"
        or _STARTS_AS_IBAN.fullmatch(offer.account) is not None
    ):
        return _to_iban(offer.account, offer, setting)
    if setting.danish:
        return _to_account(InstructionKind.DK_ACCOUNT, _danish_account(offer), _rf(offer))
    if setting.country == "NO":
        kid = _matching(_KID, offer.payment_id)
        return _to_account(InstructionKind.NO_ACCOUNT, offer.account, kid)
    if setting.country == "SE":
        clearing = _matching(_CLEARING, offer.branch) or ""
        return _to_account(InstructionKind.SE_ACCOUNT, clearing + offer.account, None)
    return None


def _to_account(
    kind: InstructionKind, account: str | None, reference: str | None
) -> PaymentInstruction | None:
    return PaymentInstruction(kind, account, reference) if account else None


def _by_card(offer: _Offer) -> PaymentInstruction | None:
    """A Danish payment card: its type, its digits, and the creditor or giro number."""
    card = _CARD.fullmatch(_unspaced(offer.payment_id))
    kind = _CARDS.get(card[1]) if card else None
    if card is None or kind is None:
        return None
    account = offer.credit_account or offer.account
    digits = card[2] or _unspaced(offer.instruction_id) or None
    return _to_account(kind, account, None if kind in _WITHOUT_REFERENCE else digits)


def _to_iban(account: str, offer: _Offer, setting: Setting) -> PaymentInstruction:
    bic = _matching(_BIC, offer.branch)
    plain = PaymentInstruction(InstructionKind.IBAN, account, None, bic)
    if setting.currency == "NOK" and account.startswith("NO") and not faults(plain):
        # Norwegian kroner to Norway go by the domestic rail: only it carries a KID. The account
        # is the IBAN without its country and check digits.
        kid = _matching(_KID, offer.payment_id)
        return PaymentInstruction(InstructionKind.NO_ACCOUNT, account[4:], kid)
    reference = _rf(offer)
    if reference is None and account.startswith("FI"):
        reference = _matching(_FINNISH, offer.payment_id)
    return PaymentInstruction(InstructionKind.IBAN, account, reference, bic)


def _danish_account(offer: _Offer) -> str | None:
    """Registration number of four digits and account of ten; None where the first is missing."""
    assert offer.account is not None, "the caller has an account"
    registration = _matching(_REGISTRATION, offer.branch)
    if registration is not None:
        return registration.zfill(4) + offer.account.zfill(10)
    return offer.account if _DANISH_ACCOUNT.fullmatch(offer.account) else None


def _rf(offer: _Offer) -> str | None:
    return _matching(_RF, offer.payment_id)


def _free_text(offer: _Offer, instruction: PaymentInstruction | None) -> str | None:
    if instruction is None or instruction.reference is not None:
        return None
    return offer.note or (None if instruction.kind in _CARDS.values() else offer.payment_id)


def _matching(form: re.Pattern[str], value: str | None) -> str | None:
    written = _unspaced(value).upper()
    return written if form.fullmatch(written) else None


def _unspaced(value: str | None) -> str:
    return (value or "").replace(" ", "")


def _compact(value: str | None) -> str | None:
    """An account as digits and letters: people group them with blanks, points and hyphens."""
    return re.sub(r"[ .\-]", "", value).upper() or None if value else None
