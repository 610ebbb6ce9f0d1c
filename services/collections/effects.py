"""What is done outside, through the agency port: a case is submitted, looked at, told of money.

Submitting ends in one of the port's four ways, and each has one meaning here:

    Receipt           the agency has the case
    NotSent           tried again with the same bytes; given up after a while, the claims are here again
    Refused           the agency does not take it; the claims are here again, held
    OutcomeUnknown    the case is frozen; the agency is asked for our reference, and people for its word

Telling is done by message where an agency has no call for it, and a message knows no key: after a doubt
it is looked for by its token, and never written again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import assert_never
from uuid import UUID

import msgspec

from services.collections import queries
from services.collections.acts import answers, looking
from services.collections.commands import (
    CaseCommand,
    NoteAccepted,
    NoteNotSent,
    NoteOutcomeUnknown,
    NoteRefused,
    NoteTellingRefused,
    NoteTellingUnknown,
    NoteTold,
)
from services.collections.gateways.agencies import Agencies
from services.collections.gateways.agency import (
    CollectionAgency,
    NotSent,
    OutcomeUnknown,
    Receipt,
    Report,
    Standing,
)
from services.collections.gateways.agency import Refused as AgencyRefused
from services.collections.gateways.door import opened
from services.collections.gateways.opening import Opener
from services.collections.intents import (
    AGREEMENT_AGAIN,
    ASK_AGREEMENT,
    LOOK,
    SUBMIT,
    TELL,
    AgreementToAsk,
    CaseAtAgency,
    CaseToSubmit,
    TellingToMake,
    case_of,
)
from services.collections.model.agreement import AGREEMENT, NoteAnswer
from services.collections.model.naming import agreement_id_of, reference_of
from shared.clock import day_of
from shared.database import Database
from shared.effects.intents import Due
from shared.effects.worker import Done, Later, Outcome, Refused, Task, Unknown
from shared.work import Work

NOT_SENT = "not_sent"
_TRIES = 8
_DOUBLED_MAX = 6
_LONGEST_WAIT = timedelta(hours=1)
_ASK_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
_ASK_FOR = timedelta(days=14)


def ask_again_at(asked: int, now: datetime) -> datetime:
    """After 1, 5 and 15 minutes, then every 15."""
    return now + _ASK_AFTER[min(asked, len(_ASK_AFTER)) - 1]


def later(error: NotSent, task: Task, now: datetime, *, patient: bool = False) -> Later:
    """When the agency says, else after one minute, two, four, up to an hour."""
    doubled = timedelta(minutes=2 ** min(task.attempt - 1, _DOUBLED_MAX))
    return Later(str(error), now + (error.wait or min(doubled, _LONGEST_WAIT)), patient)


@dataclass(frozen=True, slots=True)
class Door:
    """What every performer is given. `database` is the service's own, asked between calls."""

    agencies: Agencies
    opener: Opener
    database: Database

    def agency(self, tenant_id: UUID, code: str) -> CollectionAgency:
        with self.database.transaction([tenant_id]) as transaction:
            contact = queries.contact(transaction.sql, tenant_id, code)
        return opened(self.agencies, self.opener, tenant_id, code, contact)


class SubmitCase:
    """Hands a case to the agency, once."""

    kind = SUBMIT

    def __init__(self, door: Door) -> None:
        self._door = door

    def perform(self, task: Task, now: datetime) -> Outcome:
        wanted = msgspec.json.decode(task.body, type=CaseToSubmit)
        body = self._door.opener.open_bytes(task.tenant_id, wanted.body)
        if body is None or sha256(body).hexdigest() != wanted.sha256:
            return Refused("bytes_altered", "these are not the bytes that were sealed")
        try:
            agency = self._door.agency(task.tenant_id, wanted.agency)
            return Done(agency.submit(body, reference_of(case_of(task.key))))
        except NotSent as error:
            if task.attempt < _TRIES:
                return later(error, task, now)
            return Refused(NOT_SENT, str(error))
        except AgencyRefused as error:
            return Refused(error.code, error.text)
        except OutcomeUnknown as error:
            return Unknown(str(error), ask_again_at(task.attempt, now))

    def find(self, task: Task, now: datetime) -> Outcome:
        """By our own reference. That the agency knows none proves nothing: it may still be at work.

        After two weeks it is asked only where a person wants it to be.
        """
        wanted = msgspec.json.decode(task.body, type=CaseToSubmit)
        is_late = now - task.meta.recorded_at > _ASK_FOR
        again = None if is_late else ask_again_at(task.attempt, now)
        try:
            agency = self._door.agency(task.tenant_id, wanted.agency)
            found = agency.find_by_our_ref(reference_of(case_of(task.key)))
        except (NotSent, OutcomeUnknown, AgencyRefused) as error:
            return Unknown(str(error), again)
        if found is None:
            return Unknown("the agency knows no such reference", again)
        return Done(found)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        note = _after_submitting(outcome, work.now)
        if note is not None:
            answers.tell(work, case_of(task.key), note)


def _after_submitting(outcome: Outcome, now: datetime) -> CaseCommand | None:
    match outcome:
        case Done(answer=Receipt() as receipt):
            return NoteAccepted(receipt.agency_case_id, receipt.agency_reference)
        case Refused(code=code) if code == NOT_SENT:
            return NoteNotSent()
        case Refused(code=code):
            return NoteRefused(code)
        case Unknown():
            return NoteOutcomeUnknown(now)
        case _:
            return None


