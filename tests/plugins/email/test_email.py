"""Mail goes out through a real server: once if all is well, and never lost if not."""

import asyncio
import contextlib
import email
import email.policy
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from browser.server import free_port
from fakes.office import APPLICANT, OTHER, SLUG, Office, opened
from motcua.plugin import Delivery, OutboundMessage
from motcua.registry.registry import InvalidSettingsError
from motcua.services import delivery, messages
from motcua.services.configure import set_plugin_settings
from motcua.services.house import Desk, desk
from motcua.storage.work import work
from motcua.testing.database import ScratchDatabase
from motcua_email.settings import EmailSettings, password_variable

pytestmark = pytest.mark.anyio
MAIL = "anh@example.vn"
WITH_MAIL = APPLICANT | {"email": MAIL}


class Server:
    """A mail server on a port of its own.

    Attributes:
        taken: The mails it has taken.
        refuse: What it says to every recipient, if it refuses.
        stuck: Set once it has heard a mail that it does not answer.
        heard: Called with each mail before it is answered.
        signed_in: User names and passwords it was given.
    """

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refuse = ""
        self.hang = False
        self.stuck = threading.Event()
        self.heard: Callable[[], None] = lambda: None
        self.signed_in: list[tuple[bytes, bytes]] = []
        self.port = free_port()
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            authenticator=self._authenticate,
            auth_require_tls=False,
        )

    def _authenticate(self, *given: Any) -> AuthResult:
        told = given[-1]
        assert isinstance(told, LoginPassword)
        self.signed_in.append((told.login, told.password))
        return AuthResult(success=True)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.heard()
        if self.hang:
            self.stuck.set()
            await asyncio.sleep(3600)
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append(email.message_from_bytes(content, policy=email.policy.default))
        return "250 OK"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()


@pytest.fixture
def post() -> Iterator[Server]:
    made = Server()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
async def house_of_all(
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,
) -> AsyncIterator[Office]:
    del anyio_backend
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "_TICK_SECONDS", 3600.0)  # the tests deliver themselves
        async with opened(database.owner_dsn, database.app_dsn, home) as made:
            yield made


@pytest.fixture
async def office(house_of_all: Office) -> Office:
    """The office with no message left over from another test."""
    for tenant in (101, 102):
        async with work(house_of_all.house.engine, tenant) as writing:
            await writing.execute("delete from message where tenant_id = $1", tenant)
    house_of_all.tokens.clear()
    house_of_all.house.outgoing.clear()
    return house_of_all


async def through(office: Office, port: int, slug: str = SLUG, **more: Any) -> Desk:
    """Let the unit send its mail through the server on *port*."""
    here = await desk(office.house, slug)
    settings = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "tu@example.vn"}
    await set_plugin_settings(office.house, here, "email", settings | more)
    return await desk(office.house, slug)


async def leave(office: Office, here: Desk, channel: str = "email") -> None:
    """Put a message down, and nothing else."""
    async with work(office.house.engine, here.id) as writing:
        where = messages.Reach(channel, MAIL)
        await messages.leave(office.house, writing, "code", where, ("Mã", "123456"), messages.KEPT)


@contextlib.asynccontextmanager
async def delivering(
    office: Office, patch: pytest.MonkeyPatch, sweep: float = 3600.0
) -> AsyncIterator[None]:
    """Deliver as a serving process does, only with less time between two looks."""
    patch.setattr(delivery, "_TICK_SECONDS", 0.05)
    patch.setattr(delivery, "_SWEEP_SECONDS", sweep)
    keeping = asyncio.create_task(delivery.keep(office.house))
    try:
        await asyncio.sleep(0.3)
        yield
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])


def connections_in_use(office: Office) -> int:
    """How many connections to the database somebody holds."""
    pool = office.house.engine.pool
    assert pool is not None
    return int(pool.get_size() - pool.get_idle_size())


async def until(reached: Callable[[], bool]) -> bool:
    """Whether something comes about within five seconds."""
    for _ in range(100):
        if reached():
            return True
        await asyncio.sleep(0.05)
    return False


async def waiting(office: Office) -> list[delivery.Outgoing]:
    return await delivery.unsent(office.house, await desk(office.house, SLUG))


