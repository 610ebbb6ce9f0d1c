"""What the macros of `templates/parts` draw: small frozen facts, made by a service's page code.

Words in them are in the reader's language already; amounts, days and instants are values, which
the macros write for the reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from urllib.parse import urlsplit

from markupsafe import Markup

from shared.money import Money
from shared.ui.states import State

Text = str | Markup


def local(href: str) -> str:
    """A link that stays on this site; a scheme or another host in it is a fault.

    Escaping does not make `javascript:` harmless, so every part checks where it leads.
    """
    split = urlsplit(href)
    # A browser reads a backslash as a slash and passes over control characters.
    odd = "\\" in href or not href.isprintable()
    if split.scheme or split.netloc or odd:
        raise ValueError(f"a link of a page stays on this site: {href!r}")
    return href


@dataclass(frozen=True, slots=True)
class Link:
    text: Text
    href: str

    def __post_init__(self) -> None:
        local(self.href)


@dataclass(frozen=True, slots=True)
class NavEntry:
    """`count` says how much there is to do; `loud` that it needs a person now."""

    title: str
    href: str
    count: int = 0
    loud: bool = False
    current: bool = False

    def __post_init__(self) -> None:
        local(self.href)


@dataclass(frozen=True, slots=True)
class NavGroup:
    title: str
    entries: Sequence[NavEntry]


@dataclass(frozen=True, slots=True)
class Company:
    """A line of the switcher; `to_do` only where it is known how much there is."""

    name: str
    href: str
    to_do: int | None = None
    current: bool = False

    def __post_init__(self) -> None:
        local(self.href)


@dataclass(frozen=True, slots=True)
class ClockStep:
    value: str
    title: str


@dataclass(frozen=True, slots=True)
class DemoClock:
    """The bar of a demonstration: the business clock, how far it can be moved, and the mailbox."""

    now: datetime
    action: str = ""
    steps: Sequence[ClockStep] = ()
    mailbox: str = ""

    def __post_init__(self) -> None:
        local(self.action)
        local(self.mailbox)


@dataclass(frozen=True, slots=True)
class User:
    name: str
    office: str = ""
    href: str = "/me"


@dataclass(frozen=True, slots=True)
class Page:
    """What stands around a page's own matter.

    `form_token` goes into every form (`shared.web.csrf`). `company` is the name on the switcher;
    without companies there is no switcher, without a nav no menu.
    """

    title: str
    user: User | None = None
    company: str = ""
    companies: Sequence[Company] = ()
    nav: Sequence[NavGroup] = ()
    clock: DemoClock | None = None
    form_token: str = ""
    home: str = "/"
    sign_out: str = "/sign-out"


@dataclass(frozen=True, slots=True)
class Tab:
    title: str
    href: str
    count: int | None = None
    current: bool = False

    def __post_init__(self) -> None:
        local(self.href)


@dataclass(frozen=True, slots=True)
class Column:
    """The head of one column; `label` stands before the value where the list is folded."""

    title: str
    kind: Literal["", "num", "c-state", "tick"] = ""
    href: str = ""
    sort: Literal["", "ascending", "descending"] = ""

    def __post_init__(self) -> None:
        local(self.href)


@dataclass(frozen=True, slots=True)
class Pager:
    """Rows `first` to `last` of `total`, both counted from one."""

    first: int
    last: int
    total: int
    previous: str = ""
    next: str = ""

    def __post_init__(self) -> None:
        local(self.previous)
        local(self.next)


@dataclass(frozen=True, slots=True)
class Station:
    """One of the seven stations of a payment.

    `name` is a key of `states.STATION_STATES`; `state` is the state shown at the station where the
    payment is now; `at` is when, or in words what it waits for; `who` who did it or will.
    """

    name: str
    stage: Literal["done", "now", "ahead"]
    at: date | str = ""
    who: str = ""
    state: State | None = None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A line of "what happened". `strong` marks a turning point, kind `hot` what went wrong."""

    at: date | str
    title: Text
    detail: Text = ""
    kind: Literal["past", "plan", "hot", "now"] = "past"
    strong: bool = False


def with_now(entries: Sequence[TimelineEntry], now: datetime, word: str) -> list[TimelineEntry]:
    """The plans, then the line "Now", then what happened: newest first, as they were given."""
    plans = [entry for entry in entries if entry.kind == "plan"]
    past = [entry for entry in entries if entry.kind != "plan"]
    return [*plans, TimelineEntry(now, word, kind="now"), *past]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done now, or cannot: then `reason` says why and when it opens.

    A possible act leads to a page (`href`), opens a dialog (`dialog`) or sends a form (`form`, the
    id of a form on the page).
    """

    title: str
    reason: Text
    possible: bool = True
    href: str = ""
    dialog: str = ""
    form: str = ""
    tone: Literal["", "first", "danger"] = ""

    def __post_init__(self) -> None:
        local(self.href)
        ways = sum(map(bool, (self.href, self.dialog, self.form)))
        if ways != (1 if self.possible else 0):
            raise ValueError(f"{self.title!r}: a possible act has one way, an impossible one none")


@dataclass(frozen=True, slots=True)
class Fact:
    term: str
    value: Text


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    title: str


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled control; `error` names what is wrong with it and how it is mended."""

    name: str
    label: str
    kind: Literal["text", "search", "email", "date", "number", "textarea", "select", "password"] = (
        "text"
    )
    value: str = ""
    hint: str = ""
    error: str = ""
    choices: Sequence[Choice] = ()
    required: bool = False
    autocomplete: str = "off"


@dataclass(frozen=True, slots=True)
class Caution:
    """Something odd about a payment, in words: the account differs from last time."""

    text: str
    tone: Literal["wait", "stop"] = "wait"
    advice: str = ""
    """What to do about it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A payment that asks for a yes. An odd one has no `value`, so it is opened, not ticked."""

    name: str
    href: str
    amount: Money
    facts: str
    cautions: Sequence[Caution] = ()
    value: str = ""
    checked: bool = True

    def __post_init__(self) -> None:
        local(self.href)
        if self.cautions and self.value:
            raise ValueError("an odd payment is opened one by one, never ticked")


@dataclass(frozen=True, slots=True)
class Figure:
    """A count that leads to what it counts, with its sums per currency."""

    count: int
    what: str
    href: str
    sums: Sequence[Money] = ()

    def __post_init__(self) -> None:
        local(self.href)


@dataclass(frozen=True, slots=True)
class ToDo:
    """One line of work under a figure; with a state it stands as that state's chip."""

    title: str
    href: str
    count: int
    detail: Text = ""
    state: State | None = None

    def __post_init__(self) -> None:
        local(self.href)
