"""What leaves a process by its logs and traces, and that one trace follows an event everywhere."""

from __future__ import annotations

import ast
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from shared.after import After
from shared.effects.intents import Intent, Reaction
from shared.effects.worker import Done, Outcome, Task
from shared.eventstore.events import Recorded
from shared.eventstore.mapper import EventMapper
from shared.postgres import Server
from shared.service import Service, Surroundings
from shared.settings import BadSetting, Settings
from shared.telemetry import current_traceparent, logs, span, start_telemetry
from shared.telemetry.metrics import REGISTRY
from shared.testing.world import World
from shared.work import Rules, Work
from tests.shared.toy import (
    PURSE,
    CoinsCounted,
    Errand,
    FillPurse,
    Mint,
    purse_service,
    teller_service,
)

ROOT = Path(__file__).parents[2]
CANARY = "Mette Kjær, 010190-1234"
START = datetime(2026, 3, 2, 7, tzinfo=UTC)


@pytest.fixture
def spans(tmp_path: Path) -> Iterator[Path]:
    """The file that spans go to; complete once the provider has been flushed."""
    file = tmp_path / "spans.jsonl"
    handlers = logging.getLogger().handlers[:]
    file.touch()
    yield file
    start_telemetry("test", Settings())
    logs.configure(None)
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(logging.WARNING)


def started(spans: Path) -> TracerProvider:
    return start_telemetry("purse", Settings({"traces": f"file:{spans}"}))


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def dropped(sink: str) -> float:
    return REGISTRY.get_sample_value("forfald_telemetry_dropped_total", {"sink": sink}) or 0


def find_account(payee: str) -> None:
    raise ValueError(f"no account for {payee}")


def pay(payee: str) -> None:
    try:
        find_account(payee)
    except ValueError as error:
        raise RuntimeError(payee) from error


