"""Why a payment waits and who can mend it, in sentences. Codes go in, words come out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from services.payments.pages.words import Say
from shared.contracts.values import Fault

Numbers = Mapping[str, str]
"""The invoice number of each order that a reason may name, by the order's id."""
_HARD, _SOFT = "duplicate_hard", "duplicate_soft"


def together(faults: Iterable[Fault]) -> list[tuple[Fault, ...]]:
    """What is one matter to a person: all that makes an invoice look like one other invoice."""
    found: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        alone = fault.code != _SOFT
        key = (fault.code, f"{fault.field} {fault.expected}" if alone else fault.expected or "")
        found.setdefault(key, []).append(fault)
    return [tuple(group) for group in found.values()]


def orders_named(faults: Iterable[Fault]) -> set[UUID]:
    """The orders that reasons speak of."""
    return {
        UUID(fault.expected) for fault in faults if fault.code in {_HARD, _SOFT} and fault.expected
    }


def told(faults: Iterable[Fault], gettext: Say, numbers: Numbers) -> list[str]:
    """Each matter once."""
    sentences = [sentence(group, gettext, numbers) for group in together(faults)]
    return list(dict.fromkeys(sentences))


def sentence(group: Sequence[Fault], gettext: Say, numbers: Numbers) -> str:
    """Why, and who can mend it, in one or two sentences."""
    fault = group[0]
    other = numbers.get(fault.expected or "")
    if other is None or fault.code not in {_HARD, _SOFT}:
        return reason(fault, gettext)
    if fault.code == _HARD:
        said = gettext(
            "Paid or on its way already as invoice %(number)s: same supplier, number and amount. "
            "It is not paid twice."
        )
        return said % {"number": other}
    said = gettext(
        "Likely the same as invoice %(number)s: %(likeness)s. A second person may say that it is "
        "not."
    )
    return said % {"number": other, "likeness": _likeness(group, gettext)}


def _likeness(group: Sequence[Fault], gettext: Say) -> str:
    words = {
        "number": gettext("the number differs only in zeros, letters or signs"),
        "amount": gettext("the same amount"),
        "reference": gettext("the same payment reference"),
        "account": gettext("the account of another supplier"),
        "document": gettext("the same document"),
    }
    return ", ".join(words.get(fault.field, fault.field) for fault in group)


def reason(fault: Fault, gettext: Say) -> str:
    """One reason by itself."""
    reference = gettext("The payment reference cannot be right. Correct it in the ledger.")
    account = gettext("The account number cannot be right. Correct it in the ledger.")
    texts = {
        **_of_the_order(gettext),
        "account_missing": gettext(
            "There is no account to pay to. Add the payment details in the ledger."
        ),
        "missing_details": gettext(
            "There is no account to pay to. Add the payment details in the ledger."
        ),
        "payment_type_unknown": gettext(
            "The ledger names a way of payment that is not known here. Choose another one there."
        ),
        "reference_check_digit": gettext(
            "The payment reference is misprinted: its check digit should be %(expected)s. "
            "Correct it in the ledger, or ask the supplier."
        ),
        "reference_missing": gettext(
            "The payment reference is missing. Add it in the ledger, or ask the supplier."
        ),
        "reference_not_allowed": gettext(
            "This way of payment carries no reference. Remove it in the ledger."
        ),
        "reference_characters": reference,
        "reference_length": reference,
        "reference_length_digit": reference,
        "bic_not_allowed": gettext(
            "A bank code does not go with a domestic account. Remove it in the ledger."
        ),
        "invalid_bic": gettext("The bank code (BIC) cannot be right. Correct it in the ledger."),
        "account_not_a_creditor": account,
        "account_characters": account,
        "account_check_digit": account,
        "account_length": account,
        "invalid_iban": account,
    }
    other = gettext("Something on the invoice cannot be right. Look at it in the ledger.")
    return texts.get(fault.code, other) % {"expected": fault.expected or ""}


def _of_the_order(gettext: Say) -> dict[str, str]:
    """What an order itself is kept for."""
    return {
        "account_differs": gettext(
            "The account is not the one that was paid the last time. A second person must "
            "confirm it by a call to a number known before."
        ),
        "duplicate_hard": gettext(
            "Paid or on its way already: same supplier, number and amount. It is not paid twice."
        ),
        "duplicate_soft": gettext(
            "Likely the same as another invoice of this supplier. A second person may say that "
            "it is not."
        ),
        "externally_exported": gettext(
            "It was put into a bank file in the ledger. A second person must confirm that the "
            "file was not sent."
        ),
        "several_means": gettext(
            "The e-invoice offers several ways to pay. A second person must confirm that this is "
            "the right one, or it is entered in the ledger."
        ),
        "direct_debit": gettext(
            "The supplier collects it by direct debit: paying it too would be paying twice. A second "
            "person may say that it is not collected."
        ),
        "already_paid": gettext("The ledger says that it was paid outside Forfald."),
        "due_date_unknown": gettext(
            "It is due after %(expected)s, which can hardly be right. Correct it in the ledger."
        ),
        "nothing_left": gettext("Nothing remains to be paid: the ledger has settled it."),
        "credit_note_arrived": gettext(
            "A credit note of this supplier is not yet set against an invoice. Match it in the "
            "ledger, or confirm that the full amount is to be paid."
        ),
        "amount_above_remaining": gettext(
            "The amount is more than what remains of the invoice. Change the amount."
        ),
        "foreign_currency": gettext(
            "Only payments in %(expected)s can be made from this account so far."
        ),
        "mandate_revoked": gettext(
            "Somebody who approved it may not approve any more. Send it to approval again."
        ),
        "digest_changed": gettext(
            "It is not any more what was approved. Send it to approval again."
        ),
        "bank_has_it": gettext("The bank has it already."),
        "bank_cannot_carry": gettext(
            "The bank cannot carry this kind of payment. Pay it outside Forfald."
        ),
        "payee_erased": gettext("The payee has been forgotten, so nothing can be paid to it."),
    }