class LookAtCase:
    """Asks the agency how a case stands; one that does not answer is asked again."""

    kind = LOOK

    def __init__(self, door: Door) -> None:
        self._door = door

    def perform(self, task: Task, now: datetime) -> Outcome:
        return self.find(task, now)

    def find(self, task: Task, now: datetime) -> Outcome:
        asked = msgspec.json.decode(task.body, type=CaseAtAgency)
        try:
            agency = self._door.agency(task.tenant_id, asked.agency)
            return Done(agency.get(asked.agency_case_id, now))
        except NotSent as error:
            return later(error, task, now)
        except OutcomeUnknown as error:
            return Unknown(str(error), ask_again_at(task.attempt, now))
        except AgencyRefused as error:
            return Refused(error.code, error.text)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        if isinstance(outcome, Done):
            answers.take_seen(work, case_of(task.key), outcome.answer)


class TellAgency:
    """Tells the agency of money, or asks it to wait or to let go: each once."""

    kind = TELL

    def __init__(self, door: Door) -> None:
        self._door = door

    def perform(self, task: Task, now: datetime) -> Outcome:
        wanted = msgspec.json.decode(task.body, type=TellingToMake)
        try:
            self._say(task.tenant_id, wanted)
        except NotSent as error:
            if now - task.meta.recorded_at <= _ASK_FOR:
                return later(error, task, now, patient=True)
            return Refused(NOT_SENT, str(error))
        except AgencyRefused as error:
            return Refused(error.code, error.text)
        except OutcomeUnknown as error:
            return Unknown(str(error), ask_again_at(task.attempt, now))
        return Done()

    def _say(self, tenant_id: UUID, wanted: TellingToMake) -> None:
        agency, case = self._door.agency(tenant_id, wanted.agency), wanted.agency_case_id
        match wanted.kind:
            case "payment":
                agency.report_payment(case, _report(wanted))
            case "credit_note":
                agency.report_credit(case, _report(wanted))
            case "reversal":
                agency.report_reversal(case, _report(wanted))
            case "withdrawal":
                assert wanted.reason is not None, "a withdrawal has a reason"
                reason = self._door.opener.text(tenant_id, wanted.reason)
                agency.request_withdrawal(case, wanted.token, reason)
            case "pause":
                assert wanted.on is not None, "a pause has an end"
                agency.request_pause(case, wanted.token, wanted.on)
            case _:
                assert_never(wanted.kind)

    def find(self, task: Task, now: datetime) -> Outcome:
        """What an agency's messages do not show by then was not said: people must."""
        wanted = msgspec.json.decode(task.body, type=TellingToMake)
        try:
            agency = self._door.agency(task.tenant_id, wanted.agency)
            told = agency.was_told(wanted.agency_case_id, wanted.token)
        except (NotSent, OutcomeUnknown, AgencyRefused) as error:
            return Unknown(str(error), ask_again_at(task.attempt, now))
        if told:
            return Done()
        if now - task.meta.recorded_at > _ASK_FOR:
            return Refused("not_shown", "the agency has not shown it in two weeks")
        return Unknown("the agency does not show it", ask_again_at(task.attempt, now))

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        number = msgspec.json.decode(task.body, type=TellingToMake).number
        case_id = case_of(task.key)
        match outcome:
            case Done():
                answers.tell(work, case_id, NoteTold(number, work.now))
            case Refused(code=code):
                answers.tell(work, case_id, NoteTellingRefused(number, code))
            case Unknown():
                answers.tell(work, case_id, NoteTellingUnknown(number))
            case _:
                return


def _report(wanted: TellingToMake) -> Report:
    assert wanted.amount is not None, "a report is about an amount"
    assert wanted.on is not None, "money counts from a day"
    return Report(wanted.token, wanted.invoice, wanted.amount, wanted.on)


class AskAgreement:
    """Asks whether the agency works for the creditor; until it does, every morning."""

    kind = ASK_AGREEMENT

    def __init__(self, door: Door) -> None:
        self._door = door

    def perform(self, task: Task, now: datetime) -> Outcome:
        return self.find(task, now)

    def find(self, task: Task, now: datetime) -> Outcome:
        asked = msgspec.json.decode(task.body, type=AgreementToAsk)
        try:
            return Done(self._door.agency(task.tenant_id, asked.agency).standing())
        except NotSent as error:
            return later(error, task, now, patient=True)
        except OutcomeUnknown as error:
            return Unknown(str(error), ask_again_at(task.attempt, now))
        except AgencyRefused as error:
            return Done(Standing(error.code))

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        if not isinstance(outcome, Done):
            return
        agency = msgspec.json.decode(task.body, type=AgreementToAsk).agency
        standing: Standing = outcome.answer
        today = day_of(work.now, looking.creditor_of(work).zone)
        agreement_id = agreement_id_of(work.tenant_id, agency)
        work.execute(AGREEMENT, agreement_id, NoteAnswer(standing.code, standing.link, today))
        if standing.code:
            work.remind(Due(AGREEMENT_AGAIN, agency, looking.next_morning(work)))
        else:
            looking.look_at_everything(work)
