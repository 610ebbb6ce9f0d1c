"""All invariants of an installation, asked at once."""

from __future__ import annotations

from collections.abc import Sequence

from forfald.house import SERVICES, builder
from forfald.verify import facts as checking
from forfald.verify.invariants import INVARIANTS, Checked
from forfald.verify.outside import OUTSIDE
from forfald.verify.receivables import RECEIVABLES
from shared.projecting.rebuild import differences
from shared.service import Surroundings


def check(
    surroundings: Surroundings, *, shadow: bool, services: Sequence[str] = SERVICES
) -> list[Checked]:
    """Every invariant's answer; with `shadow`, read tables are also compared with the log (I6)."""
    settings = surroundings.settings
    # A real print partner's address stands under the same name, and shows nobody its books.
    is_simulated = "mailbox_url" in settings
    found = checking.read(
        surroundings.address,
        services,
        bank_url=settings.get("bank_url"),
        economic_url=settings.get("economic_url"),
        mailbox_url=settings.get("mailbox_url"),
        print_url=settings.get("print_url") if is_simulated else "",
        agency_url=settings.get("agency_url"),
        now=surroundings.clock.now(),
    )
    answers = [invariant(found) for invariant in (*INVARIANTS, *OUTSIDE, *RECEIVABLES)]
    asked = [*answers, read_tables(surroundings, services)] if shadow else answers
    return sorted(asked, key=_in_the_order_of_the_page)


def _in_the_order_of_the_page(answer: Checked) -> tuple[int, str]:
    """I3b comes after I3, and I11 after I6."""
    return int(answer.number.strip("Ibc")), answer.number


def read_tables(surroundings: Surroundings, services: Sequence[str]) -> Checked:
    """I6: what the services' read tables hold is what their logs add up to."""
    damage: list[str] = []
    tables = 0
    for name in services:
        built = builder(name)(surroundings)
        tables += len(built.read.tables)
        damage += [
            f"{name}.{difference.table}: a row only in the {difference.where}"
            for difference in differences(surroundings.address.dsn(name, "owner"), built)
        ]
    return Checked("I6", "read tables are what the log says", tables, "tables", tuple(damage))
