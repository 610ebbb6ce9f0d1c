"""Secrets of an installation: made once, together, for their owner."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from forfald.secret_files import fresh, make
from shared.web.doors import verifying_keys


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    assert make(folder) == len(fresh())
    before = {path.name: path.read_text() for path in folder.iterdir()}
    assert make(folder) == 0
    assert {path.name: path.read_text() for path in folder.iterdir()} == before
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_lacks_some_is_refused_by_name(tmp_path: Path) -> None:
    make(tmp_path / "secrets")
    (tmp_path / "secrets" / "bank_token").unlink()
    with pytest.raises(FileNotFoundError, match="lacks bank_token"):
        make(tmp_path / "secrets")


def test_the_keys_belong_together_and_the_public_ones_say_nothing_private() -> None:
    made = fresh()
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(made["approvals_private_key"]))
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(made["approvals_public_key"]))
    public.verify(private.sign(b"yes"), b"yes")
    key = json.loads(made["assertion_private_key"])
    assert set(verifying_keys(made["assertion_keys"])) == {key["kid"]}
    assert key["d"] not in made["assertion_keys"]


def test_no_two_installations_share_a_secret() -> None:
    one, other = fresh(), fresh()
    assert not [name for name in one if one[name] == other[name]]
