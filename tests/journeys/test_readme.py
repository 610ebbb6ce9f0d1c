"""Whatever the README says to type is typed here, in a fresh clone, as a newcomer would.

A command that stands there and is not tried here fails the first test. What is cloned is what is
committed: a file that was forgotten is missed here, too.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import httpx
import pytest

ROOT: Final = Path(__file__).parents[2]
BLOCKS: Final = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INVOICE: Final = "2048311"
# What a test run leaves in the environment, and a newcomer's terminal has not.
OURS: Final = ("PYTEST", "FORFALD", "MAKE", "MFLAGS", "ARGS", "VIRTUAL_ENV")
PATIENCE_S: Final = 600


def newcomers_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    folders = kept["PATH"].split(os.pathsep)
    ours = str(ROOT / ".venv")
    return {**kept, "PATH": os.pathsep.join(one for one in folders if not one.startswith(ours))}


@dataclass(frozen=True)
class Said:
    code: int
    text: str


def type_in(folder: Path, command: str, *more: str) -> Said:
    """Run one line to its end; what it said on both channels."""
    done = subprocess.run(
        [*command.split(), *more],
        cwd=folder, env=newcomers_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    return Said(done.returncode, done.stdout)


@dataclass
class Demonstration:
    """`make demo` in a terminal of its own: a session, so that Ctrl-C reaches all that it started."""

    process: subprocess.Popen[bytes]
    output: Path
    folder: Path

    def said(self) -> str:
        return self.output.read_text()

    def address(self) -> str:
        """Where the office is, once it says so."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := re.search(r"The office +(http://\S+)", self.said())):
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)
        return found[1]

    def ctrl_c(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
            self.process.wait(PATIENCE_S)


@pytest.fixture(scope="module")
def clone() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="forfald-newcomer-") as folder:
        # Where we are root, PostgreSQL runs as somebody else and must come through.
        Path(folder).chmod(0o711)
        clone = Path(folder) / "forfald"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        yield clone


@pytest.fixture(scope="module")
def demonstration(clone: Path) -> Iterator[Demonstration]:
    """On any free port, as `make` lists it: several test runs share this machine."""
    output = clone.parent / "demo.said"
    with output.open("wb") as said, start(clone, said) as process:
        demonstration = Demonstration(process, output, clone)
        try:
            yield demonstration
        finally:
            demonstration.ctrl_c()