def test_a_log_line_has_listed_fields_only_and_the_others_are_counted(
    spans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    started(spans)
    before = dropped("log")
    with span("toy") as traceparent:
        structlog.get_logger().info(
            "parked", consumer="teller", payee=CANARY, note=CANARY, record={"payee": CANARY}
        )
    written = capsys.readouterr().err
    assert CANARY not in written
    (line,) = lines(written)
    assert traceparent is not None
    assert line.pop("timestamp")
    assert line == {
        "event": "parked",
        "level": "info",
        "service": "purse",
        "consumer": "teller",
        "trace_id": traceparent.split("-")[1],
    }
    assert dropped("log") == before + 3


def test_an_exception_is_told_by_its_type_and_its_lines_of_code(
    spans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    started(spans)
    try:
        pay(CANARY)
    except RuntimeError:
        structlog.get_logger().exception("performer failed", kind="bank.send")
    written = capsys.readouterr().err
    (line,) = lines(written)
    assert "Mette" not in written
    assert line["error"] == "RuntimeError from ValueError"
    assert any("in pay: raise RuntimeError(payee) from error" in place for place in line["trace"])


def test_a_library_is_told_by_its_place_and_never_by_its_words(
    spans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    started(spans)
    logging.getLogger("httpx").warning("GET %s", f"https://bank.test/?name={CANARY}")
    written = capsys.readouterr().err
    (line,) = lines(written)
    assert "Mette" not in written
    assert (line["library"], line["level"]) == ("httpx", "warning")
    assert line["code"].startswith("test_telemetry:")


def test_logs_are_safe_before_anybody_has_started_them(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        pay(CANARY)
    except RuntimeError:
        structlog.get_logger().exception("part failed", payee=CANARY)
    written = capsys.readouterr().err
    assert "part failed" in written
    assert "Mette" not in written


def test_logs_go_to_a_file_that_a_setting_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "logs" / "purse.jsonl"
    logs.configure("purse", logs.written_to(f"file:{path}"))
    structlog.get_logger().info("part started", part="relay")
    logs.configure(None)
    (line,) = lines(path.read_text(encoding="utf-8"))
    assert (line["event"], line["part"], line["service"]) == ("part started", "relay", "purse")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("destination", ["console", "file:", ""])
def test_an_unknown_destination_of_logs_is_named(destination: str) -> None:
    with pytest.raises(BadSetting, match="FORFALD_LOGS"):
        start_telemetry("purse", Settings({"logs": destination}))


def send_and_tell_everything() -> None:
    with span("bank.send"):
        current = trace.get_current_span()
        current.set_attribute("payee", CANARY)
        current.set_attribute("http.route", "/payments/{payment_id}")
        current.add_event("noted", {"payee": CANARY})
        current.record_exception(ValueError(CANARY))
        pay(CANARY)


def test_a_span_leaves_with_listed_attributes_only(spans: Path) -> None:
    provider = started(spans)
    before = dropped("span")
    with pytest.raises(RuntimeError):
        send_and_tell_everything()
    provider.shutdown()
    written = spans.read_text()
    assert "Mette" not in written
    (line,) = lines(written)
    assert line["name"] == "bank.send"
    assert line["status"] == {"status_code": "ERROR"}
    assert line["attributes"] == {
        "http.route": "/payments/{payment_id}",
        "error.type": "RuntimeError",
    }
    assert line["resource"]["attributes"] == {"service.name": "purse"}
    assert dropped("span") == before + 3


@pytest.mark.parametrize("destination", ["otlp:http://collector", "file:", "nowhere"])
def test_a_destination_that_is_not_there_is_named(destination: str) -> None:
    with pytest.raises(ValueError, match=f"FORFALD_TRACES should be .*not '{destination}'"):
        start_telemetry("purse", Settings({"traces": destination}))


@pytest.mark.parametrize("given", [None, "", "garbage", f"00-{'0' * 32}-{'0' * 16}-01"])
def test_a_span_without_a_readable_trace_begins_one(given: str | None) -> None:
    with span("toy", given) as traceparent:
        assert traceparent is not None
        assert traceparent == current_traceparent()
        assert set(traceparent.split("-")[1]) != {"0"}


def sources() -> Iterable[Path]:
    for package in ("forfald", "services", "shared", "simulators"):
        yield from sorted((ROOT / package).rglob("*.py"))


def test_the_words_of_a_log_line_are_a_constant_in_the_code() -> None:
    levels = {"debug", "info", "warning", "error", "critical", "exception"}
    loose = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in levels
        and ast.unparse(node.func.value) in {"_log", "structlog.get_logger()"}
        and not (len(node.args) == 1 and isinstance(node.args[0], ast.Constant | ast.Name))
    ]
    assert loose == []


class Bell:
    """An effect of the teller: rings, and remembers the trace it rang in."""

    kind = "teller.ring"

    def __init__(self) -> None:
        self.rung: list[str | None] = []

    def perform(self, task: Task, now: datetime) -> Outcome:
        self.rung.append(current_traceparent())
        return Done()

    def find(self, task: Task, now: datetime) -> Outcome:
        raise AssertionError("every answer comes")

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        """Nothing follows from a bell."""


def ringing_teller(bell: Bell) -> Any:
    reactions: After[Reaction] = After()

    @reactions.after(CoinsCounted)
    def after_coins_counted(event: Recorded[CoinsCounted], state: int) -> Iterable[Reaction]:
        yield Intent("teller.ring", key=str(event.event_id), body=Errand(event.event.coins))

    def build(surroundings: Surroundings) -> Service:
        rules = Rules(EventMapper(CoinsCounted), reactions=reactions)
        return replace(teller_service(surroundings), rules=rules, performers=[bell])

    return build


def test_one_trace_goes_from_the_command_to_the_effect_in_another_service(
    postgres_server: Server, spans: Path
) -> None:
    provider = started(spans)
    bell, purse = Bell(), uuid4()
    services = [purse_service(Mint()), ringing_teller(bell)]
    with World(postgres_server, services, START) as world:
        with span("request") as request:
            world.work("purse", uuid4(), lambda work: work.execute(PURSE, purse, FillPurse(3)))
        world.settle()
    provider.shutdown()
    assert request is not None
    trace_id = request.split("-")[1]
    (rung,) = bell.rung
    assert rung is not None
    assert rung.split("-")[1] == trace_id
    found = {
        line["name"]
        for line in lines(spans.read_text())
        if line["context"]["trace_id"] == f"0x{trace_id}"
    }
    assert found == {
        "request", "command to purse", "mint.strike", "on forfald.purse.CoinsAdded.v1",
        "teller.ring",
    }  # fmt: skip
