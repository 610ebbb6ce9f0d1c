"""What needs a person, in words, out of how a service stands; the rest is facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from babel.dates import format_timedelta

from shared.telemetry.standing import Heap, Standing
from shared.ui.formats import instant
from shared.ui.language import translator
from shared.ui.parts import Fact, local
from shared.ui.reader import Reader
from shared.ui.states import EFFECT_STATES, MACHINE_STATES, State
from shared.web.operations.names import service_name, work_name

PATIENCE: Final = timedelta(minutes=1)
"""What is on its way for no longer than this is no trouble."""
_OUTSIDE: Final = ("stuck", "unknown")


@dataclass(frozen=True, slots=True)
class Trouble:
    """One line; it leads to where it is mended, where a person can."""

    state: State
    text: str
    count: int | None = None
    href: str = ""

    def __post_init__(self) -> None:
        local(self.href)


def troubles(service: str, standing: Standing, now: datetime, reader: Reader) -> list[Trouble]:
    """In the order in which they want a person; none when all is well."""
    return [
        *_set_aside(service, standing, reader),
        *_late_schedules(standing, now, reader),
        *_late_messages(standing, now, reader),
    ]


def _set_aside(service: str, standing: Standing, reader: Reader) -> Iterator[Trouble]:
    gettext = translator(reader.language).gettext
    # A message to the bank holds several payments: what is counted here is said.
    outside = gettext("of what was sent outside, the oldest since %(when)s")
    for state in _OUTSIDE:
        heap = standing.effects.get(state, Heap())
        if heap.oldest is not None:
            text = outside % {"when": instant(heap.oldest, reader)}
            href = f"/{service}/operations/effects"
            yield Trouble(EFFECT_STATES[state], text, heap.count, href)
    if standing.parked.oldest is not None:
        since = gettext("the oldest since %(when)s")
        text = since % {"when": instant(standing.parked.oldest, reader)}
        href = f"/{service}/operations/parked"
        yield Trouble(MACHINE_STATES["parked"], text, standing.parked.count, href)


def _late_schedules(standing: Standing, now: datetime, reader: Reader) -> Iterator[Trouble]:
    gettext = translator(reader.language).gettext
    for schedule in standing.schedules:
        if schedule.next is None:
            continue
        if schedule.error is not None or now - schedule.next > PATIENCE:
            text = gettext("%(job)s was due %(when)s") % {
                "job": work_name(schedule.job, reader),
                "when": instant(schedule.next, reader),
            }
            if schedule.error is not None:
                text = f"{text}: {schedule.error}"
            yield Trouble(MACHINE_STATES["late"], text)


def _late_messages(standing: Standing, now: datetime, reader: Reader) -> Iterator[Trouble]:
    gettext = translator(reader.language).gettext
    for feed in standing.feeds:
        name = service_name(feed.source, reader)
        if feed.waiting is None:
            text = gettext("%(name)s cannot be asked what it has told") % {"name": name}
            yield Trouble(MACHINE_STATES["unreachable"], text)
        elif _is_late(feed.waiting, now):
            text = gettext("from %(name)s: %(lag)s") % {
                "name": name,
                "lag": lag(feed.waiting, now, reader),
            }
            yield Trouble(MACHINE_STATES["late"], text)
    if standing.relay is not None and _is_late(standing.relay, now):
        text = gettext("not told yet: %(lag)s") % {"lag": lag(standing.relay, now, reader)}
        yield Trouble(MACHINE_STATES["late"], text)


def _is_late(heap: Heap, now: datetime) -> bool:
    return heap.oldest is not None and now - heap.oldest > PATIENCE


def position_facts(standing: Standing, now: datetime, reader: Reader) -> list[Fact]:
    """How far the log and the messages have come."""
    gettext = translator(reader.language).gettext
    facts = [
        Fact(gettext("Log position"), str(standing.position)),
        Fact(gettext("Safe position"), str(standing.safe)),
    ]
    for feed in standing.feeds:
        term = gettext("Messages from %(name)s") % {"name": service_name(feed.source, reader)}
        told = gettext("cannot be asked") if feed.waiting is None else ""
        facts.append(Fact(term, told or lag(feed.waiting or Heap(), now, reader)))
    if standing.relay is not None:
        facts.append(Fact(gettext("Messages to tell"), lag(standing.relay, now, reader)))
    for state, heap in sorted(standing.effects.items()):
        term = gettext("Effects: %(state)s") % {"state": gettext(EFFECT_STATES[state].word)}
        facts.append(Fact(term, str(heap.count)))
    return facts


def in_words(found: list[Trouble], reader: Reader) -> str:
    """All troubles of a service in one line: 1 set aside, 2 late."""
    gettext = translator(reader.language).gettext
    counts: dict[str, int] = {}
    for one in found:
        counts[one.state.word] = counts.get(one.state.word, 0) + (one.count or 1)
    return ", ".join(f"{gettext(word)}: {count}" for word, count in counts.items())


def behind(standing: Standing, now: datetime, reader: Reader) -> str:
    """How far behind its publishers a service is: by the feed that waits the longest."""
    gettext = translator(reader.language).gettext
    if any(feed.waiting is None for feed in standing.feeds):
        return str(gettext("a publisher cannot be asked"))
    heaps = [feed.waiting for feed in standing.feeds if feed.waiting and feed.waiting.oldest]
    if not heaps:
        return str(gettext("no message waits"))
    return lag(min(heaps, key=lambda heap: heap.oldest or now), now, reader)


def lag(heap: Heap, now: datetime, reader: Reader) -> str:
    """How many messages wait, and how long the oldest has."""
    translations = translator(reader.language)
    if heap.oldest is None:
        return str(translations.gettext("none waits"))
    age = format_timedelta(max(now - heap.oldest, timedelta()), locale=reader.locale)
    many = translations.ngettext(
        "%(count)s message, %(age)s old", "%(count)s messages, the oldest %(age)s old", heap.count
    )
    return str(many % {"count": heap.count, "age": age})
