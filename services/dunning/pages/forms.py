"""The fields of the forms that several pages have, and how what comes back in them is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from services.dunning.model.creditor import Creditor
from services.dunning.pages import words
from services.dunning.pages.words import Say
from shared.decider import Rejected
from shared.sealed import Sealed
from shared.ui.parts import Choice, Field
from shared.vault import Vault


def day(text: str) -> date | None:
    """A day as a date field sends it; None where it was left empty."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Rejected("this is no day", code="date_unreadable", field="until_on") from error


def choices(named: Mapping[str, str]) -> list[Choice]:
    return [Choice(code, title) for code, title in named.items()]


def pause_fields(gettext: Say) -> list[Field]:
    return [
        Field("pause_code", gettext("Why"), "select", choices=choices(words.pauses(gettext))),
        Field(
            "until_on",
            gettext("Until"),
            "date",
            hint=gettext("That day counts as paused. Empty: until somebody resumes it."),
        ),
    ]


def dispute_fields(gettext: Say, prefix: str = "") -> list[Field]:
    return [
        Field(
            f"{prefix}code", gettext("What the debtor says"), "select",
            choices=choices(words.disputes(gettext)),
        ),
        Field(f"{prefix}text", gettext("In their words"), "textarea"),
    ]  # fmt: skip


def exclude_fields(gettext: Say, prefix: str = "") -> list[Field]:
    return [
        Field(
            f"{prefix}code", gettext("Why"), "select", choices=choices(words.exclusions(gettext))
        ),
        Field(
            f"{prefix}until",
            gettext("Until"),
            "date",
            hint=gettext("Empty: until somebody includes it again."),
        ),
    ]


def timelines(creditor: Creditor, gettext: Say) -> list[Choice]:
    """The main one stands first and has no name of its own here."""
    main = gettext("The main timeline (%(name)s)") % {"name": creditor.main}
    others = [Choice(name, name) for name in sorted(creditor.timelines) if name != creditor.main]
    return [Choice("", main), *others]


def timeline_field(found: Sequence[Choice], value: str, gettext: Say) -> Field:
    hint = gettext("Counts from the next letter on; what was sent stays as it was.")
    return Field("timeline", gettext("Timeline"), "select", value, hint, choices=found)


def colleagues(
    vault: Vault, tenant_id: UUID, names: Mapping[UUID, Sealed], able: Collection[UUID]
) -> list[Choice]:
    """Whom a note may mention."""
    found = [
        Choice(str(user_id), str(vault.open(tenant_id, name)))
        for user_id, name in names.items()
        if user_id in able
    ]
    return sorted(found, key=lambda one: one.title.casefold())
