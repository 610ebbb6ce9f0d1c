"""The words of the reports, by the keys that their tables carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from shared.ui.language import Language, translator

Say = Callable[[str], str]


@cache
def columns(language: Language) -> Mapping[str, str]:
    """What stands over a column."""
    gettext = translator(language).gettext
    return {
        "month_end": gettext("Month end"),
        "gross": gettext("Receivables"),
        "overdue": gettext("Overdue"),
        "in_collection": gettext("In collection"),
        "unmatched": gettext("Unmatched credits"),
        "net": gettext("Net of credits"),
        "change_month": gettext("Change in a month"),
        "change_year": gettext("Change in a year"),
        "change_year_share": gettext("Change in a year, %"),
        "provisional": gettext("Standing"),
        "published_at": gettext("Published on"),
        "gross_published": gettext("Receivables as published"),
        "gross_restated": gettext("Receivables as known now"),
        "overdue_published": gettext("Overdue as published"),
        "overdue_restated": gettext("Overdue as known now"),
        "difference": gettext("Difference"),
        "period": gettext("Period"),
        "paid": gettext("Paid"),
        "credit_days": gettext("Days to payment"),
        "weighted": gettext("Days to payment, by amount"),
        "agreed_days": gettext("Days agreed"),
        "overrun_days": gettext("Days over"),
        "balance_method": gettext("Balance method, days"),
        "count_back": gettext("Count-back, days"),
        "debtor": gettext("Customer"),
        "name": gettext("Name"),
        "timeline": gettext("Timeline"),
        "month": gettext("Month"),
        "kind": gettext("Kind"),
        "opening": gettext("Opening"),
        "charged": gettext("Charged"),
        "written_off_manual": gettext("Written off by hand"),
        "written_off_aged": gettext("Written off by age"),
        "written_off_principal_paid": gettext("Written off when paid"),
        "reversed_at_handover": gettext("Reversed after hand-over"),
        "corrected": gettext("Corrected"),
        "closing": gettext("Closing balance"),
        "level": gettext("Letter no."),
        "recovery": gettext("Paid of charged, %"),
        "posted": gettext("Posted"),
        "in_ledger": gettext("In the ledger"),
        "not_posted": gettext("Not posted yet"),
        "voucher_on": gettext("Voucher date"),
        "amount": gettext("Amount"),
        "reason": gettext("Reason"),
        "cases": gettext("Cases"),
        "invoices": gettext("Invoices"),
        "principal": gettext("Principal"),
        "fees": gettext("Fees"),
        "interest": gettext("Interest"),
        "interest_posted": gettext("Interest posted"),
        "interest_told": gettext("Interest to hand-over"),
        "compensation": gettext("Compensation"),
        "median_days": gettext("Median days"),
        "recalled": gettext("Recalled"),
        "paid_direct": gettext("Paid to us since"),
        "paid_by_agency": gettext("Paid through the agency"),
        "warned": gettext("Invoices warned"),
        "handed_of_warned": gettext("Handed over of these"),
        "conversion": gettext("Handed over of warned, %"),
        "agency": gettext("Agency"),
        "handed_over_on": gettext("Handed over"),
        "invoice": gettext("Invoice"),
        "days_from_due": gettext("Days from due date"),
        "taken_back_on": gettext("Taken back"),
        "soft": gettext("Reminders without charges"),
        "reminder": gettext("Reminders with charges"),
        "warning": gettext("Collection warnings"),
        "statement": gettext("Statements"),
        "notices": gettext("Letters"),
        "debtors": gettext("Customers"),
        "amount_reminded": gettext("Amount reminded"),
        "collective_ratio": gettext("Invoices per letter"),
        "failed_deliveries": gettext("Failed deliveries"),
        "category": gettext("Letter"),
        "channel": gettext("Channel"),
        "version": gettext("Version"),
        "since": gettext("Since"),
        "by": gettext("By"),
        "open": gettext("Open"),
        "open_base": gettext("Open in own currency"),
        "share": gettext("Share, %"),
        "scope": gettext("Applies to"),
        "state": gettext("State"),
        "until_on": gettext("Until"),
        "last_statement": gettext("Last statement"),
        "every_days": gettext("Every so many days"),
        "reminders_since": gettext("Reminders since"),
        "type": gettext("Type"),
        "number": gettext("Number"),
        "dated_on": gettext("Date"),
        "age_days": gettext("Age, days"),
        "blocking": gettext("Holds back from collection"),
        "suggestion": gettext("Suggestion"),
        "suggested": gettext("Could belong to"),
        "items": gettext("Items"),
        "bucket": gettext("Days past due"),
        "issued_on": gettext("Issued"),
        "due_on": gettext("Due"),
        "days_past_due": gettext("Days past due"),
        "last_notice": gettext("Last letter"),
        "last_on": gettext("Sent"),
        "next_step": gettext("Next step"),
        "next_on": gettext("Planned"),
        "balance": gettext("Balance"),
        "balance_base": gettext("Balance in own currency"),
        "line": gettext("Line"),
        "read_on": gettext("Read on"),
        "window_days": gettext("Within days"),
        "exposure": gettext("Open when sent"),
        "effect": gettext("Paid in, %"),
        "censored": gettext("Too young to count"),
        "payments": gettext("Payments"),
        "weekday": gettext("Weekday"),
        "day_of_month": gettext("Day of month"),
    }


@cache
def words(language: Language) -> Mapping[str, str]:
    """What the values say that are no figures."""
    gettext = translator(language).gettext
    return {
        "total": gettext("Total"),
        "open": gettext("Open"),
        "provisional": gettext("Provisional"),
        "period": gettext("The period"),
        "rolling_year": gettext("Twelve months"),
        "fee": gettext("Fees"),
        "interest": gettext("Interest"),
        "compensation": gettext("Compensation"),
        "soft": gettext("Reminder without charges"),
        "reminder": gettext("Reminder with charges"),
        "warning": gettext("Collection warning"),
        "statement": gettext("Account statement"),
        "mail": gettext("E-mail"),
        "letter": gettext("Post"),
        "portal": gettext("Portal"),
        "invoice": gettext("Invoice"),
        "debtor": gettext("Customer"),
        "paused": gettext("Paused"),
        "excluded": gettext("Not reminded"),
        "disputed": gettext("Disputed"),
        "frozen": gettext("Frozen"),
        "in_collection": gettext("In collection"),
        "payment": gettext("Payment"),
        "credit_note": gettext("Credit note"),
        "other": gettext("Other entry"),
        "exact_amount": gettext("Same amount"),
        "reference": gettext("Names the invoice"),
        "sum": gettext("Adds up"),
        "principal": gettext("Open principal"),
        "charges_posted": gettext("Open charges that are posted"),
        "unmatched": gettext("Unmatched credits"),
        "books": gettext("By our books"),
        "ledger": gettext("The ledger’s own account"),
        "difference": gettext("Difference"),
        "not_due": gettext("Not due"),
        "overdue": gettext("Overdue"),
        "affected": gettext("Affected"),
        "other_overdue": gettext("The rest overdue"),
        "ready": gettext("Ready for collection"),
        "unmatched_items": gettext("Unmatched items"),
        "only_charges_left": gettext("Only charges left"),
        "insolvent": gettext("Insolvent"),
        "deceased": gettext("Deceased"),
        "recalled": gettext("Recalled"),
        "refused": gettext("Refused by the agency"),
        "closed": gettext("Closed by the agency"),
        "promise": gettext("Has promised to pay"),
        "agreed": gettext("As agreed"),
        "weekday_1": gettext("Monday"),
        "weekday_2": gettext("Tuesday"),
        "weekday_3": gettext("Wednesday"),
        "weekday_4": gettext("Thursday"),
        "weekday_5": gettext("Friday"),
        "weekday_6": gettext("Saturday"),
        "weekday_7": gettext("Sunday"),
    }


@cache
def titles(language: Language) -> Mapping[str, str]:
    """The reports' names."""
    gettext = translator(language).gettext
    return {
        "T1": gettext("Receivables by month"),
        "T2": gettext("How long customers take"),
        "T3": gettext("Interest and fees"),
        "T4": gettext("Sent to collection"),
        "T5": gettext("Letters sent"),
        "T6": gettext("Customers on another timeline"),
        "T7": gettext("Not reminded"),
        "T8": gettext("Statement customers"),
        "T9": gettext("Unmatched items"),
        "T10": gettext("Open invoices by age"),
        "T11": gettext("Balance per customer"),
        "T12": gettext("Paid in after letters"),
    }


