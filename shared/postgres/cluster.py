"""The first step of a server's life: its data folder, made whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from shared.postgres.account import Account, PostgresError
from shared.postgres.binaries import Binaries
from shared.scram import verifier

_BUILTIN_LOCALES_SINCE = 17


def initialise(
    data: Path,
    binaries: Binaries,
    account: Account,
    *,
    superuser: str,
    password_file: Path,
    durable: bool,
) -> None:
    """Run initdb beside the data's place and move the result there.

    The new password stays in `password_file`, readable by its owner only; initdb gets what the
    server keeps of it, by a file that is gone when initdb is.
    """
    password = secrets.token_urlsafe(24)
    unfinished = data.with_name("data.unfinished")
    handed_over = data.with_name("initdb.password")
    shutil.rmtree(unfinished, ignore_errors=True)
    write_secret(password_file, password)
    write_secret(handed_over, verifier(password))
    account.own(handed_over)
    command: list[str | Path] = [binaries.program("initdb"), "--pgdata", unfinished]
    command += [f"--username={superuser}", "--auth=scram-sha-256", f"--pwfile={handed_over}"]
    command += ["--encoding=UTF8", "--locale=C", *_letters(binaries.major), "--no-instructions"]
    command += ["--data-checksums"] if durable else ["--no-sync"]
    try:
        done = account.run(command, data.parent)
    finally:
        handed_over.unlink()
    if done.returncode:
        raise PostgresError(f"initdb could not make {data}: {done.stdout.strip()}")
    unfinished.rename(data)


def _letters(major: int) -> list[str]:
    """Sort by code point, know lower('Æ'): the same in every version and on every machine."""
    if major >= _BUILTIN_LOCALES_SINCE:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--lc-ctype=C.UTF-8"]


def write_secret(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as secret:
        secret.write(text)
