"""One message as a mail, handed to the unit's mail server."""

import asyncio
import concurrent.futures
import contextlib
import os
import smtplib
import socket
import ssl
from email.headerregistry import Address
from email.message import EmailMessage

from motcua.plugin import Delivery, OutboundMessage
from motcua_email.settings import EmailSettings, password_variable

FOREVER = range(500, 600)
"""Replies after which trying again is of no use (RFC 5321 §4.2.1)."""
READY = 220
"""What a server says first, if it takes mail."""
_THREADS = concurrent.futures.ThreadPoolExecutor(32, "email")
"""Its own, so that slow mail servers never keep a sign-in waiting for a thread."""


def mail(message: OutboundMessage, settings: EmailSettings) -> EmailMessage:
    """*message* as a mail; its number is the same each time, so that a repeat can be told."""
    made = EmailMessage()
    name, _, domain = settings.sender.partition("@")
    made["From"] = Address(_line(message.unit), name, domain)
    made["To"] = message.recipient
    made["Subject"] = _line(message.subject)
    made["Message-ID"] = f"<{message.id}@{domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(message.body)
    return made


def _line(words: str) -> str:
    """*words* on one line: a header ends where its line does."""
    return " ".join(words.split())


async def deliver(message: OutboundMessage, settings: EmailSettings) -> Delivery:
    """Hand *message* to the server, as the unit's own account if the settings name one."""
    password = os.environ.get(password_variable(message.tenant), "")
    if settings.username and not password:
        return Delivery(delivered=False, unreachable=True, problem="no password")
    try:
        await _hand_over(mail(message, settings), settings, password)
    except (OSError, smtplib.SMTPException) as error:
        return _failed(error)
    return Delivery(delivered=True)


def _failed(error: Exception) -> Delivery:
    """What an attempt came to: whether it was about this mail, or about the server."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = [code for code, _ in error.recipients.values()]
        final = all(code in FOREVER for code in replies)
        return Delivery(delivered=False, final=final, problem=f"recipient {replies[0]}")
    of_mail = isinstance(error, (smtplib.SMTPDataError, smtplib.SMTPNotSupportedError))
    problem = type(error).__name__
    if isinstance(error, smtplib.SMTPResponseException):
        problem = f"server {error.smtp_code}"
    return Delivery(delivered=False, unreachable=not of_mail, problem=problem)


async def _hand_over(made: EmailMessage, settings: EmailSettings, password: str) -> None:
    """Talk to the server in a thread; whoever gives up waiting ends the talk too."""
    connected = await _connected(settings)
    with connected.dup() as line:
        try:
            await asyncio.get_running_loop().run_in_executor(
                _THREADS, _send, connected, made, settings, password
            )
        except asyncio.CancelledError:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)  # each letter of an answer would be waited for anew
            raise


async def _connected(settings: EmailSettings) -> socket.socket:
    """A connection to the first address of the server that takes one."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
    refused: OSError = ConnectionError()
    for family, kind, protocol, _, address in found:
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        try:
            async with asyncio.timeout(settings.timeout):
                await loop.sock_connect(made, address)
        except BaseException as error:
            made.close()
            if not isinstance(error, OSError):
                raise
            refused = error
        else:
            return made
    raise refused


def _send(
    connected: socket.socket, made: EmailMessage, settings: EmailSettings, password: str
) -> None:
    with _server(connected, settings) as server:
        if settings.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.username:
            server.login(settings.username, password)
        server.send_message(made)


def _server(connected: socket.socket, settings: EmailSettings) -> smtplib.SMTP:
    """The server at the other end of a connection, once it has said that it takes mail."""
    connected.settimeout(settings.timeout)
    if settings.security == "tls":
        trusted = ssl.create_default_context()
        connected = trusted.wrap_socket(connected, server_hostname=settings.host)
    domain = settings.sender.partition("@")[2]
    server = smtplib.SMTP(local_hostname=domain, timeout=settings.timeout)
    server.sock = connected
    server._host = settings.host  # type: ignore[attr-defined]  # noqa: SLF001 - starttls checks it
    code, said = server.getreply()
    if code != READY:
        server.close()
        raise smtplib.SMTPConnectError(code, said)
    return server
