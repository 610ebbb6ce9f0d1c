"""Letters leave by post, and are asked after for a month.

Each is known to the print partner by its delivery. Whatever happened before, the partner is asked for
that name first: a draft is sent, a letter that was taken is not made again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from services.notifications.acts import letters as acts
from services.notifications.acts.lettering import Letterer
from services.notifications.commands import NoteLetterSent
from services.notifications.effects.letters import may_not_leave, own_id, record_sending
from services.notifications.effects.sending import QUIET, later
from services.notifications.gateways import print_partner as gateway
from services.notifications.gateways.print_partner import Posted, PrintPartner, PrintState
from services.notifications.intents import LETTER_POST, POST_FOLLOW, LetterFollowed, LetterOf
from services.notifications.model.following import next_ask_of_post
from services.notifications.model.letter import LETTER, RECALLED, delivery_id
from shared.effects.worker import Done, Later, Outcome, Refused, Task, Unknown
from shared.sealed import Sealed
from shared.work import Work

UNDELIVERABLE: Final = "undeliverable"
REFUSED: Final = "post_refused"
CHECK_AGAIN: Final = timedelta(minutes=2)
_TAKEN: Final = frozenset({PrintState.TAKEN, PrintState.UNDELIVERABLE})
_letter_of = msgspec.json.Decoder(LetterOf).decode
_followed = msgspec.json.Decoder(LetterFollowed).decode


@dataclass(frozen=True, slots=True)
class Taken:
    """The partner has it: to which sealed address, and since when where it says so."""

    address: Sealed
    at: datetime | None


class LetterPoster:
    kind = LETTER_POST

    def __init__(self, letterer: Letterer, partner: PrintPartner) -> None:
        self._letterer = letterer
        self._partner = partner

    def perform(self, task: Task, now: datetime) -> Outcome:
        address = self._address_of(task)
        if address is None:
            return Refused("address_missing", "")
        try:
            found = self._partner.find(name_of(task))
            if found is not None and found.state in _TAKEN:
                return Done(Taken(address, found.taken_at))
            return self._sent(task, found, now) or Done(Taken(address, None))
        except gateway.Refused as refused_by_partner:
            return Refused(f"post_{refused_by_partner}", "")
        except gateway.NotSent:
            return later("post_unreached", task, now)
        except gateway.OutcomeUnknown:
            return Unknown("no_answer", now + QUIET)

    def _sent(self, task: Task, found: Posted | None, now: datetime) -> Outcome | None:
        """None where it is on its way now, and what came between otherwise."""
        about = _letter_of(task.body)
        refused = may_not_leave(self._letterer, task, about, now)
        if refused is not None:
            return refused
        if not self._letterer.begins(task.tenant_id, own_id(task, about)):
            return Refused(RECALLED, "")
        if found is None:
            content = self._letterer.bytes_of(task.tenant_id, about.document)
            found = self._partner.make(name_of(task), content)
        if found.state is PrintState.CHECKING:
            return Later("the partner is checking it", now + CHECK_AGAIN, patient=True)
        if found.state is PrintState.REFUSED:
            return Refused(REFUSED, "")
        self._partner.send(found)
        return None

    def _address_of(self, task: Task) -> Sealed | None:
        about = _letter_of(task.body)
        return self._letterer.address_of(task.tenant_id, about.facts.debtor_id)

    def find(self, task: Task, now: datetime) -> Outcome:
        """Ask by our name. What is not there, or only a draft, goes on after a while in which a late
        call of ours would have arrived.
        """
        address = self._address_of(task)
        try:
            found = self._partner.find(name_of(task))
        except gateway.Refused as refused:
            return Refused(f"post_{refused}", "")
        except (gateway.NotSent, gateway.OutcomeUnknown):
            return Unknown("post_unreached", now + QUIET)
        if address is not None and found is not None and found.state in _TAKEN:
            return Done(Taken(address, found.taken_at))
        return Later("not sent yet", now + QUIET)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        match outcome:
            case Done(answer=Taken(address=address, at=at)):
                delivery = _letter_of(task.body).delivery
                command = NoteLetterSent(delivery, at or work.now, address)
                work.execute(LETTER, task.aggregate_id, command)
            case _:
                record_sending(work, task, outcome)


def name_of(task: Task) -> str:
    return f"{delivery_id(task.aggregate_id, _letter_of(task.body).delivery)}.pdf"


class PostFollower:
    """Asks whether a printed letter has come back. Asking changes nothing outside."""

    kind = POST_FOLLOW

    def __init__(self, partner: PrintPartner) -> None:
        self._partner = partner

    def perform(self, task: Task, now: datetime) -> Outcome:
        name = f"{delivery_id(task.aggregate_id, _followed(task.body).delivery)}.pdf"
        try:
            found = self._partner.find(name)
        except (gateway.Refused, gateway.NotSent, gateway.OutcomeUnknown):
            found = None
        if found is not None and found.state in {PrintState.UNDELIVERABLE, PrintState.REFUSED}:
            return Done(found)
        wait = next_ask_of_post(task.attempt)
        return Done() if wait is None else Later("under way", now + wait)

    def find(self, task: Task, now: datetime) -> Outcome:
        return self.perform(task, now)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        if isinstance(outcome, Done) and isinstance(outcome.answer, Posted):
            about = _followed(task.body)
            came_back = outcome.answer.state is PrintState.UNDELIVERABLE
            code, failed = (UNDELIVERABLE, about.address) if came_back else (REFUSED, None)
            acts.come_back(work, task.aggregate_id, about.delivery, code, failed=failed)