@cache
def findings(language: Language) -> Mapping[str, str]:
    """What the headline's figure is."""
    gettext = translator(language).gettext
    return {
        "gross": gettext("open at the end"),
        "weighted_days": gettext("days from invoice to payment, by amount"),
        "charges_open": gettext("of charges open"),
        "principal_this_month": gettext("of principal handed over this month"),
        "notices_sent": gettext("sent in the last period"),
        "share_of_overdue": gettext("per cent of what is overdue"),
        "statement_debtors": gettext("on account statements"),
        "unmatched": gettext("matched with nothing"),
        "overdue": gettext("overdue"),
        "balance": gettext("owed in all"),
        "effect_first_letter": gettext("per cent within 14 days of the first letter"),
    }


@cache
def tables(language: Language) -> Mapping[str, str]:
    """What a table lists, by report and table."""
    gettext = translator(language).gettext
    return {
        "month_ends": gettext("At each month end"),
        "published": gettext("As published, and as known now"),
        "T2.months": gettext("Month by month"),
        "T3.months": gettext("Month by month"),
        "T4.months": gettext("Month by month"),
        "methods": gettext("By method"),
        "T2.debtors": gettext("By customer"),
        "roll_forward": gettext("From opening to closing"),
        "recovery": gettext("What was paid of the period’s charges"),
        "postings": gettext("Beside the ledger’s postings"),
        "agencies": gettext("By agency"),
        "cases": gettext("Invoices handed over"),
        "periods": gettext("Letters by period"),
        "levels": gettext("By letter"),
        "T6.debtors": gettext("Customers"),
        "waits": gettext("Who is not reminded, and why"),
        "T8.debtors": gettext("Customers"),
        "items": gettext("Items"),
        "types": gettext("By type"),
        "by_age": gettext("By days past due"),
        "invoices": gettext("Invoices"),
        "T11.debtors": gettext("By customer"),
        "control": gettext("Beside the ledger’s control account"),
        "first_payment": gettext("Days to the first payment"),
        "kinds": gettext("By kind and channel"),
        "cohorts": gettext("By month of sending, within 14 days"),
        "lateness": gettext("When customers pay, from the due date"),
        "weekdays": gettext("When customers pay, by weekday"),
        "days_of_month": gettext("When customers pay, by day of month"),
        "charges_to_post": gettext("Charges to post"),
        "cases_to_confirm": gettext("Cases to confirm"),
    }


