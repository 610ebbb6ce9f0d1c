"""The report that a mail server writes when it could not deliver after all (RFC 3464)."""

from __future__ import annotations

from datetime import datetime
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime

from simulators.mailbox.mails import ReceivedMail

HOST = "mailbox.example"


def bounce_of(mail: ReceivedMail, at: datetime) -> bytes:
    """A report in three parts: for people, for machines, and the headers of the mail itself."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = f"Mail Delivery System <postmaster@{HOST}>"
    report["To"] = mail.sender
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Date"] = format_datetime(at)
    report["Message-ID"] = f"<bounce-{mail.number}@{HOST}>"
    report["Auto-Submitted"] = "auto-replied"
    report.attach(
        MIMEText(f"Your mail to {mail.recipient} could not be delivered: no such mailbox.\n")
    )
    report.attach(status_of(mail))
    report.attach(MIMEText(headers_of(mail), "rfc822-headers"))
    return report.as_bytes(policy=SMTP)


def status_of(mail: ReceivedMail) -> Message:
    """The part for machines: the fields of the message, then those of its one recipient."""
    server = Message()
    server["Reporting-MTA"] = f"dns; {HOST}"
    recipient = Message()
    recipient["Final-Recipient"] = f"rfc822; {mail.recipient}"
    recipient["Action"] = "failed"
    recipient["Status"] = "5.1.1"
    recipient["Diagnostic-Code"] = "smtp; 550 5.1.1 no such mailbox"
    status = MIMEBase("message", "delivery-status")
    status.attach(server)
    status.attach(recipient)
    return status


def headers_of(mail: ReceivedMail) -> str:
    head, _, _ = mail.raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    return head.decode("ascii", "replace") + "\n"