async def test_a_reception_is_told_once_and_its_words_are_forgotten(
    office: Office, post: Server
) -> None:
    here = await through(office, post.port)
    received = await office.received(applicant=WITH_MAIL)

    first = await delivery.deliver_due(office.house, here)
    again = await delivery.deliver_due(office.house, here)

    (mail,) = post.taken
    assert (first, again) == (1, 0)
    assert mail["To"] == MAIL
    assert "Phường Một" in str(mail["From"])
    assert received["code"] in str(mail["Subject"])
    assert "Hẹn trả kết quả" in mail.get_content()
    async with work(office.house.engine, here.id) as reading:
        rows = await reading.fetch("select body, sent_at from message where tenant_id = $1", 101)
    assert [(row["body"], row["sent_at"] is not None) for row in rows] == [("", True)]


async def test_without_a_server_nothing_is_written_and_no_page_offers_a_message(
    office: Office,
) -> None:
    here = await desk(office.house, SLUG)
    await set_plugin_settings(office.house, here, "email", {})

    await office.received(applicant=WITH_MAIL)

    assert await waiting(office) == []
    page = await office.client.get(f"/t/{SLUG}/ho-so/mo")
    assert 'value="gui"' not in page.text


async def test_who_wants_no_messages_gets_none(office: Office, post: Server) -> None:
    await through(office, post.port)

    await office.received(applicant=WITH_MAIL, filing={"no_messages": True})

    assert await waiting(office) == []


async def test_a_server_that_is_down_is_tried_again_later_and_longer_apart(
    office: Office, post: Server
) -> None:
    here = await through(office, free_port())
    await office.received(applicant=WITH_MAIL)
    await delivery.deliver_due(office.house, here)
    (failed,) = await waiting(office)
    here = await through(office, post.port)

    early = await delivery.deliver_due(office.house, here)
    office.clock.advance(minutes=2)
    late = await delivery.deliver_due(office.house, here)

    assert (failed.attempts, failed.problem) == (1, "ConnectionRefusedError")
    assert (early, late, len(post.taken)) == (0, 1, 1)


async def test_a_recipient_refused_for_good_waits_for_an_administrator(
    office: Office, post: Server
) -> None:
    here = await through(office, post.port)
    post.refuse = "550 no such mailbox"
    await office.received(applicant=WITH_MAIL)
    await delivery.deliver_due(office.house, here)
    (failed,) = await waiting(office)
    post.refuse = ""
    office.clock.advance(days=1)
    untouched = await delivery.deliver_due(office.house, here)

    await delivery.retry(office.house, here, failed.id)

    assert (failed.next_at, failed.problem, untouched) == (None, "recipient 550", 0)
    assert await delivery.deliver_due(office.house, here) == 1
    with pytest.raises(delivery.UnknownMessageError):
        await delivery.retry(office.house, here, failed.id)


async def test_a_process_killed_while_it_delivers_loses_nothing(
    office: Office, post: Server, database: ScratchDatabase
) -> None:
    here = await through(office, post.port)
    await office.received(applicant=WITH_MAIL)
    post.hang = True
    script = str(Path(__file__).with_name("deliverer.py"))
    asked = (database.app_dsn.url, SLUG, office.clock().isoformat())
    process = await asyncio.create_subprocess_exec(sys.executable, script, *asked)
    assert await asyncio.to_thread(post.stuck.wait, 30)

    async with work(office.house.engine, here.id) as writing:  # no row is locked meanwhile
        await writing.execute("set local lock_timeout = '500ms'")
        await writing.execute("update message set problem = 'x' where tenant_id = 101")
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    post.hang = False
    soon = await delivery.deliver_due(office.house, here)
    office.clock.advance(minutes=6)
    later = await delivery.deliver_due(office.house, here)

    assert (soon, later, len(post.taken)) == (0, 1, 1)
    assert await waiting(office) == []


async def test_two_processes_at_once_send_a_message_once(office: Office, post: Server) -> None:
    here = await through(office, post.port)
    for _ in range(5):
        await office.received(applicant=WITH_MAIL)

    sent = await asyncio.gather(*(delivery.deliver_due(office.house, here) for _ in range(4)))

    assert sum(sent) == 5
    assert len({mail["Message-ID"] for mail in post.taken}) == len(post.taken) == 5


