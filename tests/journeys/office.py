"""The house with its doors open: every service's pages on loopback, behind one port."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from forfald.house import SERVICES
from forfald.ingress import ingress
from shared.postgres import Server
from shared.processes import free_port
from shared.testing.servers import serve
from tests.journeys.house import MONDAY, THURSDAY, House, running


@contextmanager
def opened(server: Server, services: Sequence[str] = SERVICES) -> Iterator[tuple[House, str]]:
    """The house on its first morning, and the address that all of its pages are found at."""
    # Services are told each other's addresses when they are built, before anybody listens there.
    ports = {name: free_port() for name in (*services, "ingress")}
    urls = {f"{name}_url": f"http://127.0.0.1:{port}" for name, port in ports.items()}
    settings = {**urls, "public_url": urls["ingress_url"], "demo": "on"}
    with running(server, THURSDAY, None, services, **settings) as house, ExitStack() as stack:
        for name in services:
            runtime = house.runtimes[name]
            assert runtime.service.web is not None, f"{name} has pages"
            stack.enter_context(serve(runtime.service.web(runtime), ports[name]))
        # Services ask each other for documents already while the first days are lived.
        house.opening().play(MONDAY)
        routes = {name: urls[f"{name}_url"] for name in services}
        routes["mailbox"] = house.urls["mailbox_url"]
        gate = ingress(routes, default=urls["tenants_url"])
        yield house, stack.enter_context(serve(gate, ports["ingress"]))
