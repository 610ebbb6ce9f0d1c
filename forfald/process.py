"""One service as a process: its parts in threads, its pages and API on one port, until told to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from forfald.house import builder, surroundings_of
from shared.runtime import Runtime
from shared.service import Surroundings
from shared.settings import Settings
from shared.telemetry import start_telemetry


def run_service(name: str, settings: Settings, port: int, only: Iterable[str] = ()) -> None:
    """Run a service on loopback `port` (0: no web) until SIGTERM or SIGINT.

    `only` names the parts to run here (watermark, feed, projector, schedules, effects, relay, api);
    none means all of them.
    """
    start_telemetry(name, settings)
    surroundings = surroundings_of(settings)
    service = builder(name)(surroundings)
    runtime = Runtime(service, surroundings)
    runtime.refuse_to_leak()
    wanted = set(only)
    stop = threading.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: stop.set())
    server = None
    if port and (not wanted or "api" in wanted):
        app = service.web(runtime) if service.web else Starlette(routes=[_ALIVE])
        server = serve_in_thread(app, settings.get("listen_host", "127.0.0.1"), port)
    with _as_told(settings, surroundings):
        runtime.run(stop, wanted)
    if server is not None:
        server.should_exit = True
    runtime.close()


@contextmanager
def _as_told(settings: Settings, surroundings: Surroundings) -> Iterator[None]:
    """With one guarantee off where a demonstration asks for that (setting `break`)."""
    rule = settings.get("break")
    if not rule:
        yield
        return
    from forfald.breakage import broken

    with broken(rule, surroundings):
        yield


def serve_until_told(app: object, host: str, port: int) -> None:
    """An ASGI app on a port until SIGTERM or SIGINT."""
    stop = threading.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: stop.set())
    server = serve_in_thread(app, host, port)
    stop.wait()
    server.should_exit = True


async def _alive(_: Request) -> JSONResponse:
    return JSONResponse({"status": "alive"})


_ALIVE = Route("/healthz", _alive)
"""All that a service without pages answers."""


def serve_in_thread(app: object, host: str, port: int) -> uvicorn.Server:
    """An ASGI app on a port, in a thread of its own; ends with `should_exit`."""
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]  # any ASGI app
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, name="web", daemon=True).start()
    return server