@cache
def notes(language: Language) -> Mapping[str, str]:
    """What must be said for a figure to be understood."""
    gettext = translator(language).gettext
    return {
        "principal_only": gettext("Principal only: interest, fees and compensation stand apart."),
        "provisional_month": gettext("A month that is not over is provisional."),
        "four_methods": gettext(
            "The same quarter has four correct numbers: each is named by its method."
        ),
        "vat_included": gettext("VAT is included in receivables and sales alike."),
        "accrued_interest_left_out": gettext(
            "Interest that has accrued and is not charged yet is no part of this."
        ),
        "books_not_claim": gettext(
            "What is written off is given up in the books; the claim itself may stand."
        ),
        "conversion_by_warning": gettext("Shares go by the month of the warning."),
        "accrued_interest_told": gettext(
            "Interest to hand-over is told to the agency; what had not been charged is not posted."
        ),
        "sent_not_planned": gettext("Letters that were sent, not those that are planned."),
        "statements_apart": gettext("Account statements stand beside the total, not in it."),
        "suggestions_are_guesses": gettext(
            "Suggestions are guesses from figures; whoever keeps the ledger matches."
        ),
        "correlation": gettext(
            "Paid after a letter is not paid because of it: the shares compare letters, they prove nothing."
        ),
        "censored_left_out": gettext(
            "Letters too young for a window are left out of it; they do not count as unpaid."
        ),
        "no_held_out_group": gettext(
            "No customers were left without letters to compare with, so no effect beyond that is shown."
        ),
    }


def table_title(code: str, key: str, language: Language) -> str:
    known = tables(language)
    return known.get(f"{code}.{key}") or known[key]
