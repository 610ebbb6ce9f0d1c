"""The secrets of an installation as files, one each, made where they are missing.

    python -m forfald.secret_files .demo/secrets

A setting `FORFALD_X` is read from the file that `FORFALD_X_FILE` names. The folder is its owner's
alone; the files in it can be read by whichever user a container runs as.
"""

from __future__ import annotations

import base64
import json
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import ECKey, OKPKey


def fresh() -> Mapping[str, str]:
    """New secrets by setting: keys that belong together are made together."""
    evidence = Ed25519PrivateKey.generate()
    pushes = ECKey.generate_key("P-256")
    assertions = OKPKey.generate_key("Ed25519", {"kid": secrets.token_hex(4)})
    return {
        "postgres_superuser_password": secrets.token_urlsafe(24),
        "postgres_secret": secrets.token_hex(32),
        "approvals_private_key": base64.b64encode(evidence.private_bytes_raw()).decode(),
        "approvals_public_key": base64.b64encode(evidence.public_key().public_bytes_raw()).decode(),
        "assertion_private_key": json.dumps(assertions.as_dict(private=True)),
        "assertion_keys": json.dumps({"keys": [assertions.as_dict(private=False)]}),
        "push_private_key": json.dumps(pushes.as_dict(private=True)),
        "registration_secret": secrets.token_urlsafe(24),
        "bank_token": secrets.token_urlsafe(24),
        "print_secret": secrets.token_urlsafe(24),
    }


def make(folder: Path) -> int:
    """Make the files and return how many; nothing is made beside secrets that are there already.

    A half-made folder would mix keys that do not belong together, so it is refused by name.
    """
    wanted = fresh()
    missing = [name for name in wanted if not (folder / name).exists()]
    if missing and len(missing) < len(wanted):
        raise FileNotFoundError(f"{folder} lacks {', '.join(missing)}: mend it or empty it")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in missing:
        (folder / name).write_text(wanted[name], encoding="utf-8")
        (folder / name).chmod(0o444)
    return len(missing)


if __name__ == "__main__":
    place = Path(sys.argv[1] if sys.argv[1:] else ".demo/secrets")
    print(f"{make(place)} secrets made in {place}")
