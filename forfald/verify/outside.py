"""What must hold in the outside world's own books: one letter of each step, one case of each invoice.

A mail that is sent once more because nobody knew carries the same Message-ID, and its reader sees one.
"""

from __future__ import annotations

import base64
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID, uuid5

from forfald.verify.facts import Facts
from forfald.verify.invariants import Checked, contracts

_CLOSED: Final = "Closed"
_LEFT: Final = frozenset({"sent", "undeliverable"})
"""What the print partner says of a letter that it has printed."""
Names = Mapping[str, tuple[UUID, int]]
"""Of letters as mail servers and print partners know them: the letter, and which delivery of it."""


def written_once(facts: Facts) -> Checked:
    """I1b: mailbox and print partner hold each letter once, one letter of each step of an invoice, and
    none that was told as withheld.
    """
    names = _names(facts)
    mailed: dict[UUID, set[int]] = defaultdict(set)
    for mail in facts.mails:
        place = names.get(mail["message_id"].strip("<>").partition("@")[0])
        if place is not None:
            mailed[place[0]].add(place[1])
    printed: Counter[UUID] = Counter()
    damage: list[str] = []
    for letter in facts.letters:
        place = names.get(letter["name"].removesuffix(".pdf"))
        if place is None:
            damage.append(f"a letter {letter['name']} was made and nobody wrote it")
        elif letter["status"] in _LEFT:
            printed[place[0]] += 1
    came_back = {
        (event.aggregate_id, event.fields["delivery"])
        for event in facts.named("notifications.LetterReturned.v1")
    }
    for notice_id in {*mailed, *printed}:
        damage += _twice(notice_id, mailed[notice_id], printed[notice_id], came_back)
    held = {notice_id for notice_id in {*mailed, *printed} if not _is_back(facts, notice_id)}
    damage += _of_one_step(facts, held)
    damage += [
        f"letter {event.aggregate_id} was told as withheld, and left"
        for event in facts.named("notifications.LetterWithheld.v1")
        if event.aggregate_id in {*mailed, *printed}
    ]
    return Checked(
        "I1b", "no letter is sent twice, nor two of one step", len({*mailed, *printed}), "letters",
        tuple(damage),
    )  # fmt: skip


def _names(facts: Facts) -> Names:
    return {
        str(uuid5(event.aggregate_id, f"delivery:{event.fields['delivery']}")): (
            event.aggregate_id, event.fields["delivery"],
        )
        for event in facts.named("notifications.LetterRouted.v1")
    }  # fmt: skip


def _twice(
    notice_id: UUID, mailed: set[int], printed: int, came_back: set[tuple[UUID, int]]
) -> Iterator[str]:
    there = {delivery for delivery in mailed if (notice_id, delivery) not in came_back}
    if len(mailed) > 1:
        yield f"letter {notice_id} was mailed as {len(mailed)} messages"
    if printed > 1:
        yield f"letter {notice_id} was printed {printed} times"
    if printed and there:
        yield f"letter {notice_id} was printed, and its mail had not come back"


def _is_back(facts: Facts, notice_id: UUID) -> bool:
    """Whether it was told as having come back by every way that it went."""
    return any(
        event.aggregate_id == notice_id and event.fields["was_sent"]
        for event in facts.named("notifications.LetterFailed.v1")
    )


def _of_one_step(facts: Facts, held: set[UUID]) -> Iterator[str]:
    of_step: dict[tuple[UUID, int], set[UUID]] = defaultdict(set)
    for event in facts.named("dunning.LetterIssued.v1"):
        notice_id, step = UUID(event.fields["notice_id"]), event.fields["step"]
        if step is not None and notice_id in held:
            of_step[event.aggregate_id, step].add(notice_id)
    for (invoice_id, step), notices in of_step.items():
        if len(notices) > 1:
            yield f"invoice {invoice_id} was written of in {len(notices)} letters of step {step}"


def handed_over_once(facts: Facts) -> Checked:
    """I1c: the agency's office holds each case that it took once, and no invoice in two that go on."""
    sent = {
        _reference(UUID(body["case_id"])): [claim["invoice_id"] for claim in body["claims"]]
        for record, body in contracts(facts, "collections")
        if record.type_name == "forfald.collections.CaseSentToCollection.v1"
    }
    cases = facts.office.get("cases", [])
    counts = Counter(_called(case) for case in cases)
    damage = [f"case {name} was made {count} times" for name, count in counts.items() if count > 1]
    damage += [f"case {name} is there and nobody sent it" for name in counts if name not in sent]
    accepted = {
        _reference(UUID(body["case_id"]))
        for record, body in contracts(facts, "collections")
        if record.type_name == "forfald.collections.CaseAccepted.v1"
    }
    damage += [f"case {name} was accepted and is not there" for name in accepted - counts.keys()]
    at_work = {_called(case) for case in cases if case["lifecycle"] != _CLOSED}
    invoices = Counter(one for name in at_work for one in sent.get(name, ()))
    damage += [f"invoice {one} is in {n} cases at once" for one, n in invoices.items() if n > 1]
    return Checked("I1c", "no case is handed over twice", len(cases), "cases", tuple(damage))


def _called(case: Mapping[str, Any]) -> str:
    return str(case["asked"].get("creditorReference"))


def _reference(case_id: UUID) -> str:
    """What an agency knows a case by: 26 letters of its id."""
    return base64.b32encode(case_id.bytes).decode().rstrip("=")


OUTSIDE: Final[tuple[Callable[[Facts], Checked], ...]] = (written_once, handed_over_once)
