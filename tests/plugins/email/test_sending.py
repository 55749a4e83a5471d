"""Whose fault a failed attempt is, and that giving one up leaves nothing open."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from aiosmtpd.controller import Controller

from browser.server import free_port
from motcua.plugin import Delivery, OutboundMessage
from motcua_email.sending import deliver, mail
from motcua_email.settings import EmailSettings

pytestmark = pytest.mark.anyio
MESSAGE = OutboundMessage(
    id="1",
    tenant="phuong-mot",
    channel="email",
    recipient="anh@example.vn",
    subject="Mã xác nhận",
    body="Mã của ông/bà là 123456.",
    unit="Phường Một",
)


class Picky:
    """Takes every recipient, and no mail."""

    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802 - aiosmtpd's name
        return "554 not this one"


def settings(port: int) -> EmailSettings:
    """What a unit sets to send through a server on the same machine."""
    return EmailSettings(host="127.0.0.1", port=port, security="none", sender="tu@example.vn")


@asynccontextmanager
async def saying(greeting: bytes) -> AsyncIterator[int]:
    """The port of a server that says *greeting* and hangs up."""

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def test_a_server_that_turns_everybody_away_is_out_of_reach() -> None:
    async with saying(b"554 no mail today\r\n") as port:
        answer = await deliver(MESSAGE, settings(port))

    assert answer == Delivery(delivered=False, unreachable=True, problem="server 554")


async def test_a_mail_the_server_refuses_holds_up_no_other() -> None:
    there = Controller(Picky(), hostname="127.0.0.1", port=free_port())
    there.start()

    answer = await deliver(MESSAGE, settings(there.port))
    there.stop()

    assert answer == Delivery(delivered=False, unreachable=False, problem="server 554")


async def test_an_attempt_given_up_before_it_is_connected_leaves_no_connection_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: asyncio.Queue[socket.socket] = asyncio.Queue()

    async def unanswered(made: socket.socket, _: Any) -> None:
        opened.put_nowait(made)
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", unanswered)
    attempt = asyncio.create_task(deliver(MESSAGE, settings(25)))
    made = await opened.get()

    attempt.cancel()

    with pytest.raises(asyncio.CancelledError):
        await attempt
    assert (made.fileno(), opened.empty()) == (-1, True)


def test_no_word_begins_a_header_of_its_own() -> None:
    hostile = msgspec.structs.replace(
        MESSAGE,
        unit="Phường\r\nBcc: ai@example.vn",
        subject="Mã\nBcc: ai@example.vn\r\n\r\n<script>",
    )

    made = mail(hostile, settings(25))

    assert "Bcc" not in made
    assert made["Subject"] == "Mã Bcc: ai@example.vn <script>"
    assert b"\nBcc:" not in made.as_bytes()
