"""Apache Kafka's jars, fetched by Maven and compared with the sums in the repository."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]
RECIPE = ROOT / "deploy" / "kafka"
_CHECKSUMS = RECIPE / "checksums.sha256"
_PATIENCE_S = 600


class KafkaUnavailable(RuntimeError):
    """There is no usable Kafka here; the text says what is missing and how to get it."""


def cache_folder() -> Path:
    """Where the jars of the version in the pom belong."""
    version = re.search(r"<kafka.version>(.+?)</kafka.version>", (RECIPE / "pom.xml").read_text())
    assert version is not None, "the pom names the version of Kafka"
    return ROOT / ".cache" / f"kafka-{version[1]}"


def installed(folder: Path | None = None) -> Path:
    """The folder of the verified jars, or `KafkaUnavailable`."""
    jars = folder or cache_folder()
    if not jars.is_dir():
        raise KafkaUnavailable(f"Kafka is not in {jars}: run `make kafka`")
    if wrong := differences(jars, _CHECKSUMS.read_text(encoding="utf-8")):
        raise KafkaUnavailable(
            f"the jars in {jars} are not the ones of {_CHECKSUMS}: {'; '.join(wrong)}. "
            "Remove the folder and run `make kafka`"
        )
    return jars


def fetch(folder: Path | None = None) -> Path:
    """Bring the jars here unless they are here already; the folder they are in."""
    jars = folder or cache_folder()
    if jars.is_dir():
        return installed(jars)
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaUnavailable("Maven fetches Kafka and is not installed: apt-get install maven")
    unverified = jars.with_name(f"{jars.name}.unverified")
    shutil.rmtree(unverified, ignore_errors=True)
    done = subprocess.run(  # noqa: S603  Maven, with our own pom
        [
            maven, "-q", "-B", "-f", RECIPE / "pom.xml", "dependency:copy-dependencies",
            f"-DoutputDirectory={unverified}",
        ],
        capture_output=True, text=True, check=False, timeout=_PATIENCE_S,
    )  # fmt: skip
    if done.returncode:
        raise KafkaUnavailable(f"Maven could not fetch Kafka: {done.stdout.strip()[-2000:]}")
    if wrong := differences(unverified, _CHECKSUMS.read_text(encoding="utf-8")):
        raise KafkaUnavailable(
            f"what Maven fetched is not what {_CHECKSUMS} names: {'; '.join(wrong)}. If the pom has "
            f"changed, read the list, then: (cd {unverified} && sha256sum *.jar) > {_CHECKSUMS}"
        )
    unverified.rename(jars)
    return jars


def differences(folder: Path, checksums: str) -> list[str]:
    """How the jars in a folder differ from a list as `sha256sum` writes it; empty when they agree."""
    wanted = {name: digest for digest, name in map(str.split, checksums.splitlines())}
    found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in folder.glob("*.jar")}
    return (
        [f"{name} is missing" for name in sorted(wanted.keys() - found.keys())]
        + [f"{name} is not listed" for name in sorted(found.keys() - wanted.keys())]
        + [
            f"{name} has another content"
            for name in sorted(wanted.keys() & found.keys())
            if wanted[name] != found[name]
        ]
    )
