"""Whose an account is that is paid from: one client's, and no other's.

One connection to the bank serves all clients, so the bank would pay from any account that it opens for
us, whoever asks. The first client to name an account keeps it. It is known by a fingerprint that is the
same for every client; nobody sees whose it is, only that it is another's.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from shared.decider import Rejected
from shared.vault import Vault
from shared.work import Work

_ALL_CLIENTS: Final = UUID(int=0)
_TAKE = """
    insert into payer_account (fingerprint, tenant_id) values (%s, %s) on conflict do nothing
"""
_IS_OURS = "select from payer_account where fingerprint = %s and tenant_id = %s"


def take(work: Work, vault: Vault, account: str) -> None:
    """Say that this client pays from an account. Raises Rejected where another one does."""
    place = (vault.fingerprint(_ALL_CLIENTS, f"payer:{account}"), work.tenant_id)
    work.raw.execute(_TAKE, place)
    if work.raw.execute(_IS_OURS, place).fetchone() is None:
        raise Rejected(
            "another company pays from this account",
            code="account_taken",
            field="debtor_account",
        )
