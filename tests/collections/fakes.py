"""An agency without a network: it takes what it is given and fails as the test says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import msgspec

from services.collections.gateways import debitura_json
from services.collections.gateways.agencies import Agencies, Offer
from services.collections.gateways.agency import (
    Capabilities,
    ClaimDetails,
    Happening,
    Receipt,
    Refused,
    Report,
    Standing,
    Submission,
)
from services.collections.values import Collected, Seen
from shared.money import Money


@dataclass
class FakeAgency:
    """What every creditor's key opens. `failures` are raised in order, `takes_all_the_same` before."""

    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(
            find_by_our_ref=True, adds_claims=False, takes_payments=False, withdraws=False
        )
    )
    answer: Standing = field(default_factory=Standing)
    submitted: list[tuple[str, bytes]] = field(default_factory=list)
    cases: dict[str, Any] = field(default_factory=dict)
    failures: list[Exception] = field(default_factory=list)
    failures_telling: list[Exception] = field(default_factory=list)
    failures_looking: list[Exception] = field(default_factory=list)
    takes_all_the_same: bool = False
    hides: bool = False
    seen: dict[str, Seen] = field(default_factory=dict)
    said: list[tuple[str, str, Any]] = field(default_factory=list)

    def standing(self) -> Standing:
        return self.answer

    def render(self, submission: Submission) -> bytes:
        return debitura_json.new_case(submission, is_test=True)

    def submit(self, body: bytes, key: str) -> Receipt:
        self.submitted.append((key, body))
        failure = self.failures.pop(0) if self.failures else None
        if failure is None or self.takes_all_the_same:
            self.cases[key] = msgspec.json.decode(body)
        if failure is not None:
            raise failure
        return Receipt(f"agency-{key}", f"R{len(self.cases)}")

    def add_claim(self, agency_case_id: str, claim: ClaimDetails, key: str) -> None:
        raise Refused("not_offered", agency_case_id)

    def find_by_our_ref(self, reference: str) -> Receipt | None:
        if reference not in self.cases or self.hides:
            return None
        return Receipt(f"agency-{reference}", "R-found")

    def get(self, agency_case_id: str, now: datetime) -> Seen:
        if self.failures_looking:
            raise self.failures_looking.pop(0)
        return self.seen.get(agency_case_id) or Seen("active", "Active", None, (), None, now)

    def settlements(self, agency_case_id: str) -> tuple[Collected, ...]:
        seen = self.seen.get(agency_case_id)
        return seen.collected if seen else ()

    def events(self, agency_case_id: str, since: datetime) -> tuple[Happening, ...]:
        return ()

    def _say(self, kind: str, token: str, told: Any) -> None:
        failure = self.failures_telling.pop(0) if self.failures_telling else None
        if failure is None or self.takes_all_the_same:
            self.said.append((kind, token, told))
        if failure is not None:
            raise failure

    def report_payment(self, agency_case_id: str, report: Report) -> None:
        self._say("payment", report.token, report)

    def report_credit(self, agency_case_id: str, report: Report) -> None:
        self._say("credit_note", report.token, report)

    def report_reversal(self, agency_case_id: str, report: Report) -> None:
        self._say("reversal", report.token, report)

    def request_withdrawal(self, agency_case_id: str, token: str, reason: str) -> None:
        self._say("withdrawal", token, reason)

    def request_pause(self, agency_case_id: str, token: str, until_on: date) -> None:
        self._say("pause", token, until_on)

    def was_told(self, agency_case_id: str, token: str) -> bool:
        return any(token == known for _, known, _ in self.said)

    def portal(self, agency_case_id: str) -> str:
        return f"https://agency.test/cases/{agency_case_id}"

    def verified(
        self, headers: Mapping[str, str], body: bytes, secret: str, now: datetime
    ) -> Happening | None:
        return None

    def amounts(self, kind: str) -> list[Money]:
        """What was told of one kind."""
        return [told.amount for known, _, told in self.said if known == kind]

    def shows(self, agency_case_id: str, now: datetime, **changes: Any) -> None:
        """From now on the case looks so."""
        known = self.seen.get(agency_case_id) or Seen("active", "Active", None, (), None, now)
        self.seen[agency_case_id] = replace(known, **changes)


def agencies(agency: FakeAgency) -> Agencies:
    countries = frozenset({"DK"})
    return Agencies((Offer("debitura", "Debitura", countries, lambda _key, _email: agency),))
