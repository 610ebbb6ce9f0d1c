"""What services, effects and jobs are called where people read of them."""

from __future__ import annotations

from shared.ui.language import translator
from shared.ui.reader import Reader


def service_name(service: str, reader: Reader) -> str:
    """What a service is called; one that the house does not know by its own name."""
    gettext = translator(reader.language).gettext
    names = {
        "tenants": gettext("Companies and people"),
        "sync": gettext("Connections"),
        "payments": gettext("Payables"),
        "approvals": gettext("Approvals"),
        "notifications": gettext("Messages"),
        "dunning": gettext("Reminders"),
        "collections": gettext("Collection"),
    }
    return str(names.get(service, service))


def work_name(kind: str, reader: Reader) -> str:
    """What is done outside, or by the clock; by its own name where the house does not know it."""
    gettext = translator(reader.language).gettext
    names = {
        "bank.send_batch": gettext("Send payments to the bank"),
        "bank.poll_status": gettext("Ask the bank what became of them"),
        "bank.read_statement": gettext("Read the bank statement"),
        "bank.cancel_batch": gettext("Ask the bank to stop payments"),
        "ledger.read": gettext("Read the ledger"),
        "ledger.copy": gettext("Fetch an invoice’s document"),
        "ledger.post": gettext("Enter a payment into the ledger"),
        "ledger.book_invoice": gettext("Book an e-invoice"),
        "mail.send": gettext("Send a mail"),
        "mail.follow": gettext("Ask whether a mail came back"),
        "payments.release": gettext("Release the day’s payments"),
        "payments.poll_status": gettext("Ask the bank what became of them"),
        "payments.read_statement": gettext("Read the bank statement"),
        "payments.alert_unknown": gettext("Tell people of an unknown outcome"),
        "sync.run": gettext("Read the ledger"),
        "remind": gettext("Remind approvers"),
        "expire": gettext("End requests that nobody answered"),
        "send_digest": gettext("Send a summary"),
    }
    return str(names.get(kind, kind))
