"""The networks that services speak among themselves in. No ingress passes an internal path on.

GET /sync/internal/tenants/{tenant_id}/copies/{sha256}
GET /notifications/internal/tenants/{tenant_id}/documents/{sha256}
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

from fastapi import Request

from shared.settings import Settings
from shared.web.problem import not_found

Network: TypeAlias = IPv4Network | IPv6Network
_NETWORKS: Final = "networks with commas between, as 127.0.0.0/8,::1/128"
_LOOPBACK: Final = "127.0.0.0/8,::1/128"


def networks(setting: str) -> tuple[Network, ...]:
    """From a list with commas: `127.0.0.0/8,::1/128`."""
    return tuple(ip_network(part.strip()) for part in setting.split(",") if part.strip())


def mesh_of(settings: Settings) -> tuple[Network, ...]:
    """Setting `mesh`; without it this machine alone."""
    return settings.read("mesh", networks, _NETWORKS, _LOOPBACK)


def refuse_strangers(request: Request, mesh: Sequence[Network]) -> None:
    """Nobody but services finds this door."""
    if request.client is None or not _is_in(request.client.host, mesh):
        raise not_found()


def from_the_mesh(mesh: Sequence[Network]) -> Callable[[Request], None]:
    """A dependency for a router of internal paths."""

    def check(request: Request) -> None:
        refuse_strangers(request, mesh)

    return check


def _is_in(host: str, mesh: Sequence[Network]) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in mesh)
