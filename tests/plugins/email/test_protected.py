"""The way to the mail server is protected, and the server is the one that was named."""

import datetime as dt
import ipaddress
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from browser.server import free_port
from motcua.plugin import OutboundMessage
from motcua_email.sending import deliver
from motcua_email.settings import EmailSettings

pytestmark = pytest.mark.anyio
Way = Literal["starttls", "tls"]
WAYS: tuple[Way, ...] = ("starttls", "tls")
MESSAGE = OutboundMessage(
    id="1",
    tenant="phuong-mot",
    channel="email",
    recipient="anh@example.vn",
    subject="Mã xác nhận",
    body="Mã của ông/bà là 123456.",
    unit="Phường Một",
)


class Server:
    """Takes mail on a port of its own, over TLS alone.

    Attributes:
        taken: What was sent.
        passwords: What it was given to sign in with.
    """

    def __init__(self, way: Way, trusted: ssl.SSLContext) -> None:
        self.taken: list[Any] = []
        self.passwords: list[bytes] = []
        self.port = free_port()
        kept = {"ssl_context": trusted} if way == "tls" else {"tls_context": trusted}
        more: dict[str, Any] = {"require_starttls": way == "starttls"} | kept
        self.controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            authenticator=self._authenticate,
            auth_require_tls=way == "starttls",
            **more,
        )

    def _authenticate(self, *given: Any) -> AuthResult:
        self.passwords.append(given[-1].password)
        return AuthResult(success=True)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope
    ) -> str:
        self.taken.append(envelope.content)
        return "250 OK"


def certificate(folder: Path) -> Path:
    """A key and a certificate of 127.0.0.1 and of nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    first, last = (dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (2020, 2100))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    path = folder / "server.pem"
    path.write_bytes(key.private_bytes(pem, form, plain) + made.public_bytes(pem))
    return path


@pytest.fixture(params=WAYS)
def server(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Way, Server]]:
    path = certificate(tmp_path)
    kept = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    kept.load_cert_chain(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    monkeypatch.setenv("MOTCUA_SMTP_PASSWORD_PHUONG_MOT", "cua-phuong")
    made = Server(request.param, kept)
    made.controller.start()
    yield request.param, made
    made.controller.stop()


def settings(way: Way, host: str, port: int) -> EmailSettings:
    """What a unit sets to send over TLS, signed in."""
    return EmailSettings(
        host=host, port=port, security=way, sender="tu@example.vn", username="phuong", timeout=5
    )


async def test_mail_and_password_go_over_tls(server: tuple[Way, Server]) -> None:
    way, there = server

    answer = await deliver(MESSAGE, settings(way, "127.0.0.1", there.port))

    assert answer.delivered
    assert (there.passwords, len(there.taken)) == ([b"cua-phuong"], 1)


async def test_a_server_under_another_name_hears_neither_mail_nor_password(
    server: tuple[Way, Server],
) -> None:
    way, there = server

    answer = await deliver(MESSAGE, settings(way, "localhost", there.port))

    assert (answer.delivered, answer.unreachable) == (False, True)
    assert answer.problem == "SSLCertVerificationError"
    assert (there.passwords, there.taken) == ([], [])
