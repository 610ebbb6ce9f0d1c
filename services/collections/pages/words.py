"""Codes in words: how far an invoice or a case is, why it waits, who can mend it, what happened.

Each text stands once in English here and once per language in the catalogues.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from services.collections.queries import CaseRow
from services.collections.values import CaseState, ClaimState
from shared.ui.states import DELIVERY_STATES, PAYMENT_STATES, RECEIVABLE_STATES, State

Say = Callable[[str], str]

PLANNED: Final = State("Goes by itself", "s-clock", "go")
CLAIMS: Final = {
    ClaimState.NEW: RECEIVABLE_STATES["ready_for_collection"],
    ClaimState.READY: RECEIVABLE_STATES["ready_for_collection"],
    ClaimState.PLANNED: PLANNED,
    ClaimState.HELD: RECEIVABLE_STATES["handover_held"],
    ClaimState.SENT: RECEIVABLE_STATES["in_collection"],
    ClaimState.OVER: RECEIVABLE_STATES["in_collection"],
}
_LEGAL: Final = State("In court", "s-agency")
_WATCHED: Final = State("Watched by the agency", "s-agency")
_REFUSED: Final = State("Refused by the agency", "s-refused", "stop")
_RECALLED: Final = State("Taken back", "s-back")
_UNCOLLECTABLE: Final = State("Nothing to be got", "s-void", "wait")
_CLOSED: Final = State("Closed", "s-done")


def case_shape(one: CaseRow) -> State:
    match one.state:
        case CaseState.NEW | CaseState.SUBMITTED:
            return PAYMENT_STATES["sending"]
        case CaseState.OUTCOME_UNKNOWN:
            return PAYMENT_STATES["unknown"]
        case CaseState.REFUSED:
            return _REFUSED
        case CaseState.NOT_SENT:
            return DELIVERY_STATES["refused"]
        case CaseState.RECALLED:
            return _RECALLED
        case CaseState.CLOSED:
            ends = {"paid": PAYMENT_STATES["paid"], "uncollectable": _UNCOLLECTABLE}
            return ends.get(one.code or "", _CLOSED)
        case CaseState.ACTIVE:
            known = {
                "legal": _LEGAL,
                "surveillance": _WATCHED,
                "paused": RECEIVABLE_STATES["paused"],
            }
            return known.get(one.status or "", RECEIVABLE_STATES["in_collection"])


def hold(code: str, gettext: Say) -> str:
    """Why an invoice does not go, and who can mend it."""
    return {
        "deceased": gettext("The debtor has died: nothing is collected before a person says so."),
        "insolvent": gettext("The debtor is insolvent: the claim is made in the estate instead."),
        "disputed": gettext("The debtor contests it: it stays here until that is settled."),
        "paused": gettext("It is paused."),
        "withdrawn": gettext("It is gone from the ledger."),
        "excluded": gettext("This debtor is left out, by your settings."),
        "ledger_drifts": gettext(
            "The ledger’s control account and its open items differ: somebody must look there."
        ),
        "letter_under_way": gettext("A letter to the debtor is on its way."),
        "warning_failed": gettext(
            "The collection warning came back: it is to be sent again first."
        ),
        "settled": gettext("It is paid."),
        "only_charges_left": gettext(
            "Only interest and fees are left: nobody is sent to collection for those alone."
        ),
        "unmatched_items": gettext(
            "The debtor has payments or credit notes that are matched with nothing. Match them in "
            "the ledger."
        ),
        "debtor_unknown": gettext(
            "No agency could find the debtor: name or address is missing in the ledger."
        ),
        "not_ready": gettext("The collection warning has not run out."),
        "stopped": gettext("A person stopped it."),
        "refused": gettext("The agency did not take it. Look at the case before it goes again."),
        "recalled": gettext("It was taken back from the agency."),
        "never_arrived": gettext("The agency says that it never got the case."),
        "closed": gettext("The agency has closed its case, and it is still owed."),
    }.get(code, gettext("It waits (%(code)s).") % {"code": code})


def refusal(code: str, gettext: Say) -> str:
    """Why the rules did not do it, and what helps; nothing has changed then."""
    return {
        "no_agency": gettext("Choose an agency first."),
        "no_agreement": gettext("The agency has not agreed yet: nothing is handed over before."),
        "nothing_chosen": gettext("Choose at least one invoice."),
        "already_sent": gettext("It has left already: ask the agency to let go of the case."),
        "not_at_agency": gettext("The agency has no such case that is open."),
        "outcome_known": gettext("The agency has answered meanwhile. Look at it again."),
        "reason_missing": gettext("Write why: it is kept with your name."),
        "role_missing": gettext("Your role at this company does not allow it."),
        "agency_unknown": gettext("There is no such agency here."),
        "key_missing": gettext("The agency’s key is missing."),
        "email_unreadable": gettext("This is no mail address."),
        "stop_days_out_of_range": gettext("Between 1 and 30 banking days to stop a case."),
        "weekday": gettext("Cases go on a day from Monday to Friday."),
        "minimum": gettext("Write the amount as it stands here, with its decimals."),
    }.get(code, gettext("That is not possible as things stand. Look at it again."))


def happened(gettext: Say) -> dict[str, str]:
    """What happened to a case, by the event's name."""
    return {
        "CaseSent": gettext("Handed to the agency"),
        "CaseNotSent": gettext("The agency could not be reached: it did not leave"),
        "CaseOutcomeUnknown": gettext("No answer came: it is not sent again"),
        "OutcomeAlertRaised": gettext("Still no answer: somebody must ask the agency"),
        "AgencyWordReported": gettext("A person has the agency’s word that it never came"),
        "CaseFoundAfterAll": gettext("The agency has it after all"),
        "CaseAccepted": gettext("The agency has it"),
        "CaseRefused": gettext("The agency does not take it"),
        "MoneyNoted": gettext("The ledger sets money off against it"),
        "AgencyCollected": gettext("The debtor paid the agency"),
        "CollectionTakenBack": gettext("What the debtor paid the agency was taken back"),
        "PayOutRecognised": gettext("The agency paid out"),
        "MoneyNotTold": gettext("The agency need not hear of it"),
        "TellingSought": gettext("The agency is to be told"),
        "TellingDone": gettext("The agency has been told"),
        "TellingUnknown": gettext("No answer came: the message is looked for at the agency"),
        "TellingRefused": gettext("The agency would not hear it: somebody must tell it"),
        "StatusLearnt": gettext("How far the agency is"),
        "CaseRecalled": gettext("Taken back"),
        "CaseClosed": gettext("Closed by the agency"),
    }


def telling(kind: str, gettext: Say) -> str:
    return {
        "payment": gettext("paid to the creditor"),
        "credit_note": gettext("credited"),
        "reversal": gettext("counts no more"),
        "withdrawal": gettext("the creditor wants it back"),
        "pause": gettext("the creditor asks it to wait"),
    }[kind]


def standing(state: str, gettext: Say) -> str:
    """How an agreement with an agency stands."""
    return {
        "none": gettext("not asked"),
        "offered": gettext("asked; its answer is awaited"),
        "awaited": gettext("something is still to be signed with the agency"),
        "agreed": gettext("both agree"),
        "ended": gettext("ended"),
    }[state]