def start(folder: Path, said: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["make", "demo", "ARGS=--port 0"],
        cwd=folder, env=newcomers_environment(), stdin=subprocess.DEVNULL, stdout=said,
        stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip


def everything_holds(text: str) -> None:
    assert re.search(r"^I1 .* 3 debits +holds$", text, re.MULTILINE)
    assert re.search(r"^I12 .* [1-9][\d,]* events +holds$", text, re.MULTILINE)
    held = {line.split()[0] for line in text.splitlines() if line.endswith(" holds")}
    numbers = ("1", "1b", "1c", "2", "3", "3b", "3c", "4", "5", "6", "8", "9", "10", "11", "12")
    assert held == {f"I{number}" for number in numbers}
    assert text.endswith(f"All {len(held)} hold.\n")


def the_chain_is_told(text: str) -> None:
    """Each step after the one that led to it, by whom, and decided in a file that is there."""
    steps = [line.split() for line in text.splitlines()[1:]]
    assert [step[0] for step in steps] == [str(n) for n in range(1, len(steps) + 1)]
    for event, by, file in (
        ("InvoiceSeen", "sync", "services/sync/model/item.py"),
        ("PaymentDrafted", "payments", "services/payments/model/drafting.py"),
        ("ApprovalAsked", "Mette Kjær", "services/payments/model/approving.py"),
        ("YesGiven", "Henrik Fjordvig", "services/approvals/model/request.py"),
    ):
        assert re.search(rf"{event} +{by} +{re.escape(file)}$", text, re.MULTILINE), event
    assert {step[-1] for step in steps if not (ROOT / step[-1]).is_file()} == set()
    led_to_draft = re.search(r"^ *\d+ +(\d+) .* PaymentDrafted ", text, re.MULTILINE)
    assert led_to_draft
    assert "InvoiceSeen" in steps[int(led_to_draft[1]) - 1]


def all_is_well(text: str) -> None:
    assert len(text.splitlines()) > len(("tenants", "sync", "payments", "approvals"))
    assert all(line.startswith("✓ ") for line in text.splitlines())


def the_journey_is_played(text: str) -> None:
    rows = [line.split()[-8:] for line in text.splitlines() if re.match(r"\w{3} \d\d Mar ", line)]
    ready, blocked, asked, scheduled, at_bank, unknown, paid, bookkept = zip(*rows, strict=True)
    assert (ready[0], asked[1], unknown[3]) == ("7", "9", "2")
    assert (ready[-1], asked[-1], at_bank[-1], unknown[-1]) == ("0",) * 4
    assert int(paid[-1]) == int(bookkept[-1]) > int(paid[0])
    last = f"{paid[-1]} paid, {bookkept[-1]} bookkept; {scheduled[-1]} wait for their day"
    assert f"{last}, {blocked[-1]} for a person." in text


def some_tests_pass(text: str) -> None:
    assert re.search(r"^[1-9]\d* passed in ", text, re.MULTILINE)
    assert "of a budget of 900 s" in text


WHILE_IT_RUNS: Final[dict[str, Callable[[str], None]]] = {
    ".venv/bin/forfald verify": everything_holds,
    ".venv/bin/forfald follow 2048311": the_chain_is_told,
    ".venv/bin/forfald doctor": all_is_well,
}
# All tests would run this one again, for ever: a few show that the command does its set-up and runs.
BY_ITSELF: Final[dict[str, tuple[Callable[[str], None], tuple[str, ...]]]] = {
    ".venv/bin/forfald demo --script payables --exit": (the_journey_is_played, ()),
    "make test": (some_tests_pass, ("ARGS=tests/house/test_decisions.py",)),
}


def test_every_command_of_the_readme_is_tried_here() -> None:
    blocks = BLOCKS.findall((ROOT / "README.md").read_text())
    typed = [line for block in blocks for line in block.splitlines()]
    assert sorted(typed) == sorted(["make demo", *WHILE_IT_RUNS, *BY_ITSELF])


def test_the_demonstration_says_where_the_office_is(demonstration: Demonstration) -> None:
    browser = httpx.Client(headers={"accept": "text/html"}, follow_redirects=True, trust_env=False)
    with browser:
        page = browser.get(demonstration.address())
    assert page.status_code == 200
    assert "Mette Kjær" in page.text
    assert "{" not in demonstration.said(), "logs are in files, not in the newcomer's terminal"


@pytest.mark.parametrize("command", WHILE_IT_RUNS)
def test_asked_from_a_second_terminal_it_answers(
    demonstration: Demonstration, command: str
) -> None:
    demonstration.address()
    said = type_in(demonstration.folder, command)
    assert said.code == 0, said.text
    WHILE_IT_RUNS[command](said.text)


def test_a_second_demonstration_leaves_the_first_alone(demonstration: Demonstration) -> None:
    demonstration.address()
    said = type_in(demonstration.folder, ".venv/bin/forfald demo")
    assert said.code == 2
    assert "a demonstration runs in .demo already" in said.text


def test_ctrl_c_ends_it_in_order(demonstration: Demonstration) -> None:
    address = demonstration.address()
    demonstration.ctrl_c()
    assert demonstration.said().endswith("Ending …\n")
    logs = (demonstration.folder / ".demo" / "logs").glob("*.jsonl")
    told = "".join(log.read_text() for log in logs)
    assert "did not end" not in told, "a process had to be killed"
    with pytest.raises(httpx.ConnectError):
        httpx.get(address, trust_env=False)
    after = type_in(demonstration.folder, ".venv/bin/forfald verify")
    assert after.code == 2
    assert "PostgreSQL does not answer" in after.text


@pytest.mark.parametrize("command", BY_ITSELF)
def test_what_plays_by_itself_plays_to_its_end(demonstration: Demonstration, command: str) -> None:
    """Once the demonstration has ended, which has made the set-up."""
    demonstration.address()
    demonstration.ctrl_c()
    reads, more = BY_ITSELF[command]
    said = type_in(demonstration.folder, command, *more)
    assert said.code == 0, said.text
    reads(said.text)
