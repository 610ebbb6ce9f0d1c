"""One person at one client: what they may do there, until they may do nothing any more.

    (nothing) --InviteUser--> active --GrantRole / RevokeRole--> active --DisableUser--> disabled

Disabling is for ever: somebody who comes back is invited anew, as a new person with a new id, so
that nothing that was signed by the old one ever counts again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID, uuid5

from services.tenants.commands import (
    DisableUser,
    GrantRole,
    InviteUser,
    MembershipCommand,
    RevokeRole,
)
from services.tenants.events import (
    MembershipEvent,
    RoleGranted,
    RoleRevoked,
    UserDisabled,
    UserInvited,
)
from services.tenants.model.words import known_language, known_role
from shared.decider import Decider, Rejected


@dataclass(frozen=True, slots=True)
class Membership:
    """`user_id` is None until the person is invited."""

    user_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    disabled: bool = False


def membership_id(client_id: UUID, user_id: UUID) -> UUID:
    """Derived, so that nobody is a member of one client twice."""
    return uuid5(client_id, f"membership:{user_id}")


def decide(command: MembershipCommand, membership: Membership) -> Sequence[MembershipEvent]:
    match command:
        case InviteUser():
            return _invite(command, membership)
        case GrantRole():
            return _grant(command, membership)
        case RevokeRole():
            return _revoke(command, membership)
        case DisableUser():
            return _disable(membership)
        case _:
            assert_never(command)


def _invite(command: InviteUser, membership: Membership) -> Sequence[MembershipEvent]:
    _not_disabled(membership)
    if membership.user_id is not None:
        return []
    language = known_language(command.language)
    return [UserInvited(command.user_id, command.name, command.email, language)]


def _grant(command: GrantRole, membership: Membership) -> Sequence[MembershipEvent]:
    role = known_role(command.role)
    user_id = _invited(membership)
    _not_disabled(membership)
    return [] if role in membership.roles else [RoleGranted(user_id, role)]


def _revoke(command: RevokeRole, membership: Membership) -> Sequence[MembershipEvent]:
    role = known_role(command.role)
    user_id = _invited(membership)
    return [RoleRevoked(user_id, role)] if role in membership.roles else []


def _disable(membership: Membership) -> Sequence[MembershipEvent]:
    user_id = _invited(membership)
    return [] if membership.disabled else [UserDisabled(user_id)]


def _invited(membership: Membership) -> UUID:
    if membership.user_id is None:
        raise Rejected("Nobody of this id works for this company.", code="unknown_user")
    return membership.user_id


def _not_disabled(membership: Membership) -> None:
    if membership.disabled:
        raise Rejected("This person has been disabled. Invite them anew.", code="disabled")


def evolve(membership: Membership, event: MembershipEvent) -> Membership:
    match event:
        case UserInvited():
            return Membership(event.user_id)
        case RoleGranted():
            return replace(membership, roles=membership.roles | {event.role})
        case RoleRevoked():
            return replace(membership, roles=membership.roles - {event.role})
        case UserDisabled():
            return replace(membership, roles=frozenset(), disabled=True)
        case _:
            assert_never(event)


MEMBERSHIP: Decider[MembershipCommand, Membership, MembershipEvent] = Decider(
    decide, evolve, Membership()
)


def may_disable(works_for: Iterable[UUID], administered: Iterable[UUID]) -> None:
    """Refuse to end what somebody does for companies that the asker does not administer.

    Otherwise whoever administers one company could invite a colleague of another and disable them
    there. An administrator of the agency administers all its companies.
    """
    if set(works_for) - set(administered):
        raise Rejected(
            "This person also works for companies that you do not administer. Revoke their roles "
            "here, or ask an administrator of your accountant's office.",
            code="works_elsewhere",
        )
