"""The demonstration's levers show what they do, on pages that renew themselves until it is done."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from forfald.demo.control import control_app
from forfald.demo.death import Death
from forfald.demo.move import Move
from forfald.demo.time_travel import NotQuiet
from shared.clock import WallClock
from shared.testing.site import BASE, Site

MORNING = datetime(2026, 3, 2, 7, 40, tzinfo=UTC)
PATIENCE_S = 5


class Travel:
    """A clock that waits half-way until it is let on."""

    def __init__(self) -> None:
        self.present = MORNING
        self.let_on = threading.Event()
        self.is_stuck = False

    def now(self) -> datetime:
        return self.present

    def tonight(self) -> datetime:
        return MORNING + timedelta(hours=15)

    def next_banking_day(self) -> datetime:
        return MORNING + timedelta(days=1)

    def days_on(self, number: int) -> datetime:
        return MORNING + timedelta(days=number)

    def to(self, target: datetime) -> datetime:
        self.present += (target - self.present) / 2
        self.let_on.wait(PATIENCE_S)
        if self.is_stuck:
            raise NotQuiet("somebody is busy")
        self.present = target
        return target


class Programs:
    """Two services, of which a killed one comes back as another process when it is let on."""

    def __init__(self) -> None:
        self.pids = {"payments": 41, "sync": 51}
        self.answers = threading.Event()
        self.answers.set()

    def state(self) -> dict[str, dict[str, Any]]:
        return {name: {"running": True, "pid": pid, "starts": 1 + (pid % 10 > 1)}
                for name, pid in self.pids.items()}  # fmt: skip

    @staticmethod
    def anyone(names: list[str]) -> str:
        return names[-1]

    def kill(self, name: str) -> None:
        self.answers.clear()
        self.pids[name] += 1


class Demo:
    def __init__(self) -> None:
        self.travel, self.programs = Travel(), Programs()
        alive = dict.fromkeys(("payments", "sync"), self.programs.answers.is_set)
        self.web = Site(control_app(Move(self.travel), Death(self.programs, alive), self.programs))  # type: ignore[arg-type]  # stand-ins

    def press(self, path: str, **form: str) -> str:
        """Press a button on the page of payables; where it leads to."""
        answer = self.web.post(path, data={"language": "en", **form},
                               headers={"Referer": f"{BASE}/payables?q=a"})  # fmt: skip
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])


@pytest.fixture
def site() -> Iterator[Demo]:
    site = Demo()
    yield site
    site.travel.let_on.set()


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def until(fact: Any) -> None:
    wall = WallClock()
    began = wall.monotonic()
    while not fact():
        assert wall.monotonic() - began < PATIENCE_S


def test_while_the_clock_moves_the_page_says_how_far_it_has_come(site: Demo) -> None:
    page = site.press("/demo/clock", to="fifteen-days")
    until(lambda: site.travel.present > MORNING)
    answer = site.web.get(page)
    assert answer.headers["refresh"] == "1"
    assert 'value="50"' in answer.text
    assert "on the way to Tue 17 March 2026, 08:40" in text_of(answer.text)
    assert 'href="/payables?q=a"' in answer.text


def test_the_page_leads_back_when_the_clock_has_arrived(site: Demo) -> None:
    page = site.press("/demo/clock", to="banking-day")
    site.travel.let_on.set()
    until(lambda: site.web.get(page).status_code == 303)
    assert site.web.get(page).headers["location"] == "/payables?q=a"
    assert site.travel.present == MORNING + timedelta(days=1)


def test_a_second_click_joins_the_move_that_is_under_way(site: Demo) -> None:
    site.press("/demo/clock", to="banking-day")
    page = site.press("/demo/clock", to="fifteen-days")
    assert "on the way to Tue 3 March 2026" in text_of(site.web.get(page).text)


def test_a_clock_that_waits_for_somebody_says_so_and_is_not_asked_for_again(site: Demo) -> None:
    site.travel.is_stuck = True
    page = site.press("/demo/clock", to="banking-day")
    site.travel.let_on.set()
    until(lambda: "refresh" not in site.web.get(page).headers)
    assert "The clock stands" in text_of(site.web.get(page).text)


def test_a_killed_service_is_shown_until_it_has_come_back(site: Demo) -> None:
    page = site.press("/demo/kill")
    answer = site.web.get(page)
    assert answer.headers["refresh"] == "1"
    assert "Connections was killed" in text_of(answer.text)
    assert "Process 51 ended without a word" in text_of(answer.text)
    site.programs.answers.set()
    until(lambda: "refresh" not in site.web.get(page).headers)
    back = text_of(site.web.get(page).text)
    assert "It answered again after 0." in back
    assert "process 52, started 2 times" in back


@pytest.mark.parametrize(("path", "form"), [("/demo/clock", {"to": "yesterday"}),
                                            ("/demo/kill", {"service": "outside"})])  # fmt: skip
def test_what_there_is_no_lever_for_moves_nothing(
    site: Demo, path: str, form: dict[str, str]
) -> None:
    assert site.web.post(path, data=form).status_code == 422
    assert (site.travel.present, site.programs.pids["sync"]) == (MORNING, 51)


@pytest.mark.parametrize("path", ["/demo/clock", "/demo/kill"])
def test_a_form_of_another_site_moves_nothing(site: Demo, path: str) -> None:
    answer = site.web.post(
        path, data={"to": "banking-day"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert (site.travel.present, site.programs.pids["sync"]) == (MORNING, 51)


def test_it_leads_back_to_no_other_site(site: Demo) -> None:
    site.press("/demo/kill")
    page = site.web.get("/demo/kill", params={"back": "//elsewhere.test/"})
    assert "elsewhere" not in page.text
