"""Personal values: sealed under their subject's key, opened only where a person is shown or written to.

A sealed value is AES-256-GCM under a key of its own per (tenant, subject). The tenant and subject are
bound as associated data, so a value moved to another subject or tenant does not open. Keys live in a
database of their own, wrapped by a master key. Forgetting a person deletes the key: what is sealed
then opens as `Erased`, and every event, hash and sum stays as it was.
"""

from __future__ import annotations

import base64
import hmac
import os
from collections.abc import Collection
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.database import Database
from shared.eventstore.recorder import begin
from shared.sealed import ERASED, Erased, Sealed

__all__ = ["ERASED", "SCHEMA", "CannotOpen", "Erased", "Forgotten", "Sealed", "Vault"]

_NONCE = 12


class CannotOpen(Exception):
    """The value was not sealed for this tenant and subject, or has been altered."""


class Forgotten(Exception):
    """The subject's key has been deleted."""


_KEY = "select wrapped_key from subject_key where tenant_id = %s and subject = %s"
_KEYS = "select subject, wrapped_key from subject_key where tenant_id = %s and subject = any(%s)"
_NEW_KEY = """
    insert into subject_key (tenant_id, subject, wrapped_key) values (%s, %s, %s)
    on conflict (tenant_id, subject) do nothing
"""
_FORGET = """
    update subject_key set wrapped_key = null, erased_at = now()
    where tenant_id = %s and subject = %s and erased_at is null
"""
SCHEMA = """
create table subject_key (
    tenant_id   uuid not null,
    subject     uuid not null,
    wrapped_key bytea,
    erased_at   timestamptz,
    primary key (tenant_id, subject),
    check ((wrapped_key is null) = (erased_at is not null))
);
alter table subject_key enable row level security;
alter table subject_key force row level security;
create policy own_tenants on subject_key to keys_app using (tenant_id = any(
    nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert, update on subject_key to keys_app;
"""


class Vault:
    """Seals and opens. One per process; only services that hold the grant are given its address."""

    def __init__(self, dsn: str, master_key: bytes) -> None:
        self._database = Database(dsn, pool_size=4)
        self._master = AESGCM(master_key)
        self._fingerprint_key = hmac.new(master_key, b"fingerprint", sha256).digest()

    def seal(self, tenant_id: UUID, subject: UUID, value: str) -> Sealed:
        """Seal a value for a subject; the subject's key is made when there is none yet.

        Raises Forgotten: nothing new is kept about a subject once it has been forgotten.
        """
        key = self._key(tenant_id, subject) or self._new_key(tenant_id, subject)
        nonce = os.urandom(_NONCE)
        ciphertext = AESGCM(key).encrypt(nonce, value.encode(), tenant_id.bytes + subject.bytes)
        return Sealed(subject, base64.b64encode(nonce + ciphertext).decode())

    def open(self, tenant_id: UUID, value: Sealed) -> str:
        """The plain value, or ERASED when the subject has been forgotten. Raises CannotOpen."""
        try:
            key = self._key(tenant_id, value.subject)
        except Forgotten:
            return ERASED
        if key is None:
            raise CannotOpen("this tenant holds no key for the subject")
        return _opened(key, tenant_id, value)

    def open_all(self, tenant_id: UUID, values: Collection[Sealed]) -> dict[Sealed, str]:
        """Many at once, as a list of names needs them: their keys are fetched together."""
        subjects = sorted({value.subject for value in values})
        with self._database.connection(begin([tenant_id])) as transaction:
            rows = transaction.raw.execute(_KEYS, (tenant_id, subjects)).fetchall()
        wrapped = dict(rows)
        opened: dict[Sealed, str] = {}
        for value in values:
            if value.subject not in wrapped:
                raise CannotOpen("this tenant holds no key for the subject")
            kept = wrapped[value.subject]
            opened[value] = (
                ERASED
                if kept is None
                else _opened(
                    self._unwrapped(tenant_id, value.subject, bytes(kept)), tenant_id, value
                )
            )
        return opened

    def forget(self, tenant_id: UUID, subject: UUID) -> None:
        """Delete the subject's key. What is sealed under it is gone; nothing else changes."""
        with self._database.transaction([tenant_id], "vault:forget") as transaction:
            transaction.raw.execute(_NEW_KEY, (tenant_id, subject, b""))
            transaction.raw.execute(_FORGET, (tenant_id, subject))

    def fingerprint(self, tenant_id: UUID, value: str) -> str:
        """Equal for equal values of one tenant, and nothing else is learnt from it."""
        bound = tenant_id.bytes + value.encode()
        return hmac.new(self._fingerprint_key, bound, sha256).hexdigest()[:32]

    def _key(self, tenant_id: UUID, subject: UUID) -> bytes | None:
        with self._database.connection(begin([tenant_id])) as transaction:
            row = transaction.raw.execute(_KEY, (tenant_id, subject)).fetchone()
        if row is None:
            return None
        if row[0] is None:
            raise Forgotten("the subject has been forgotten")
        return self._unwrapped(tenant_id, subject, bytes(row[0]))

    def _unwrapped(self, tenant_id: UUID, subject: UUID, wrapped: bytes) -> bytes:
        bound = b"key" + tenant_id.bytes + subject.bytes
        return self._master.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], bound)

    def _new_key(self, tenant_id: UUID, subject: UUID) -> bytes:
        nonce = os.urandom(_NONCE)
        bound = b"key" + tenant_id.bytes + subject.bytes
        wrapped = nonce + self._master.encrypt(nonce, os.urandom(32), bound)
        with self._database.transaction([tenant_id], "vault:new key") as transaction:
            transaction.raw.execute(_NEW_KEY, (tenant_id, subject, wrapped))
        key = self._key(tenant_id, subject)  # ours, or that of whoever was quicker
        assert key is not None
        return key

    def close(self) -> None:
        self._database.close()


def _opened(key: bytes, tenant_id: UUID, value: Sealed) -> str:
    bound = tenant_id.bytes + value.subject.bytes
    try:
        blob = base64.b64decode(value.sealed, validate=True)
        return AESGCM(key).decrypt(blob[:_NONCE], blob[_NONCE:], bound).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("the value was sealed for somebody else, or altered") from error
