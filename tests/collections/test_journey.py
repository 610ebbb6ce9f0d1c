"""The whole way of an invoice: ready, a window to stop it, the agency, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from services.collections.values import CaseState, ClaimState
from shared.contracts import collections as told
from shared.postgres import Server
from tests.collections.office_of_dora import GOES_AT, Office, dkk, office_on


@pytest.fixture(scope="module")
def office(postgres_server: Server) -> Iterator[Office]:
    with office_on(postgres_server) as one:
        yield one


@pytest.mark.capability("E3")
@pytest.mark.capability("E83")
@pytest.mark.capability("E85")
@pytest.mark.capability("E86")
@pytest.mark.capability("E91")
def test_an_invoice_that_nobody_stops_goes_to_the_agency_by_itself_once(office: Office) -> None:
    debtor = office.debtor()
    # The figure of the day on which it leaves is told, two days after it became ready.
    ahead = (dkk("12.01"), dkk("12.34"), dkk("12.67"))
    invoice = office.ready(debtor, interest=dkk("11.68"), interest_ahead=ahead)
    office.settle()
    claim = office.claim(invoice)
    assert (claim.state, claim.transfer_on) == (ClaimState.PLANNED, date(2026, 3, 4))
    assert claim.goes_at == GOES_AT
    planned = office.told(told.TransferPlanned)[-1]
    assert (planned.invoices, planned.transfer_on) == ((invoice,), date(2026, 3, 4))

    office.until(GOES_AT - timedelta(seconds=1))
    assert office.cases() == []
    office.until(GOES_AT)
    case = office.case_of(invoice)
    assert (case.state, case.automatic, case.agency_reference) == (CaseState.ACTIVE, True, "R1")
    assert case.amount == dkk("1212.34")
    assert office.claim(invoice).state is ClaimState.SENT
    (sent,) = office.told(told.CaseSentToCollection)
    assert [(c.invoice_id, c.principal, c.charges, c.interest) for c in sent.claims] == [
        (invoice, dkk("1000.00"), dkk("200.00"), dkk("12.34"))
    ]
    assert sent.sent_on == date(2026, 3, 4)
    assert [one.case_id for one in office.told(told.CaseAccepted)] == [case.case_id]

    office.until(datetime(2026, 3, 20, tzinfo=UTC))
    ((_, body),) = office.agency.submitted
    asked = msgspec.json.decode(body)
    assert asked["debtor"] == {
        "type": "Private",
        "name": "Ejnar Sørensen",
        "address": "Havnegade 2",
        "zipCode": "8000",
        "city": "Aarhus",
        "countryAlpha2": "DK",
        "email": "ejnar@example.test",
    }
    assert asked["amountToRecover"] == 1200.00
    assert "interest accrued beyond them 12.34" in asked["claimDescription"]
