"""Account numbers as each country writes them: Danish, Swedish and Norwegian.

Only Norway has a public check digit for all banks. Swedish banks each have a rule of their own
(Bankgirot, "Bankernas kontonummer"); those are left out here, so a Swedish account that passes has
the length of one and no more.
"""

from __future__ import annotations

import re

from shared.references.check_digits import MINUS, is_digits, mod11
from shared.references.fault import Fault, FaultCode

DANISH_LENGTH = 14
SWEDISH_LENGTHS = range(11, 16)
"""Clearing number (4, Swedbank's 5) and account (7 to 10); the upper bound is unverified."""
NORWEGIAN_LENGTH = 11
_REGISTRATION = 4
_LONGEST_DANISH_ACCOUNT = 10


def danish(text: str) -> str | None:
    """Registration number and account as 14 digits: `3409 12400781` gives 34090012400781.

    None where it cannot be told which digits are the registration number, or there are too many: a
    guess would be another person's account.
    """
    groups = re.findall(r"[0-9]+", text)
    if re.fullmatch(r"[0-9\s./-]+", text) is None or not groups:
        return None
    if len(groups) > 1 and len(groups[0]) != _REGISTRATION:
        return None
    digits = "".join(groups)
    registration, account = digits[:_REGISTRATION], digits[_REGISTRATION:]
    if not account or len(account) > _LONGEST_DANISH_ACCOUNT:
        return None
    return registration + account.zfill(_LONGEST_DANISH_ACCOUNT)


def danish_faults(account: str) -> tuple[Fault, ...]:
    """What is wrong with a Danish account in its 14 digits; it has no public check digit."""
    if not is_digits(account):
        return (_characters("a registration number and an account number"),)
    if len(account) != DANISH_LENGTH:
        text = (
            f"an account is 4 digits of registration number and 10 of account, not {len(account)}"
        )
        return (Fault(FaultCode.ACCOUNT_LENGTH, "account", text, str(DANISH_LENGTH)),)
    return ()


def swedish_faults(account: str) -> tuple[Fault, ...]:
    """What is wrong with a clearing number and account run together."""
    if not is_digits(account):
        return (_characters("a clearing number and an account number"),)
    if len(account) not in SWEDISH_LENGTHS:
        text = f"clearing number and account have 11 to 15 digits together, not {len(account)}"
        return (Fault(FaultCode.ACCOUNT_LENGTH, "account", text, "11 to 15"),)
    return ()


def norwegian_faults(account: str) -> tuple[Fault, ...]:
    """What is wrong with a Norwegian account: 4 digits of bank, 6 of account, a modulus 11 digit.

    Where modulus 11 comes to ten there is no such account, and so no digit to expect.
    """
    if not is_digits(account):
        return (_characters("an account number"),)
    if len(account) != NORWEGIAN_LENGTH:
        text = f"a Norwegian account has {NORWEGIAN_LENGTH} digits, not {len(account)}"
        return (Fault(FaultCode.ACCOUNT_LENGTH, "account", text, str(NORWEGIAN_LENGTH)),)
    check = mod11(account[:-1])
    if check == MINUS:
        text = "no Norwegian account has these first ten digits"
        return (Fault(FaultCode.ACCOUNT_CHECK_DIGIT, "account", text),)
    if account[-1] != check:
        text = f"the account ends in {account[-1]}; its check digit is {check}"
        return (Fault(FaultCode.ACCOUNT_CHECK_DIGIT, "account", text, check),)
    return ()


def _characters(what: str) -> Fault:
    return Fault(FaultCode.ACCOUNT_CHARACTERS, "account", f"{what} has digits only")


def danish_shown(account: str) -> str:
    """34090012400781 as 3409 0012400781."""
    return f"{account[:_REGISTRATION]} {account[_REGISTRATION:]}"


def norwegian_shown(account: str) -> str:
    """86011117947 as 8601 11 17947."""
    return f"{account[:4]} {account[4:6]} {account[6:]}"
