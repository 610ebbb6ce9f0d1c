"""A mail server that says what it is told to: for answers that no well-behaved server gives."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

HANG_UP = ""
SILENCE = "silence"

WELL_BEHAVED = {
    "greeting": "220 scripted",
    "EHLO": "250 scripted",
    "HELO": "250 scripted",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "content": "250 kept",
    "QUIT": "221 bye",
}


@dataclass
class ScriptedServer:
    port: int
    heard: list[str] = field(default_factory=list)
    """The commands, and the content as one of them."""


@contextmanager
def scripted_server(**answers: str) -> Iterator[ScriptedServer]:
    """Serve one connection; an answer may be HANG_UP, or SILENCE until the client gives up."""
    script = WELL_BEHAVED | answers
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = ScriptedServer(listener.getsockname()[1])
        thread = Thread(target=serve_one, args=(listener, script, server.heard))
        thread.start()
        try:
            yield server
        finally:
            thread.join(timeout=10)
            assert not thread.is_alive(), "the client never came or never left"


def serve_one(listener: socket.socket, script: dict[str, str], heard: list[str]) -> None:
    connection, _ = listener.accept()
    connection.settimeout(10)
    with connection, connection.makefile("rb") as lines:
        step = "greeting"
        while True:
            answer = script[step]
            if answer == HANG_UP:
                return
            if answer == SILENCE:
                connection.recv(1)  # returns when the client has closed
                return
            try:
                connection.sendall(answer.encode() + b"\r\n")
            except OSError:  # the client has closed
                return
            if step == "DATA" and answer.startswith("354"):
                heard.append(content_of(iter(lines)))
                step = "content"
                continue
            line = lines.readline().decode()
            if not line:
                return
            heard.append(line.strip())
            step = line[:4].upper()


def content_of(lines: Iterator[bytes]) -> str:
    content = b""
    for line in lines:
        if line == b".\r\n":
            break
        content += line
    return content.decode()
