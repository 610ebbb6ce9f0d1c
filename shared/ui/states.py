"""States as people see them: one word, one shape, one tone, the same in lists, timelines and mails.

Loudness follows the need for a person. *Quiet*, *go* and *ok* have no ground; *wait* and *stop*
stand on their tint: somebody must act; *lost* is inverse: nobody knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Tone = Literal["quiet", "go", "ok", "wait", "stop", "lost"]


@dataclass(frozen=True, slots=True)
class State:
    """`word` is English and looked up in the reader's catalogue; `%(…)s` in it are figures."""

    word: str
    icon: str
    tone: Tone = "quiet"


PAYMENT_STATES: Final[Mapping[str, State]] = {
    "ready": State("Ready", "s-open", "go"),
    "blocked": State("Blocked", "s-stop", "stop"),
    "asked": State("Waiting for approval", "s-half"),
    "partly_approved": State("%(given)s of %(needed)s approved", "s-half"),
    "rejected": State("Rejected", "s-back", "stop"),
    "approved": State("Approved", "s-yes", "go"),
    "scheduled": State("Scheduled", "s-clock", "go"),
    "held": State("Held", "s-hold", "wait"),
    "waiting_for_funds": State("Waiting for funds", "s-hold", "wait"),
    "sending": State("Sending", "s-go", "go"),
    "at_the_bank": State("At the bank", "s-go", "go"),
    "unknown": State("Outcome unknown", "s-lost", "lost"),
    "paid": State("Paid", "s-done", "ok"),
    "bookkept": State("Bookkept", "s-book", "ok"),
    "refused": State("Refused by the bank", "s-refused", "stop"),
    "returned": State("Returned", "s-back", "stop"),
    "cancelling": State("Cancelling", "s-void"),
    "cancelled": State("Cancelled", "s-void"),
    "nothing_to_pay": State("Nothing to pay", "s-void"),
    "credit": State("Credit of %(sum)s", "s-back"),
}

RECEIVABLE_STATES: Final[Mapping[str, State]] = {
    "not_due": State("Not due", "s-open"),
    "overdue": State("Overdue", "s-fall"),
    "listed": State("On today’s list", "s-clock", "go"),
    "reminded": State("Reminded", "s-letter"),
    "statement_sent": State("Statement sent", "s-letter"),
    "warned": State("Warned", "s-warned"),
    "paused": State("Paused", "s-hold"),
    "no_address": State("No address", "s-stop", "wait"),
    "disputed": State("Disputed", "s-talk", "wait"),
    "rule_missing": State("Rule missing", "s-stop", "stop"),
    "ready_for_collection": State("Ready for collection", "s-agency", "wait"),
    "handover_held": State("Handover held", "s-hold", "wait"),
    "in_collection": State("In collection", "s-agency"),
    "settled": State("Settled", "s-done", "ok"),
    "reopened": State("Reopened", "s-back", "wait"),
}

ACCOUNT_STATES: Final[Mapping[str, State]] = {
    "verified": State("Verified", "s-done", "ok"),
    "not_verified": State("Not verified", "s-stop", "wait"),
    "suspended": State("Suspended", "s-stop", "stop"),
}

LEDGER_STATES: Final[Mapping[str, State]] = {
    "agrees": State("Agrees", "s-done", "ok"),
    "differs": State("Differs", "s-refused", "wait"),
    "no_consent": State("No consent", "s-stop", "stop"),
    "connecting": State("Connecting", "s-clock"),
    "no_access": State("No access", "s-stop", "stop"),
    "wrong_company": State("Another company", "s-stop", "stop"),
}

RUN_STATES: Final[Mapping[str, State]] = {
    "running": State("Reading", "s-clock", "go"),
    "completed": State("Read", "s-done", "ok"),
    "failed": State("Not read", "s-refused", "wait"),
}

DOCUMENT_STATES: Final[Mapping[str, State]] = {
    "to_book": State("To book", "s-open", "go"),
    "supplier_unknown": State("Supplier unknown", "s-stop", "wait"),
    "to_confirm": State("To be confirmed", "s-stop", "wait"),
    "cannot": State("Cannot be booked", "s-stop", "stop"),
    "asked": State("Being booked", "s-go", "go"),
    "booked": State("Booked", "s-book", "ok"),
}

POSTING_STATES: Final[Mapping[str, State]] = {
    "sought": State("Being booked", "s-go", "go"),
    "uncertain": State("Outcome unknown", "s-lost", "lost"),
    "posted": State("Booked", "s-book", "ok"),
    "refused": State("Refused by the ledger", "s-refused", "stop"),
}

DELIVERY_STATES: Final[Mapping[str, State]] = {
    "intended": State("On its way", "s-clock", "go"),
    "gathered": State("Waits for a summary", "s-hold"),
    "joined": State("Told in a summary", "s-letter"),
    "sent": State("Sent", "s-go", "go"),
    "delivered": State("Delivered", "s-done", "ok"),
    "bounced": State("Bounced", "s-refused", "stop"),
    "refused": State("Not sent", "s-stop", "stop"),
    "unknown": State("Outcome unknown", "s-lost", "lost"),
}

LETTER_STATES: Final[Mapping[str, State]] = {
    "intended": State("On its way", "s-clock", "go"),
    "drawn": State("On its way", "s-clock", "go"),
    "sent": State("Sent", "s-letter", "ok"),
    "unknown": State("Outcome unknown", "s-lost", "lost"),
    "refused": State("Not sent", "s-stop", "stop"),
    "bounced": State("Came back", "s-back", "wait"),
    "withheld": State("Withheld", "s-void"),
    "failed": State("Not delivered", "s-stop", "stop"),
}

EFFECT_STATES: Final[Mapping[str, State]] = {
    "intended": State("Waits its turn", "s-clock"),
    "attempted": State("Under way", "s-go", "go"),
    "unknown": State("Outcome unknown", "s-lost", "lost"),
    "stuck": State("Stuck", "s-stop", "stop"),
    "refused": State("Refused", "s-refused"),
    "done": State("Done", "s-done", "ok"),
}

MACHINE_STATES: Final[Mapping[str, State]] = {
    "parked": State("Set aside", "s-hold", "stop"),
    "late": State("Late", "s-clock", "wait"),
    "unreachable": State("Not reachable", "s-stop", "stop"),
}

STATION_STATES: Final[Mapping[str, State]] = {
    "booked": State("Booked", "s-done"),
    "ready": State("Ready", "s-done"),
    "asked": State("Asked", "s-done"),
    "approved": State("Approved", "s-done"),
    "scheduled": State("Scheduled", "s-done"),
    "paid": State("Paid", "s-done"),
    "bookkept": State("Bookkept", "s-done"),
}
"""The seven stations of a payment, in the order of its life."""
