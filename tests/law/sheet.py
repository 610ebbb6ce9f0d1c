"""A worksheet: what is told of a claim above the line, what a bookkeeper has reckoned below it.

    claim    | DK consumer 10000.00 DKK due 2025-03-03
    reminder | 2025-03-14
    as of    | 2025-04-02
    ---
    interest | 88.36
    total    | 10188.36

It is asked as JSON through the function of `forfald quote`, and answered in JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from forfald.quoting import quoted

LETTERS = ("reminder", "warning", "demand", "statement")
MOVEMENTS = ("payment", "goodwill", "correction")

Json = dict[str, Any]


def reckons(sheet: str) -> None:
    """The sheet's lower half is what the answer to its upper half says."""
    told, _, reckoned = sheet.partition("---")
    answer = asked(told)
    shown = {name: seen(answer, name) for name, _ in lines(reckoned)}
    assert shown == dict(lines(reckoned))


def asked(told: str) -> Json:
    """The answer to what is told of a claim."""
    return ask(request(told))


def ask(request: Json) -> Json:
    answered, text = quoted(json.dumps(request).encode())
    assert answered, text
    answer: Json = json.loads(text)
    return answer


def refused(request: Json) -> Json:
    """The problem that a request is refused with."""
    answered, text = quoted(json.dumps(request).encode())
    assert not answered, text
    problem: Json = json.loads(text)
    return problem


def request(told: str) -> Json:
    asked: Json = {"notices": [], "movements": [], "policy": {}}
    for name, value in lines(told):
        words = value.split()
        if name == "claim":
            country, kind, principal, currency, *rest = words
            asked |= {"country": country, "debtor_kind": kind, "currency": currency}
            asked |= {"principal": principal, **dates(rest)}
        elif name in LETTERS:
            asked["notices"].append({"kind": name, "sent_on": words[0], **letter(words[1:])})
        elif name in MOVEMENTS:
            asked["movements"].append({"kind": name, **movement(words)})
        elif name == "policy":
            asked["policy"] |= dict(word.split("=") for word in words)
        elif name == "tiers":
            asked["policy"] |= {"fees": "own", "tiers": [tier(word) for word in words]}
        else:
            asked[NAMES[name]] = SAID.get(value, value)
    if asked.get("due_on") is None:
        asked["due_basis"] = "statutory"
    asked["policy"] = {
        name: SAID.get(value, value) if isinstance(value, str) else value
        for name, value in asked["policy"].items()
    }
    return asked


NAMES = {
    "as of": "on",
    "known at": "known_at",
    "compensation claimed": "compensation_claimed_on",
    "handed over": "transferred_on",
    "due basis": "due_basis",
    "earlier fees": "earlier_fees_in_arrears",
    "compensated in arrears": "compensated_in_arrears",
}
SAID: dict[str, Any] = {"yes": True, "no": False}


def dates(words: list[str]) -> Json:
    """`due 2025-03-03 sent 2025-01-10`, either of them."""
    return {f"{words[n]}_on": words[n + 1] for n in range(0, len(words), 2)}


def letter(words: list[str]) -> Json:
    """`no fee`, `pay by 2025-06-30`, `carried 100.00 and 14.69`."""
    text = " ".join(words)
    if text == "no fee":
        return {"fee_wanted": False}
    if text.startswith("pay by"):
        return {"pay_by_on": words[2]}
    if text.startswith("carried"):
        return {"fee": words[1], "interest": words[3]}
    assert not words, text
    return {}


def movement(words: list[str]) -> Json:
    """`4000.00 on 2025-02-01`, and `known 2025-02-03` where that was later."""
    known = {"known_on": words[4]} if words[3:4] == ["known"] else {}
    return {"amount": words[0], "value_on": words[2], **known}


def tier(word: str) -> Json:
    start, fee = word.split(":")
    return {"from_principal": start, "fee": fee}


def seen(answer: Json, name: str) -> str:
    """What the answer says under a name of the sheet."""
    match name:
        case "interest" | "costs" | "total" | "overpaid":
            return str(answer[name])
        case "open principal" | "open interest" | "open costs":
            return str(answer["outstanding"][name.removeprefix("open ")])
        case "fees":
            return " ".join(one["fee"] for one in answer["letters"])
        case "interest of letters":
            return " ".join(str(one["interest"]) for one in answer["letters"])
        case "deadline":
            return str(answer["letters"][-1]["pay_by_on"])
        case "hand over from":
            return str(answer["letters"][-1]["transfer_from_on"])
        case "refused":
            return " ".join(one["code"] for one in answer["refused"]) or "nothing"
        case "law":
            return "; ".join(dict.fromkeys(one["law"] for one in answer["refused"]))
        case "rates":
            return ", ".join(f"{s['days']} d at {s['rate']} %" for s in spans(answer))
        case "corrections":
            told = (f"{one['kind']} {one['amount']}" for one in answer["corrections"])
            return ", ".join(told) or "none"
        case "listed":
            return "yes" if answer["is_listed"] else "no"
        case "in time through":
            return str(answer["due"]["in_time_through_on"])
        case "free through":
            return str(answer["due"]["free_through_on"])
        case "unverified":
            marked = [one["kind"] for one in answer["charges"] if one["unverified"]]
            return " ".join(marked) or "nothing"
        case _:
            return str([one["amount"] for one in answer["charges"] if one["kind"] == name][-1])


def spans(answer: Json) -> Iterator[Json]:
    return (span for one in answer["charges"] for span in one["spans"])


def lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.strip().splitlines():
        if line.strip():
            name, _, value = line.partition("|")
            yield name.strip(), value.strip()
