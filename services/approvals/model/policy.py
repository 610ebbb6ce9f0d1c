"""How many must say yes: a client's policy, by amount and currency, in versions.

    (none) --BeginPolicy--> version 1 --SetPolicy--> version 2 --> ...

A request binds the version in force when it was sought. A version that asks for fewer takes effect
a day later, so that a hijacked session cannot loosen the policy and pay in one sitting; one that
asks for more takes effect when it is wanted to.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import assert_never
from uuid import UUID, uuid5

from services.approvals.commands import BeginPolicy, PolicyCommand, SetPolicy
from services.approvals.events import PolicySet
from shared.contracts.values import PolicyTier
from shared.decider import Decider, Rejected
from shared.evidence import approvers_needed
from shared.money import Money, MoneyError

MOST = 2
LOOSENING_WAITS = timedelta(hours=24)
BEGINNING = tuple(PolicyTier(currency, 0, 1) for currency in ("DKK", "EUR", "NOK", "SEK"))
"""One approver for everything."""
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""The first policy holds for whatever is put forward before it is heard of."""

Policy = tuple[PolicySet, ...]
"""The versions, oldest first."""

_UNNAMED = "XTS"  # ISO 4217: reserved for testing, so no policy names it


def policy_id(tenant_id: UUID) -> UUID:
    return uuid5(tenant_id, "approvals:policy")


def in_force(policy: Policy, at: datetime) -> PolicySet:
    """The latest word among those that had taken effect; the first one before any had."""
    return max(
        (version for version in policy if version.effective_at <= at),
        key=lambda version: version.version,
        default=policy[0],
    )


def decide(command: PolicyCommand, policy: Policy) -> Sequence[PolicySet]:
    match command:
        case BeginPolicy():
            return [] if policy else [PolicySet(1, BEGINNING, ALWAYS)]
        case SetPolicy():
            return set_policy(command, policy)
        case _:
            assert_never(command)


def set_policy(command: SetPolicy, policy: Policy) -> Sequence[PolicySet]:
    if not command.may_set:
        raise Rejected(
            "only an administrator of the company sets who must approve",
            code="not_an_administrator",
        )
    tiers = tuple(sorted(command.tiers, key=lambda tier: (tier.currency, tier.above_minor)))
    _check(tiers)
    if policy and tiers == policy[-1].tiers:
        return []
    effective_at = max(command.effective_at, command.at)
    if any(asks_for_fewer(tiers, version.tiers) for version in still_counting(policy, command.at)):
        effective_at = max(effective_at, command.at + LOOSENING_WAITS)
    return [PolicySet(len(policy) + 1, tiers, effective_at, command.set_by)]


def still_counting(policy: Policy, at: datetime) -> Policy:
    """The version in force and those that will be."""
    return tuple(v for v in policy if v == in_force(policy, at) or v.effective_at > at)


def asks_for_fewer(tiers: Sequence[PolicyTier], than: Sequence[PolicyTier]) -> bool:
    """Whether some payment needs fewer approvers by the first tiers than by the second."""
    steps = {(tier.currency, tier.above_minor) for tier in (*tiers, *than)} | {(_UNNAMED, 0)}
    amounts = [Money(above_minor + 1, currency) for currency, above_minor in steps]
    return any(approvers_needed(tiers, one) < approvers_needed(than, one) for one in amounts)


def _check(tiers: Sequence[PolicyTier]) -> None:
    """Refuse tiers that leave an amount open or ask for fewer as amounts grow."""
    if not tiers:
        raise _wrong("a policy says how many approve in at least one currency", "no_tiers")
    below: PolicyTier | None = None
    for tier in tiers:
        try:
            Money(tier.above_minor + 1, tier.currency)
        except MoneyError as error:
            raise _wrong(str(error), "not_money") from error
        if not 0 <= tier.approvers <= MOST:
            raise _wrong("nobody, one or two people approve", "approvers_out_of_range")
        if below is None or below.currency != tier.currency:
            if tier.above_minor != 0:
                raise _wrong(f"say who approves the smallest amounts in {tier.currency}", "no_base")
        elif tier.above_minor == below.above_minor:
            raise _wrong(f"{tier.currency} has the same limit twice", "limit_twice")
        elif tier.approvers < below.approvers:
            raise _wrong("a larger amount cannot need fewer people", "fewer_for_more")
        below = tier


def _wrong(text: str, code: str) -> Rejected:
    return Rejected(text, code=code, field="tiers")


def evolve(policy: Policy, event: PolicySet) -> Policy:
    return (*policy, event)


POLICY: Decider[PolicyCommand, Policy, PolicySet] = Decider(decide, evolve, ())
