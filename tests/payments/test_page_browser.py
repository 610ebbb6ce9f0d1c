"""The payment pages in Chromium: on a phone and a desk, light and dark, with script and without."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.payments import office as desk
from services.payments.gateways.bank import OutcomeUnknown
from shared.contracts.values import Copy, Fault
from shared.references.instruction import InstructionKind, PaymentInstruction
from shared.testing.browser import CHROMIUM
from tests.payments.office_of_anna import FIK, dkk
from tests.payments.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}"),
]
LONG = "Fjordens Vask & Vinduespolering v/ Jens-Christian Østergaard Mikkelsen"
COPY = Copy("c" * 64, "application/pdf", 8400)
RELEASE_AT = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)


def busy_office(site: Site) -> dict[str, UUID]:
    """One payment in each place that a page tells of."""
    office, late = site.office, date(2026, 3, 20)

    def book(number: str, amount: str, supplier: str, **facts: Any) -> UUID:
        account = f"3409{int(number):010}"
        to = PaymentInstruction(InstructionKind.DK_ACCOUNT, account, number)
        return office.book(number, amount, supplier=supplier, **{"pays_to": to, **facts})

    unknown = book("2048311", "86240.00", "Lindtoft")
    office.approve(unknown)
    office.bank.failures = [OutcomeUnknown("no answer")]
    office.until(RELEASE_AT)
    office.do(
        lambda work: desk.report_bank_word(work, office.bo, unknown, received=False), office.bo
    )
    paid = book("4417", "4250.00", "Bergen", due_on=date(2026, 3, 10))
    office.approve(paid)
    office.until(RELEASE_AT + timedelta(days=1))
    booked = {order.amount for order in office.bank.orders}
    assert booked == {dkk("4250.00")}
    office.bank.execute(date(2026, 3, 10))
    office.until(RELEASE_AT + timedelta(days=1, hours=2))
    held = book("7719", "2268.00", "Truck", due_on=late)
    office.approve(held)
    office.say(office.credit_note(supplier="Truck"))
    asked = book("318", "4375.00", LONG, due_on=late)
    office.ask(asked)
    blocked = book("50731", "12400.00", "Kontor", due_on=late, exported=True)
    fault = Fault("reference_check_digit", "reference", "7")
    book("882041", "7906.25", "Grønlund & Søn", pays_to=FIK, faults=[fault])
    ready = book("10044512", "42318.75", "Østjysk Stillads", due_on=date(2026, 3, 9))
    book("50688", "3120.00", "Skånska", due_on=late, copy_of=COPY)
    return {"unknown": unknown, "paid": paid, "held": held, "asked": asked, "blocked": blocked,
            "ready": ready}  # fmt: skip
