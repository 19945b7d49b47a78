"""A mail server that speaks SMTP on this machine, and does what a test asks of it."""

import asyncio
import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER = "hyvinvointia"
PASSWORD = "only for this test"


@dataclass
class Postbox:
    """What the server has taken, and how it answers."""

    taken: list[EmailMessage] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """What it answers for a recipient instead of taking it."""
    slow: float = 0.0
    """Seconds that it waits after it has taken a letter, before it says so."""
    connections: int = 0
    passwords: list[bytes] = field(default_factory=list)

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count who comes."""
        del server, envelope
        session.host_name = hostname
        self.connections += session.ssl is None
        return responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or not."""
        del server, session, options
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Take a letter."""
        del server, session
        parsed: Message = message_from_bytes(cast("bytes", envelope.content), policy=default)
        self.taken.append(cast("EmailMessage", parsed))
        await asyncio.sleep(self.slow)
        return "250 OK"

    def check(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        """Ask for the password."""
        del server, session, envelope, mechanism
        assert isinstance(data, LoginPassword)
        self.passwords.append(data.password)
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()))


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return a server's context with a certificate that it has made itself, and the file to trust it by."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    shown, secret = folder / "mail.pem", folder / "mail.key"
    shown.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, secret)
    return context, shown


def closed_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(postbox: Postbox, *, tls: ssl.SSLContext | None = None, port: int | None = None) -> Iterator[int]:
    """Serve on this machine and yield the port; with ``tls``, ask for encryption and then for the password."""
    controller = Controller(
        postbox,
        hostname="127.0.0.1",
        port=port or closed_port(),
        tls_context=tls,
        require_starttls=tls is not None,
        auth_required=tls is not None,
        authenticator=postbox.check,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
