"""What stands in the way of handing an invoice over, by everything that is known outside its stream.

The same function answers for the list and for the last look at the instant of transfer, so that no
rule holds in one place only.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.collections.model.debtor import Debtor
from services.collections.values import Hold
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The debtor, and what the ledger says: `principal` is the least that anybody knows to be open,
    `unmatched` the payments and credit notes of the debtor that are set off against nothing. Charges
    are not known of what dunning has never called ready: then it has said itself why not.
    """

    debtor: Debtor
    principal: Money
    charges: Money | None
    unmatched: Money | None


def found(around: Surroundings) -> tuple[str, ...]:
    """The codes of what stands in the way."""
    codes: list[str] = []
    if around.debtor.frozen is not None:
        codes.append(around.debtor.frozen)
    if around.principal.minor <= 0 and around.charges is not None:
        only_charges = around.charges.minor > 0
        codes.append(Hold.ONLY_CHARGES_LEFT if only_charges else Hold.SETTLED)
    if around.unmatched is not None and around.unmatched.minor > 0:
        codes.append(Hold.UNMATCHED_ITEMS)
    if not around.debtor.can_be_found:
        codes.append(Hold.DEBTOR_UNKNOWN)
    return tuple(str(code) for code in codes)
