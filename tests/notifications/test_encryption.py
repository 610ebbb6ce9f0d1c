"""The encrypted road to a mail server, and a certificate that is not to be trusted."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.notifications.gateways.mail import NotSent
from services.notifications.gateways.smtp import SmtpMailer, SmtpServer
from services.notifications.model.mail import compose
from shared.clock import SettableClock
from simulators.mailbox.app import create
from tests.notifications.examples import DELIVERY, REQUESTED
from tests.simulators.serving import serving

NOW = datetime(2026, 3, 2, 8, 40, tzinfo=UTC)
MAIL = compose(DELIVERY, REQUESTED)


@dataclass
class EncryptedServer:
    port: int
    certificate: Path
    pages: httpx.Client

    def subjects(self) -> list[str]:
        return [mail["subject"] for mail in self.pages.get("/control/mails").json()]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EncryptedServer]:
    certificate = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    app = create(SettableClock(NOW), smtp_port=0, tls=context)
    with serving(app) as pages:
        yield EncryptedServer(app.state.smtp_port, certificate, pages)


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1 and its key, in one file. TLS reads the machine's clock."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=36_500))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "mail-server.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    return file


def mailer(
    server: EncryptedServer, trusted: ssl.SSLContext, *, starttls: bool = True
) -> SmtpMailer:
    settings = SmtpServer(
        host="127.0.0.1",
        port=server.port,
        sender="bounces@mail.forfald.example",
        sender_name="Forfald",
        link_hosts=frozenset({"forfald.example"}),
        starttls=starttls,
        timeout_seconds=5,
    )
    return SmtpMailer(settings, SettableClock(NOW), trusted)


def test_a_mail_goes_by_an_encrypted_connection(server: EncryptedServer) -> None:
    trusted = ssl.create_default_context(cafile=str(server.certificate))
    mailer(server, trusted).send(MAIL)
    assert server.subjects() == [MAIL.subject]


def test_a_server_that_insists_on_encryption_gets_nothing_without(server: EncryptedServer) -> None:
    with pytest.raises(NotSent, match="STARTTLS"):
        mailer(server, ssl.create_default_context(), starttls=False).send(MAIL)
    assert server.subjects() == []


def test_a_server_that_cannot_prove_its_name_gets_nothing(server: EncryptedServer) -> None:
    with pytest.raises(NotSent, match="CERTIFICATE_VERIFY_FAILED"):
        mailer(server, ssl.create_default_context()).send(MAIL)
    assert server.subjects() == []