async def test_a_server_that_hangs_keeps_no_other_unit_waiting(
    office: Office, post: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = Server()
    dead.hang = True
    dead.start()
    silent = await through(office, dead.port)
    heard = await through(office, post.port, OTHER)

    async with delivering(office, monkeypatch):
        await leave(office, silent)
        await leave(office, silent)
        assert await asyncio.to_thread(dead.stuck.wait, 5)
        free = await until(lambda: connections_in_use(office) == 0)
        await leave(office, heard)
        in_time = await until(lambda: len(post.taken) == 1)
    dead.stop()

    assert (in_time, free) == (True, True)
    assert sorted(each.attempts for each in await waiting(office)) == [0, 1]


async def test_a_server_out_of_reach_keeps_no_other_channel_waiting(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await desk(office.house, SLUG)
    tried: list[str] = []

    async def deliver(_: Any, message: OutboundMessage) -> Delivery:
        tried.append(message.channel)
        there = message.channel == "phone"
        return Delivery(delivered=there, unreachable=not there)

    monkeypatch.setattr(office.house.registry, "channels", lambda _: {"email": 0, "phone": 0})
    monkeypatch.setattr(office.house.registry, "deliver", deliver)
    for channel in ("email", "email", "phone", "phone"):
        await leave(office, here, channel)
        office.clock.advance(seconds=1)

    assert await delivery.deliver_due(office.house, here) == 2
    assert tried == ["email", "phone", "phone"]


async def test_one_attempt_has_an_end_however_slowly_a_server_answers(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = asyncio.Event()

    async def dribble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while not reader.at_eof():
                writer.write(b"2")
                await writer.drain()
                await asyncio.sleep(0.05)
        gone.set()
        writer.close()

    monkeypatch.setattr(delivery, "PATIENCE", 0.5)
    server = await asyncio.start_server(dribble, "127.0.0.1", 0)
    here = await through(office, server.sockets[0].getsockname()[1])
    await leave(office, here)
    await leave(office, here)

    async with server:
        await delivery.deliver_due(office.house, here)
        await asyncio.wait_for(gone.wait(), 5)

    left = sorted((each.attempts, each.problem) for each in await waiting(office))
    assert left == [(0, ""), (1, "TimeoutError")]


async def test_a_slow_server_gets_no_message_twice_from_a_process_that_lives(
    office: Office, post: Server
) -> None:
    here = await through(office, post.port)
    for _ in range(3):
        await leave(office, here)
    proceed = threading.Event()

    def slow() -> None:
        office.clock.advance(minutes=3)
        if len(post.taken) == 2:
            post.stuck.set()
            proceed.wait(5)

    post.heard = slow
    first = asyncio.create_task(delivery.deliver_due(office.house, here))
    assert await asyncio.to_thread(post.stuck.wait, 10)
    second = await delivery.deliver_due(office.house, here)
    proceed.set()

    assert (await first, second, len(post.taken)) == (3, 0, 3)


async def test_a_message_of_a_transaction_that_lasts_goes_out_at_the_next_look(
    office: Office, post: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await through(office, post.port)

    async with delivering(office, monkeypatch):
        monkeypatch.setattr(delivery, "_TICK_SECONDS", 0.5)
        await asyncio.sleep(0.1)
        async with work(office.house.engine, here.id):
            await leave(office, here)
            await asyncio.sleep(0.7)

        assert await until(lambda: len(post.taken) == 1)


async def test_a_unit_signs_in_with_its_own_password_alone(
    office: Office, post: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_SMTP_PASSWORD_PHUONG_MOT", "cua-phuong")
    here = await through(office, post.port, username="phuong")
    other = await through(office, post.port, OTHER, username="xa")
    await leave(office, here)
    await leave(office, other)

    await delivery.deliver_due(office.house, here)
    await delivery.deliver_due(office.house, other)

    assert post.signed_in == [(b"phuong", b"cua-phuong")]
    (kept,) = await delivery.unsent(office.house, other)
    assert kept.problem == "no password"


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"password_variable": "MOTCUA_SECRET"}, "password_variable"),
        ({"host": "mail.example.vn", "security": "none"}, "security"),
        ({"host": "mail.example.vn\n"}, "host"),
        ({"sender": "tu@example.vn\r\nBcc: x@example.vn"}, "sender"),
        ({"port": 0}, "port"),
        ({"timeout": 61}, "timeout"),
    ],
)
async def test_no_setting_names_a_secret_or_sends_one_unprotected(
    office: Office, settings: dict[str, Any], wrong: str
) -> None:
    here = await desk(office.house, SLUG)

    with pytest.raises(InvalidSettingsError) as refused:
        await set_plugin_settings(office.house, here, "email", settings)

    assert [each.key for each in refused.value.faults] == [wrong]


def test_the_variable_of_a_password_goes_by_the_unit() -> None:
    assert password_variable("xa-hai") == "MOTCUA_SMTP_PASSWORD_XA_HAI"


def test_settings_are_complete_with_host_and_sender() -> None:
    assert not EmailSettings(host="mail.example.vn").complete
    assert EmailSettings(host="mail.example.vn", sender="tu@example.vn").complete
