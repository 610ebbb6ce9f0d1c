"""The image: what goes into it, by hash, and what does not."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def locked(name: str) -> dict[str, str]:
    """A lock file's entries, hashes included, by package."""
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", re.sub(r"\n    #.*", "", "\n" + text))
    return {entry.partition("==")[0]: entry.strip() for entry in entries if "==" in entry}


def own(requirement: str) -> str:
    """The package of a requirement: `psycopg[binary]>=3.3` is `psycopg`."""
    name = re.match(r"[A-Za-z0-9_-]+", requirement)
    assert name
    return name[0].lower()


def test_the_linter_of_dockerfiles_finds_nothing() -> None:
    done = subprocess.run(
        ["hadolint", ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_has_the_versions_and_hashes_that_the_tests_ran_with() -> None:
    image, tested = locked("deploy/runtime.lock"), locked("requirements.lock")
    assert image
    assert {name for name in image if image[name] != tested.get(name)} == set()


def test_the_image_has_all_that_the_programs_need_and_no_tools() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    image = locked("deploy/runtime.lock")
    needed = {own(requirement) for requirement in project["dependencies"]}
    tools = {own(requirement) for requirement in project["optional-dependencies"]["dev"]}
    assert needed <= image.keys()
    # Whatever the programs need themselves is no tool: pikepdf reads metadata with lxml.
    assert image.keys() & tools - needed <= {"eventsourcing", "lxml"}


def test_both_stages_stand_on_one_pinned_version() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", bases[0])


def test_the_last_word_on_the_user_is_a_number_that_is_not_root() -> None:
    (user,) = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)


def test_what_is_copied_exists_and_is_let_through_by_the_ignore_file() -> None:
    sources = re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_through = {line[1:] for line in ignored if line.startswith("!")}
    assert set(sources) == let_through
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert "*" in ignored
