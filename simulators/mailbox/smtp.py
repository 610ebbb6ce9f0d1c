"""The SMTP side: takes every mail on loopback, except where a fault says otherwise."""

from __future__ import annotations

import asyncio
import ssl
from typing import Protocol

from aiosmtpd.smtp import SMTP

from simulators.mailbox.faults import FaultKind
from simulators.mailbox.post_office import PostOffice

LOOPBACK = "127.0.0.1"
MAIL_BYTES_MAX = 10_000_000


class Envelope(Protocol):
    """What the server library knows of the mail in hand."""

    mail_from: str
    rcpt_tos: list[str]
    original_content: bytes


class Connection(Protocol):
    """The server library's protocol object."""

    transport: asyncio.Transport


class Reception:
    """Answers the server library's questions; the method names are its own."""

    def __init__(self, post_office: PostOffice) -> None:
        self._post_office = post_office

    async def handle_RCPT(  # noqa: N802  the library's name
        self,
        _connection: Connection,
        _session: object,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        recipient = address.lower()
        fault = self._post_office.meet_fault(recipient, FaultKind.REFUSE, FaultKind.POSTPONE)
        if fault is None:
            envelope.rcpt_tos.append(recipient)
            return "250 2.1.5 Recipient accepted"
        if fault.kind is FaultKind.REFUSE:
            return "550 5.1.1 No such mailbox"
        return "451 4.3.0 Try again later"

    async def handle_DATA(  # noqa: N802  the library's name
        self, connection: Connection, _session: object, envelope: Envelope
    ) -> str:
        for recipient in envelope.rcpt_tos:
            fault = self._post_office.meet_fault(
                recipient, FaultKind.DROP_KEPT, FaultKind.DROP_LOST
            )
            if fault is None or fault.kind is FaultKind.DROP_KEPT:
                self._post_office.keep(recipient, envelope.mail_from, envelope.original_content)
            if fault:
                await drop(connection)
        return "250 2.0.0 Kept"


async def drop(connection: Connection) -> None:
    """Close without an answer; the library cancels whatever waits on a lost connection."""
    connection.transport.abort()
    await asyncio.Event().wait()


async def serve(post_office: PostOffice, port: int, tls: ssl.SSLContext | None) -> asyncio.Server:
    """Listen on loopback; port 0 takes a free one. With a certificate, encryption is required."""
    reception = Reception(post_office)

    def connection() -> SMTP:
        return SMTP(
            reception,
            data_size_limit=MAIL_BYTES_MAX,
            hostname="mailbox.example",
            tls_context=tls,
            require_starttls=tls is not None,
        )

    return await asyncio.get_running_loop().create_server(connection, LOOPBACK, port)


def port_of(server: asyncio.Server) -> int:
    port: int = server.sockets[0].getsockname()[1]
    return port
