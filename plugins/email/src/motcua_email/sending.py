"""One message as a mail, handed to the unit's mail server."""

import asyncio
import os
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage

from motcua.plugin import Delivery, OutboundMessage
from motcua_email.settings import EmailSettings

FOREVER = range(500, 600)
"""Replies after which trying again is of no use (RFC 5321 §4.2.1)."""


def mail(message: OutboundMessage, settings: EmailSettings) -> EmailMessage:
    """*message* as a mail; its number is the same each time, so that a repeat can be told."""
    made = EmailMessage()
    name, _, domain = settings.sender.partition("@")
    made["From"] = Address(message.unit, name, domain)
    made["To"] = message.recipient
    made["Subject"] = message.subject
    made["Message-ID"] = f"<{message.id}@{domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(message.body)
    return made


async def deliver(message: OutboundMessage, settings: EmailSettings) -> Delivery:
    """Hand *message* to the server, in a thread of its own."""
    try:
        await asyncio.to_thread(_send, mail(message, settings), settings)
    except smtplib.SMTPRecipientsRefused as error:
        replies = [code for code, _ in error.recipients.values()]
        final = all(code in FOREVER for code in replies)
        return Delivery(delivered=False, final=final, problem=f"recipient {replies[0]}")
    except smtplib.SMTPResponseException as error:
        return Delivery(delivered=False, problem=f"server {error.smtp_code}")
    except (OSError, smtplib.SMTPException) as error:
        return Delivery(delivered=False, problem=type(error).__name__)
    return Delivery(delivered=True)


def _send(made: EmailMessage, settings: EmailSettings) -> None:
    trusted = ssl.create_default_context()
    where = (settings.host, settings.port)
    if settings.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=settings.timeout, context=trusted)
    else:
        server = smtplib.SMTP(*where, timeout=settings.timeout)
    with server:
        if settings.security == "starttls":
            server.starttls(context=trusted)
        if settings.username:
            server.login(settings.username, os.environ.get(settings.password_variable, ""))
        server.send_message(made)
