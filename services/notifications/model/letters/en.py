"""What letters say in English."""

from __future__ import annotations

from services.notifications.model.letter_texts import LetterTexts
from services.notifications.model.letters.words import Labels, LetterWords
from services.notifications.model.wording import Counted
from services.notifications.values import LetterKind

_PAID_ALREADY = (
    "If you have paid within the last few days, please disregard this letter.\n\n"
    "If you have questions about the claim, you are welcome to contact us."
)

LETTERS = LetterWords(
    language="en",
    day="d MMMM y",
    short_day="d MMM y",
    labels=Labels(
        date="Date",
        customer="Customer number",
        letter="Reminder no.",
        invoice="Invoice",
        invoice_date="Invoice date",
        due="Due",
        amount="Invoice amount",
        open="Outstanding",
        charges="Fees and interest",
        to_pay="Sum",
        total="Total to pay",
        pay_by="Pay by",
        balance="Balance",
        charges_now="Fees and interest in this letter",
        earlier_charges="Earlier fees and interest",
        law="Legal basis",
        fee="Reminder fee",
        interest="Late interest",
        compensation="Late-payment compensation",
        absorbed="Earlier reminder fees, included in the compensation",
        credit_note="Credit note",
        payment="Payment",
        other="Entry",
        payment_details="How to pay",
        reference="Payment reference",
        payee="Pay to",
        scan="Scan to pay",
        open_online="Scan to see your account",
        company_number="Company no.",
        page="Page {page} of {pages}",
        unverified="not verified",
        case="Case no.",
        registration="Reg. no.",
        order="Order no.",
        contact="Your ref.",
    ),
    greeting="Dear {debtor_name}",
    regards="Yours sincerely",
    payment_demand="Please pay {total} by {deadline}.",
    charges_notice="Fees and interest are calculated by law; the legal basis stands at each line.",
    collection_notice={
        "": "This is a collection warning ({law}). If the amount has not been paid by {deadline}, the "
        "claim may be handed over to debt collection without further notice. That will cause further "
        "costs, which you must pay. If you consider the claim to be wrong, tell us before that day.",
    },
    open_credits="Your account holds payments or credit notes of {credits} in all that have not been "
    "matched with a particular invoice yet. They may change the amount that you owe.",
    portal="See your whole account and your invoices here:",
    attached=Counted(one="The letter is attached.", many="Letter and invoice copy are attached."),
    interest_of="{rate} % a year of {base} for {days} days, {from_on} to {through_on}",
    subject={
        LetterKind.REMINDER: "Payment reminder from {creditor_name}",
        LetterKind.CHARGED: "Payment reminder from {creditor_name}",
        LetterKind.WARNING: "Important letter from {creditor_name}",
        LetterKind.STATEMENT: "Account statement from {creditor_name}",
    },
    texts={
        LetterKind.REMINDER: LetterTexts(
            title="Friendly reminder",
            body="We have not yet registered your payment of what is listed below. Perhaps it has "
            "merely been overlooked.\n\n{payment_demand}",
            closing=_PAID_ALREADY,
        ),
        LetterKind.CHARGED: LetterTexts(
            title="Payment reminder",
            body="The due date has passed, and we have not received your payment.\n\n"
            "{payment_demand}\n\n{charges_notice}",
            closing=_PAID_ALREADY,
        ),
        LetterKind.WARNING: LetterTexts(
            title="Collection warning",
            body="We have reminded you of what is listed below without receiving the amount.\n\n"
            "{payment_demand}\n\n{collection_notice}\n\n{charges_notice}",
            closing=_PAID_ALREADY,
        ),
        LetterKind.STATEMENT: LetterTexts(
            title="Account statement",
            body="These are the open items on your account with {creditor_name} as of {issued_on}.",
            closing="If the statement does not agree with your own books, please tell us.",
        ),
    },
)
