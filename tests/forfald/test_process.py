"""A service's process: how its web server ends."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from forfald.process import serve_in_thread
from shared.processes import LOOPBACK, free_port

PATIENCE_S = 10


def test_what_was_asked_before_the_end_is_answered_before_it() -> None:
    asked, ending = threading.Event(), threading.Event()

    def answer(_: Request) -> Response:
        asked.set()
        assert ending.wait(PATIENCE_S)
        return PlainTextResponse("done")

    port = free_port()
    server = serve_in_thread(Starlette(routes=[Route("/", answer)]), LOOPBACK, port)
    while not server.started:
        pass
    with ThreadPoolExecutor(2) as pool:
        answered = pool.submit(httpx.get, f"http://{LOOPBACK}:{port}/", trust_env=False)
        assert asked.wait(PATIENCE_S)
        ended = pool.submit(server.end)
        assert not ended.done()
        ending.set()
        ended.result(PATIENCE_S)
        assert answered.result(PATIENCE_S).text == "done"


def test_a_process_whose_port_is_taken_ends_and_does_not_live_on_unseen() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        gone = threading.Event()
        serve_in_thread(Starlette(), LOOPBACK, taken.getsockname()[1], gone.set)
        assert gone.wait(PATIENCE_S)
