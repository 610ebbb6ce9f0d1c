"""One service as a process: its parts in threads, its pages and API on one port, until told to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from forfald.house import builder, surroundings_of
from shared.processes import wait_until_told
from shared.runtime import Runtime
from shared.service import Surroundings
from shared.settings import Settings
from shared.telemetry import start_telemetry

_GRACE_S = 5


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
        server = serve_in_thread(app, settings.get("listen_host", "127.0.0.1"), port, stop.set)
    with _as_told(settings, surroundings):
        runtime.run(stop, wanted)
    if server is not None:
        server.end()
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
    server = serve_in_thread(app, host, port, stop.set)
    wait_until_told(stop)
    server.end()


async def _alive(_: Request) -> JSONResponse:
    return JSONResponse({"status": "alive"})


_ALIVE = Route("/healthz", _alive)
"""All that a service without pages answers."""


class Serving(uvicorn.Server):
    """A server in a thread of its own."""

    def begin(self, gone: Callable[[], object]) -> None:
        """`gone` is called when it has ended, though nobody told it to, as where its port is taken."""
        self._thread = threading.Thread(target=self._live, args=(gone,), name="web", daemon=True)
        self._thread.start()

    def _live(self, gone: Callable[[], object]) -> None:
        try:
            with suppress(SystemExit):  # having said why
                self.run()
        finally:
            gone()

    def end(self) -> None:
        """Take nothing more, and return when what was asked has been answered, or has had its time."""
        self.should_exit = True
        self._thread.join(2 * _GRACE_S)


def serve_in_thread(
    app: object, host: str, port: int, gone: Callable[[], object] = lambda: None
) -> Serving:
    """An ASGI app on a port, in a thread of its own; see `Serving.begin`."""
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]  # any ASGI app
        host=host,
        port=port,
        log_config=None,  # a process says where its words go; one more server would change it for all
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    server = Serving(config)
    server.begin(gone)
    return server
