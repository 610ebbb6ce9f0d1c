"""The vendor's own client understands what the simulated agency says."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from simulators.agency.state import Creditor
from tests.simulators.debitura_client import environment
from tests.simulators.test_agency import KEY, stage

TALK = Path(environment.__file__).with_name("talk.py")


@pytest.fixture(scope="module")
def python() -> Path:
    """The Python that the vendor's client is installed for; made once, then kept."""
    try:
        return environment.python()
    except environment.ClientUnavailable as error:
        pytest.skip(str(error))


def test_the_vendors_client_accepts_every_answer(python: Path) -> None:
    creditor = Creditor("8f0e8a52-0c9c-4d0e-9d57-6a6a5b1f3f10", KEY, "Dora ApS", fee="20.5")
    with stage(creditor=creditor) as one:
        done = subprocess.run(
            [python, TALK, one.address, KEY],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == {
            "same": True,
            "gross": 1200.5,
            "lifecycle": ["PendingVerification", "Closed"],
            "close_code": "Paid",
            "advanced": [True, "Closed:Paid"],
            "fetched": "VENDORS-CLIENT-1",
            "chats": [True],
            "payments": [1200.5],
            "timeline": 4,
            "listed": [True],
            "all_payments": 1,
            "signed": True,
            "me": "Dora ApS",
            "secret": True,
            "events": ["case.closed"],
            "missing": 404,
        }
        assert one.judged.complaints() == []
