"""The same request twice has one effect and one answer.

`Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header-07, which lapsed in 2026: cited as
a draft) is required on every POST that moves money. The key is kept with the digest of the body and
the first answer, in the transaction of the effect, so that a crash in between keeps neither. The
same key with another body is a conflict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Final

import msgspec
import psycopg
from eventsourcing.persistence import IntegrityError
from fastapi import Depends, Request

from shared.web.problem import CONFLICT, INVALID, FieldError, Problem
from shared.work import Work

HEADER: Final = "Idempotency-Key"
_LENGTH_MAX: Final = 200
_FIND = "select digest, status, body from command_result where tenant_id = %s and command_key = %s"
_KEEP = """
    insert into command_result
        (tenant_id, command_key, digest, status, body, position, answered_at)
    values (%s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class RequestKey:
    """What makes a request the same one: where it was sent under which key, and what it asked for."""

    key: str
    digest: bytes


async def request_key(request: Request) -> RequestKey:
    """The dependency of a POST that moves money: 422 without a usable key."""
    key = request.headers.get(HEADER, "")
    if not key or len(key) > _LENGTH_MAX or not key.isprintable():
        detail = f"A header of at most {_LENGTH_MAX} printable characters is required."
        raise Problem(
            INVALID, errors=[FieldError(field=HEADER, rule="required_header", detail=detail)]
        )
    asked = request.url.query.encode() + b"\n" + await request.body()
    return RequestKey(f"{request.url.path} {key}", sha256(asked).digest())


OnceKey = Annotated[RequestKey, Depends(request_key)]


def once(work: Work, request: RequestKey, answer: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
    """The first answer to this request: status and JSON body.

    `answer` runs at most once per key, in the transaction that keeps what it answered. Raises
    Problem (409) when the key was used for another body.
    """
    found = work.raw.execute(_FIND, (work.tenant_id, request.key)).fetchone()
    if found is not None:
        digest, status, body = found
        if bytes(digest) != request.digest:
            raise Problem(
                CONFLICT,
                "This key was used for another request: take a new key, or send the same body.",
                "idempotency_key_reused",
            )
        return int(status), msgspec.json.decode(bytes(body))
    status, content = answer()
    kept = msgspec.json.encode(content)
    try:
        work.raw.execute(_KEEP, (
            work.tenant_id, request.key, request.digest, status, kept, work.position, work.now,
        ))  # fmt: skip
    except psycopg.errors.UniqueViolation as error:
        # The same request is being answered beside us: ours is rolled back and reads its answer.
        raise IntegrityError("the same request was answered first") from error
    return status, msgspec.json.decode(kept)