def answer(code: str, gettext: Say) -> tuple[str, str]:
    """What a second person does about a reason, as a title; and what they are asked to write."""
    why = gettext("Why it may be paid all the same")
    return {
        "account_differs": (
            gettext("Confirm the account"),
            gettext("Whom you called, at which number, and what they said"),
        ),
        "duplicate_soft": (gettext("Say that it is not the same"), why),
        "externally_exported": (gettext("Confirm that the file was not sent"), why),
        "already_paid": (gettext("Confirm that it is still to be paid"), why),
        "credit_note_arrived": (gettext("Confirm the full amount"), why),
    }.get(code, (gettext("Clear as a second person"), why))


def warning(code: str, gettext: Say) -> str:
    """What an approver should look at twice."""
    known = {
        "first_payment": gettext("First payment to this payee"),
        "new_account": gettext("This account has not been paid before"),
        "account_differs": gettext("Account differs from last time"),
        "amount_unusual": gettext("Larger than usual for this payee"),
    }
    return known.get(code, gettext("Something is unusual"))


def bank_said(code: str, gettext: Say) -> str:
    """A bank's reason by its ISO 20022 code, which stays beside the words: it is what a bank asks for."""
    account = gettext("the account number is wrong")
    known = {
        "AC01": account,
        "AC03": account,
        "AC04": gettext("the account is closed"),
        "AC06": gettext("the account is blocked"),
        "AG01": gettext("the account may not be used for this"),
        "AM04": gettext("there is not enough money on the account"),
        "AM05": gettext("the bank takes it for a duplicate"),
        "BE01": gettext("the name does not fit the account"),
        "BE04": gettext("the payee’s address is missing"),
        "CUST": gettext("it was asked for by the customer"),
        "DUPL": gettext("the bank takes it for a duplicate"),
        "MS02": gettext("the payee does not say why"),
        "MS03": gettext("the bank does not say why"),
        "NARR": gettext("the bank explains it in a message of its own"),
        "RC01": gettext("the bank code is wrong"),
        "RR04": gettext("the authorities do not allow it"),
    }
    said = known.get(code)
    return f"{said} ({code})" if said else code


def ledger_said(code: str, gettext: Say) -> str:
    """Why the ledger did not take a voucher; its own code where it has one that is not known here."""
    known = {
        "no_open_period": gettext("no period of the ledger is open on that day or later"),
        "posted_twice": gettext("the voucher stands in the ledger more than once"),
        "incomplete": gettext("lines of the voucher were taken out of the journal"),
        "needs_consent": gettext("the client has withdrawn its consent"),
        "access_denied": gettext("the client’s plan at its ledger does not allow it"),
        "wrong_agreement": gettext("the consent opens the books of another company"),
        "not_connected": gettext("the ledger is not connected"),
        "gone": gettext("what it belongs to is no longer in the ledger"),
        "unreadable": gettext("its answer could not be read"),
    }
    return known.get(code) or gettext("the ledger’s own reason: %(code)s") % {"code": code}


def doubt(code: str, gettext: Say) -> str:
    """Why an approval that was told of is not believed."""
    known = {
        "not_awaiting": gettext("nothing awaited an approval"),
        "another_request": gettext("it is for another request"),
        "another_revision": gettext("it is for another version"),
        "digest_differs": gettext("it is for other content than what stands here"),
        "grant_for_another": gettext("a yes in it is for something else"),
        "signature_invalid": gettext("its signatures do not hold"),
        "policy_unknown": gettext("the rules of approval are not known here"),
        "role_missing": gettext("somebody in it may not approve"),
        "self_approval": gettext("whoever put it forward is counted among the approvers"),
        "too_few": gettext("too few have said yes"),
    }
    return known.get(code, code)


def misfit(code: str, gettext: Say) -> str:
    """What a line of the statement has that does not fit."""
    return {
        "second_debit": gettext("The money was taken a second time."),
        "second_return": gettext("Money came back a second time."),
        "amount_differs": gettext("It is not the amount that was asked for."),
        "another_account": gettext("It moved on another account."),
        "another_currency": gettext("It moved another currency."),
    }.get(code, gettext("It is of no kind that is known here."))
