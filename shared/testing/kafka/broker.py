"""One Apache Kafka broker in a folder of its own, as a real process.

Measured with 4.3.1 on OpenJDK 17 and two shared cores: formatting 0.9 s, ready after 2.4 s, 165 MB
resident, an orderly stop 0.5 s, back 3.5 s after a kill.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from typing import Self

from shared.clock import WallClock
from shared.processes import LOOPBACK, clear_away, end, free_port, one_at_a_time, works_in
from shared.testing.kafka.jars import RECIPE, KafkaUnavailable, installed

_PATIENCE_S = 60
_TRIES = 3
_GLANCE_S = 0.05
# A small heap without the compiler and collector that only a long life pays back.
_JVM = ["-Xms64m", "-Xmx256m", "-XX:MaxDirectMemorySize=64m", "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"]  # fmt: skip
# One node is broker and controller at once (KRaft), so every internal topic has one copy.
SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # A killed broker may register again only when its old session has run out (9 s by default).
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "200",
    "group.initial.rebalance.delay.ms": "0",
    "auto.create.topics.enable": "false",
    "num.network.threads": "2",
    "num.io.threads": "2",
    "log.cleaner.dedupe.buffer.size": "4194304",
    "log.segment.bytes": "16777216",
}


class KafkaBroker:
    """The broker of one folder; started again there, it has its ports and its records again."""

    def __init__(self, folder: Path, jars: Path | None = None) -> None:
        self.folder = folder.absolute()
        self._jars = jars or installed()
        self._log = self.folder / "kafka.log"
        self._pid_file = self.folder / "kafka.pid"
        self._port_file = self.folder / "port"
        self._answered_file = self.folder / "answered"
        java = shutil.which("java")
        if java is None:
            raise KafkaUnavailable(
                "Kafka needs Java 17 or newer: apt-get install openjdk-17-jre-headless"
            )
        self._java = java

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def bootstrap_servers(self) -> str:
        return f"{LOOPBACK}:{self._port_file.read_text(encoding='utf-8')}"

    def start(self) -> None:
        """Start the broker unless it lives; returns when it answers an administrator's question."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with one_at_a_time(self.folder / "start.lock"):
            for left in reversed(range(_TRIES)):
                try:
                    self._start()
                    break
                except KafkaUnavailable:
                    if not left:
                        raise
                    self.kill()
                    # Somebody may have taken a port between its choice and its use. Once it has
                    # answered there, clients know it, and it must be found there again.
                    if not self._answered_file.exists():
                        self._port_file.unlink(missing_ok=True)

    def _start(self) -> None:
        if self.pid() is None:
            self._configure()
            self._launch()
        asyncio.run(self._wait_until_it_answers())
        self._answered_file.touch()

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the broker as a failing machine would, for fault tests."""
        self._end(signal.SIGKILL)

    def pid(self) -> int | None:
        if not self._pid_file.exists():
            return None
        pid = int(self._pid_file.read_text(encoding="utf-8"))
        return pid if works_in(pid, self.folder) else None

    def _end(self, how: signal.Signals) -> None:
        pid = self.pid()
        if pid is not None and not end(pid, how, _PATIENCE_S):
            raise KafkaUnavailable(f"Kafka would not end: {self._last_words()}")

    def _configure(self) -> None:
        """Settings and an empty log, on ports chosen once; whole when the port file is there."""
        if self._port_file.exists():
            return
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        port, controller = free_port(), free_port()
        chosen = SETTINGS | {
            "controller.quorum.voters": f"1@{LOOPBACK}:{controller}",
            "listeners": f"PLAINTEXT://{LOOPBACK}:{port},CONTROLLER://{LOOPBACK}:{controller}",
            "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{port}",
            "log.dirs": str(self.folder / "data"),
        }
        text = "".join(f"{name}={value}\n" for name, value in chosen.items())
        (self.folder / "server.properties").write_text(text, encoding="utf-8")
        # "=" and not a blank: a random id may begin with a hyphen.
        cluster = f"--cluster-id={secrets.token_urlsafe(16)}"
        if self._run("kafka.tools.StorageTool", "format", cluster, "-c").wait(_PATIENCE_S):
            raise KafkaUnavailable(f"Kafka could not format its folder: {self._last_words()}")
        self._port_file.write_text(str(port), encoding="utf-8")

    def _launch(self) -> None:
        process = self._run("kafka.Kafka")
        clear_away(process)
        self._pid_file.write_text(str(process.pid), encoding="utf-8")

    def _run(self, *what: str) -> subprocess.Popen[str]:
        """A Java program on our settings. A wrong name of the log option is silently ignored."""
        logging = f"-Dlog4j2.configurationFile={(RECIPE / 'log4j2.properties').as_uri()}"
        command = [self._java, *_JVM, logging, "-cp", f"{self._jars}/*", *what, "server.properties"]
        with self._log.open("a", encoding="utf-8") as log:
            return subprocess.Popen(  # noqa: S603  Java, on verified jars
                command,
                cwd=self.folder,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )

    async def _wait_until_it_answers(self) -> None:
        deadline = WallClock().monotonic() + _PATIENCE_S
        while not await self._answers():
            if self.pid() is None or WallClock().monotonic() > deadline:
                raise KafkaUnavailable(f"Kafka would not start: {self._last_words()}")
            await asyncio.sleep(_GLANCE_S)

    async def _answers(self) -> bool:
        """A port that opens is not enough: the broker must know itself as part of the cluster."""
        host, _, port = self.bootstrap_servers.rpartition(":")
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) != 0:  # the client would complain at length
                return False
        from aiokafka.admin import AIOKafkaAdminClient
        from aiokafka.errors import KafkaError

        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap_servers)
        try:
            await admin.start()
            return bool((await admin.describe_cluster())["brokers"])
        except (KafkaError, OSError):
            return False
        finally:
            await admin.close()

    def _last_words(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return " / ".join(lines[-8:]) + f" (all of it in {self._log})"
