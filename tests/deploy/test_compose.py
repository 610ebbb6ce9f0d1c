"""The house in containers: nothing missing, nothing open, nobody root, no secret in clear."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from forfald.cli import app
from forfald.secret_files import fresh
from shared.testing.kafka.broker import SETTINGS

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
TEXT = FILE.read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
CONTAINERS = COMPOSE["services"]
# Verbs that the file needs and the command line does not have yet.
AWAITED_VERBS: set[str] = set()
# Words that speak of a secret, except where they speak of its public half.
SECRET = re.compile(r"SECRET|TOKEN|PRIVATE|PASSWORD|_KEYS?\b|_KEY_")

every_container = pytest.mark.parametrize("name", CONTAINERS)


def words(name: str) -> list[str]:
    return [str(word) for word in CONTAINERS[name].get("command", [])]


def packages(folder: str) -> set[str]:
    return {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}


def granted(name: str) -> set[str]:
    return set(CONTAINERS[name].get("secrets", []))


def environment(name: str) -> dict[str, str]:
    return dict(CONTAINERS[name].get("environment", {}))


def named_by(verb: str) -> set[str]:
    return {words(name)[1] for name in CONTAINERS if words(name)[:1] == [verb]}


def test_the_file_is_what_compose_reads() -> None:
    done = subprocess.run(
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", FILE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_service_has_a_container() -> None:
    assert packages("services") <= named_by("run")


def test_every_part_of_the_outside_world_has_a_container() -> None:
    assert packages("simulators") <= named_by("simulate")


def test_every_service_that_runs_is_migrated_before() -> None:
    (script,) = words("migrate")
    listed = re.search(r"for service in (.+?); do", script)
    assert listed
    assert set(listed[1].split()) == named_by("run")
    for service in named_by("run"):
        waits_for = CONTAINERS[service]["depends_on"]
        assert waits_for["migrate"] == {"condition": "service_completed_successfully"}


def test_every_verb_exists_or_is_awaited() -> None:
    used = {
        words(name)[0]
        for name, container in CONTAINERS.items()
        if container["image"] == "forfald" and "entrypoint" not in container
    }
    known = set(get_command(app).commands)  # type: ignore[attr-defined]  # a group of commands
    assert used - known == AWAITED_VERBS


def test_every_variable_has_a_default() -> None:
    variables = re.findall(r"(?<!\$)\$\{([^}]+)\}", TEXT)
    assert variables
    assert [variable for variable in variables if ":-" not in variable] == []


@every_container
def test_nobody_runs_as_root_or_can_become_it(name: str) -> None:
    container = CONTAINERS[name]
    assert str(container["user"]).partition(":")[0] not in {"", "0", "root"}
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert not container.get("privileged", False)


@every_container
def test_our_own_programs_cannot_write_to_their_image(name: str) -> None:
    container = CONTAINERS[name]
    assert container["image"] != "forfald" or container["read_only"] is True


def test_only_the_ingress_is_open_and_only_to_this_machine() -> None:
    assert {name for name, container in CONTAINERS.items() if "ports" in container} == {"ingress"}
    assert [port.startswith("127.0.0.1:") for port in CONTAINERS["ingress"]["ports"]] == [True]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert {
        name for name, container in CONTAINERS.items() if container["networks"] != ["inside"]
    } == {"ingress"}


@every_container
def test_a_container_is_given_the_secrets_that_it_reads_and_no_other(name: str) -> None:
    read = {
        Path(value).name for value in environment(name).values() if "/run/secrets/" in str(value)
    }
    assert granted(name) == read
    assert granted(name) <= set(COMPOSE["secrets"])


@every_container
def test_no_secret_stands_in_the_environment(name: str) -> None:
    assert not [
        key for key in environment(name) if SECRET.search(key) and not key.endswith("_FILE")
    ]


def test_whoever_checks_a_signature_cannot_make_one() -> None:
    holders = {name for name in CONTAINERS if "approvals_private_key" in granted(name)}
    assert holders - {"migrate"} == {"approvals"}
    holders = {name for name in CONTAINERS if "assertion_private_key" in granted(name)}
    assert holders - {"migrate"} == {"tenants"}


def test_the_door_for_services_is_open_to_the_inner_network_and_no_other() -> None:
    (inner,) = COMPOSE["networks"]["inside"]["ipam"]["config"]
    for name in ("tenants", "sync", "notifications"):
        assert environment(name)["FORFALD_MESH"] == inner["subnet"]


def test_the_secrets_are_those_that_can_be_made() -> None:
    assert set(COMPOSE["secrets"]) == set(fresh())
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"${{FORFALD_SECRETS:-.demo/secrets}}/{name}"}


def test_foreign_images_are_pinned_and_kafka_is_the_one_of_the_tests() -> None:
    pom = (ROOT / "deploy" / "kafka" / "pom.xml").read_text(encoding="utf-8")
    tested = re.search(r"<kafka.version>(.+?)<", pom)
    assert tested
    foreign = {container["image"] for container in CONTAINERS.values()} - {"forfald"}
    assert foreign == {"postgres:18", f"apache/kafka:{tested[1]}"}


@every_container
def test_whatever_is_waited_for_says_when_it_is_ready(name: str) -> None:
    for other, how in CONTAINERS[name].get("depends_on", {}).items():
        container = CONTAINERS[other]
        if how["condition"] == "service_healthy":
            # Our own image brings its health check along: see the Dockerfile.
            assert "healthcheck" in container or container["image"] == "forfald"
        else:
            assert container["restart"] == "no"


def kafka_settings() -> dict[str, str]:
    return {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in environment("kafka").items()
    }


# Where the broker of the tests stands, and what makes it small and quick to come back.
OF_A_PLACE = {"controller.quorum.voters", "listeners", "advertised.listeners", "log.dirs"}
OF_A_SMALL_BROKER = {
    "offsets.topic.num.partitions", "transaction.state.log.num.partitions",
    "broker.session.timeout.ms", "broker.heartbeat.interval.ms", "group.initial.rebalance.delay.ms",
    "num.network.threads", "num.io.threads", "log.cleaner.dedupe.buffer.size", "log.segment.bytes",
}  # fmt: skip


def test_kafka_is_set_as_the_broker_that_the_journey_is_played_on() -> None:
    played_on = {name: SETTINGS[name] for name in SETTINGS.keys() - OF_A_SMALL_BROKER}
    ours = kafka_settings()
    assert {name: ours[name] for name in ours.keys() - OF_A_PLACE} == played_on


def test_services_meet_where_kafka_listens_on_topics_with_one_copy() -> None:
    assert kafka_settings()["advertised.listeners"] == "PLAINTEXT://kafka:9092"
    addresses = {environment(name).get("FORFALD_BROKER") for name in CONTAINERS}
    assert addresses - {None} == {"kafka://kafka:9092"}
    assert words("topics") == ["topics", "--replicas", "1"]


def test_each_container_of_a_service_has_a_name_in_its_group_and_is_the_only_one() -> None:
    for service in named_by("run"):
        assert environment(service)["FORFALD_INSTANCE"] == "1"
        assert "deploy" not in CONTAINERS[service]
        assert "scale" not in CONTAINERS[service]
