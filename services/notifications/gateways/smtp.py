"""Mails by SMTP (RFC 5321), one connection and one recipient per mail.

The steps are spelled out rather than left to `smtplib.SMTP.sendmail`, since what a failure means
depends on the step: until the server has asked for the content nothing has been sent; from then on
until its answer nobody knows.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache

from services.notifications.gateways.links import strange_links
from services.notifications.gateways.mail import Accepted, NotSent, OutcomeUnknown, Refused
from services.notifications.model.address import NotOneAddress, parse_address
from services.notifications.model.mail import MESSAGE_ID, Mail
from shared.clock import Clock

TIMEOUT_SECONDS = 20.0
ENHANCED_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)")
"""Where a reply gives one, its text begins with it (RFC 2034 §4)."""


@dataclass(frozen=True, slots=True)
class Login:
    user: str
    password: str

    def __repr__(self) -> str:
        return f"Login(user={self.user!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where our mails leave, and under which name."""

    host: str
    port: int
    sender: str
    """Stands in From and takes the bounces."""
    sender_name: str
    link_hosts: frozenset[str]
    """The only hosts a mail may lead to, as `name` or `name:port`."""
    starttls: bool = True
    """Insist on an encrypted connection with a verified certificate."""
    login: Login | None = None
    timeout_seconds: float = TIMEOUT_SECONDS


@cache
def _verifying() -> ssl.SSLContext:
    """Reads all certificates of the machine, so only where one is to be verified."""
    return ssl.create_default_context()


class SmtpMailer:
    """The port `Mailer` on an SMTP server."""

    def __init__(self, server: SmtpServer, clock: Clock, tls: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._clock = clock
        self._tls = tls

    def send(self, mail: Mail) -> Accepted:
        check(mail, self._server.link_hosts)
        recipient = parse_address(mail.to)
        content = message(mail, self._server, self._clock.now()).as_bytes()
        with self._session() as smtp:
            offer(smtp, self._server.sender, recipient)
            return Accepted(mail.message_id, transmit(smtp, content))

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        """A session that is ready for a mail. One that is not granted is never the mail's fault."""
        server = self._server
        with ExitStack() as closing:
            try:
                smtp = smtplib.SMTP(
                    server.host,
                    server.port,
                    local_hostname=server.sender.rpartition("@")[2],
                    timeout=server.timeout_seconds,
                )
                closing.callback(say_goodbye, smtp)
                smtp.ehlo_or_helo_if_needed()
                if server.starttls:
                    smtp.starttls(context=self._tls or _verifying())
                    smtp.ehlo_or_helo_if_needed()
                if server.login:
                    smtp.login(server.login.user, server.login.password)
            except OSError as error:  # what smtplib raises is one, too
                raise NotSent(f"no session with the mail server: {error}") from error
            yield smtp


def say_goodbye(smtp: smtplib.SMTP) -> None:
    """After the answer to the content a lost goodbye changes nothing."""
    with suppress(OSError):
        smtp.quit()
    smtp.close()


def offer(smtp: smtplib.SMTP, sender: str, recipient: str) -> None:
    """Name sender and recipient and be asked for the content. Nothing has been sent until then."""
    try:
        code, reply = smtp.mail(sender)
        if code // 100 != 2:  # noqa: PLR2004  RFC 5321 §4.2.1: 2yz is yes
            # Our own name or rights are at fault, and will be mended; the mail is not.
            raise NotSent(f"sender answered with {code} {readable(reply)}", code=code)
        judge(*smtp.rcpt(recipient), step="recipient", expected=2)
        judge(*smtp.docmd("DATA"), step="content", expected=3)
    except OSError as error:
        raise NotSent(f"connection lost before the content: {error}") from error


def transmit(smtp: smtplib.SMTP, content: bytes) -> str:
    """Send the content and return the server's answer; without a clear one nobody knows."""
    try:
        smtp.send(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
        code, reply = smtp.getreply()
    except OSError as error:
        raise OutcomeUnknown(f"connection lost after the content: {error}") from error
    if code // 100 not in {2, 4, 5}:
        raise OutcomeUnknown(f"unclear answer to the content: {readable(reply)}", code=code)
    judge(code, reply, step="content", expected=2)
    return f"{code} {readable(reply)}"


def judge(code: int, reply: bytes, *, step: str, expected: int) -> None:
    """RFC 5321 §4.2.1: 4yz is for now, 5yz is for good; anything else is no answer to this step."""
    if code // 100 == expected:
        return
    text = f"{step} answered with {code} {readable(reply)}"
    found = ENHANCED_STATUS.match(readable(reply))
    kind = Refused if code // 100 == 5 else NotSent  # noqa: PLR2004  5yz
    raise kind(text, code=code, status=found[0] if found else "")


def readable(reply: bytes) -> str:
    """A server's words, harmless in a log line."""
    return " ".join(reply.decode("ascii", "replace").split())[:200]


def check(mail: Mail, link_hosts: frozenset[str]) -> None:
    """Refuse what must not leave under our name, whoever composed it."""
    for name, address in (("to", mail.to), ("reply_to", mail.reply_to)):
        if address is not None:
            try:
                parse_address(address)
            except NotOneAddress as error:
                raise Refused(f"{name}: {error}") from error
    if any(ord(sign) < ord(" ") for sign in mail.subject):
        raise Refused("subject has a line break or another control sign")
    if not MESSAGE_ID.fullmatch(mail.message_id):
        raise Refused("message_id is not that of a message")
    strange = strange_links(mail, link_hosts)
    if strange:
        raise Refused(f"links: {len(strange)} that do not lead to one of our hosts")


def message(mail: Mail, server: SmtpServer, at: datetime) -> EmailMessage:
    """The mail in its Internet form, both parts quoted-printable, so that no line is too long."""
    content = EmailMessage(policy=SMTP)
    content["From"] = str(Address(mail.sender_name or server.sender_name, addr_spec=server.sender))
    content["To"] = parse_address(mail.to)
    if mail.reply_to is not None:
        content["Reply-To"] = parse_address(mail.reply_to)
    content["Subject"] = mail.subject
    content["Date"] = format_datetime(at)
    content["Message-ID"] = mail.message_id
    # Holiday answers and other machines leave it alone (RFC 3834).
    content["Auto-Submitted"] = "auto-generated"
    content.set_content(mail.text, cte="quoted-printable")
    content.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    # Not left to chance, so that a second attempt has the same bytes but for its date.
    boundary = "part-" + mail.message_id.strip("<>").partition("@")[0][:56]
    content.set_boundary(boundary)
    for one in mail.attached:
        kind, _, subtype = one.media_type.partition("/")
        content.add_attachment(one.content, maintype=kind, subtype=subtype, filename=one.name)
    if mail.attached:
        content.set_boundary(boundary + "-all")
    return content
