"""The checker of the outside world's books: silent where all is well, and each kind of damage is named."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4, uuid5

import msgspec
import pytest

from forfald.verify.facts import Facts, Published, Stored
from forfald.verify.outside import handed_over_once, written_once

TENANT, INVOICE, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
NOTICE, NEXT = UUID(int=4), UUID(int=5)
CASE, AGAIN = UUID(int=6), UUID(int=7)


def event(service: str, aggregate: UUID, name: str, **fields: Any) -> Stored:
    body = msgspec.json.encode(fields)
    return Stored(service, TENANT, aggregate, 1, 1, f"{service}.{name}.v1", body, b"{}", b"")


def routed(notice: UUID, delivery: int) -> Stored:
    return event("notifications", notice, "LetterRouted", delivery=delivery)


def issued(notice: UUID, step: int | None = 0) -> Stored:
    return event("dunning", INVOICE, "LetterIssued", notice_id=str(notice), step=step)


def name(notice: UUID, delivery: int = 1) -> str:
    return str(uuid5(notice, f"delivery:{delivery}"))


def mail(notice: UUID, delivery: int = 1) -> dict[str, Any]:
    return {"message_id": f"<{name(notice, delivery)}@forfald.example>"}


def paper(notice: UUID, delivery: int = 1, status: str = "sent") -> dict[str, Any]:
    return {"name": f"{name(notice, delivery)}.pdf", "status": status}


def written(
    mails: Sequence[Any] = (), letters: Sequence[Any] = (), more: Sequence[Stored] = ()
) -> tuple[str, ...]:
    """What is wrong where two letters could have gone in two deliveries each."""
    events = [routed(notice, delivery) for notice in (NOTICE, NEXT) for delivery in (1, 2)]
    told = {"notifications": [*events, *(one for one in more if one.service != "dunning")],
            "dunning": [one for one in more if one.service == "dunning"]}  # fmt: skip
    answer = written_once(Facts(told, {}, [], {}, mails=mails, letters=letters))
    assert answer.looked_at
    return answer.damage


RETURNED = event("notifications", NOTICE, "LetterReturned", delivery=1)
FELL = event("notifications", NOTICE, "LetterFailed", was_sent=True)


@pytest.mark.parametrize(
    ("mails", "letters", "more"),
    [
        ([mail(NOTICE), mail(NOTICE)], [], []),
        ([mail(NOTICE), {"message_id": "<of-an-approver@forfald.example>"}], [], []),
        ([mail(NOTICE)], [paper(NOTICE, 2)], [RETURNED]),
        ([mail(NOTICE)], [paper(NEXT, 1, "valid"), paper(NEXT)], []),
        ([mail(NOTICE), mail(NEXT)], [], [issued(NOTICE), issued(NEXT, 1)]),
        ([mail(NOTICE), mail(NEXT)], [], [issued(NOTICE), issued(NEXT), RETURNED, FELL]),
    ],
    ids=["the-same-message", "a-mail-of-ours", "returned", "a-draft", "two-steps", "fell"],
)
def test_what_goes_on_for_a_reason_is_no_damage(mails: Any, letters: Any, more: Any) -> None:
    assert written(mails, letters, more) == ()


def test_a_letter_mailed_under_two_names_is_named() -> None:
    damage = written([mail(NOTICE, 1), mail(NOTICE, 2)])
    assert damage == (f"letter {NOTICE} was mailed as 2 messages",)


def test_a_letter_printed_twice_is_named() -> None:
    damage = written(letters=[paper(NOTICE), paper(NOTICE)])
    assert damage == (f"letter {NOTICE} was printed 2 times",)


def test_a_letter_printed_beside_a_mail_that_arrived_is_named() -> None:
    damage = written([mail(NOTICE)], [paper(NOTICE, 2)])
    assert damage == (f"letter {NOTICE} was printed, and its mail had not come back",)


def test_two_letters_of_one_step_are_named() -> None:
    damage = written([mail(NOTICE), mail(NEXT)], more=[issued(NOTICE), issued(NEXT)])
    assert damage == (f"invoice {INVOICE} was written of in 2 letters of step 0",)


@pytest.mark.parametrize("left", [{"mails": [mail(NOTICE)]}, {"letters": [paper(NOTICE)]}])
def test_a_letter_that_was_told_as_withheld_and_left_is_named(left: dict[str, Any]) -> None:
    damage = written(**left, more=[event("notifications", NOTICE, "LetterWithheld")])
    assert damage == (f"letter {NOTICE} was told as withheld, and left",)


def test_a_letter_of_nobody_is_named() -> None:
    (damage, *_) = written([mail(NOTICE)], [{"name": "x.pdf", "status": "sent"}])
    assert damage == "a letter x.pdf was made and nobody wrote it"


def case(case_id: UUID, lifecycle: str = "Active") -> dict[str, Any]:
    reference = base64.b32encode(case_id.bytes).decode().rstrip("=")
    return {"asked": {"creditorReference": reference}, "lifecycle": lifecycle}


def sent(case_id: UUID, *invoices: UUID) -> Published:
    body = {"case_id": case_id, "claims": [{"invoice_id": one} for one in invoices]}
    headers = {"ce_type": "forfald.collections.CaseSentToCollection.v1"}
    return Published(1, "t", 0, msgspec.json.encode(body), msgspec.json.encode(headers), uuid4())


def handed_over(cases: Sequence[Any], told: Sequence[Published]) -> tuple[str, ...]:
    answer = handed_over_once(Facts({}, {"collections": told}, [], {}, office={"cases": cases}))
    assert answer.looked_at == len(cases)
    return answer.damage


def test_a_case_for_each_time_that_an_invoice_was_sent_is_no_damage() -> None:
    told = [sent(CASE, INVOICE), sent(AGAIN, INVOICE)]
    assert handed_over([case(CASE, "Closed"), case(AGAIN)], told) == ()


def test_a_case_that_was_made_twice_is_named() -> None:
    (damage,) = handed_over([case(CASE), case(CASE)], [sent(CASE, INVOICE)])
    assert damage.endswith("was made 2 times")


def test_a_case_that_nobody_sent_is_named() -> None:
    (damage,) = handed_over([case(CASE)], [])
    assert damage.endswith("is there and nobody sent it")


def test_a_case_that_was_accepted_and_is_not_there_is_named() -> None:
    body = msgspec.json.encode({"case_id": CASE})
    headers = msgspec.json.encode({"ce_type": "forfald.collections.CaseAccepted.v1"})
    accepted = Published(2, "t", 0, body, headers, uuid4())
    (damage,) = handed_over([], [sent(CASE, INVOICE), accepted])
    assert damage.endswith("was accepted and is not there")


def test_an_invoice_in_two_cases_at_once_is_named() -> None:
    told = [sent(CASE, INVOICE), sent(AGAIN, INVOICE, OTHER)]
    damage = handed_over([case(CASE), case(AGAIN)], told)
    assert damage == (f"invoice {INVOICE} is in 2 cases at once",)
