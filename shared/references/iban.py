"""IBAN (ISO 13616) and BIC (ISO 9362), by the registry that schwifty carries."""

from __future__ import annotations

from schwifty import BIC, IBAN
from schwifty.exceptions import (
    InvalidChecksumDigits,
    InvalidCountryCode,
    InvalidLength,
    SchwiftyException,
)

from shared.references.check_digits import mod97
from shared.references.fault import Fault, FaultCode


def iban_faults(iban: str) -> tuple[Fault, ...]:
    """What is wrong with an IBAN, written in capitals and without spaces.

    A country's own check digits inside it are not looked at: the IBAN's two cover them, and banks
    with numbers from before their country's rule do exist.
    """
    if not (iban.isascii() and iban.isalnum() and iban == iban.upper()):
        text = "an IBAN has capitals A to Z and digits only"
        return (Fault(FaultCode.INVALID_IBAN, "account", text),)
    try:
        IBAN(iban)
    except InvalidChecksumDigits:
        expected = mod97(iban[4:] + iban[:2])
        text = f"the check digits are {iban[2:4]}; they should be {expected}"
        return (Fault(FaultCode.INVALID_IBAN, "account", text, expected),)
    except SchwiftyException as error:
        return (Fault(FaultCode.INVALID_IBAN, "account", _reason(iban, error)),)
    return ()


def _reason(iban: str, error: SchwiftyException) -> str:
    match error:
        case InvalidCountryCode():
            return f"no country that has IBANs has the code {iban[:2]!r}"
        case InvalidLength():
            return f"an IBAN of {iban[:2]} does not have {len(iban)} characters"
        case _:
            return "this is not an IBAN"


def bic_faults(bic: str) -> tuple[Fault, ...]:
    """What is wrong with a BIC, written in capitals and without spaces."""
    try:
        wrong = BIC(bic) != bic
    except SchwiftyException:
        wrong = True
    if wrong:
        text = "a BIC has 8 or 11 characters: bank, country, place and perhaps branch"
        return (Fault(FaultCode.INVALID_BIC, "bic", text),)
    return ()


def iban_shown(iban: str) -> str:
    """DK5000400440116243 as DK50 0040 0440 1162 43."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
