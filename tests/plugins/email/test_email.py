"""Mail goes out through a real server: once if all is well, and never lost if not."""

import asyncio
import email
import email.policy
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from browser.server import free_port
from fakes.office import APPLICANT, SLUG, Office, opened
from motcua.services import delivery
from motcua.services.configure import set_plugin_settings
from motcua.services.house import Desk, desk
from motcua.storage.work import work
from motcua.testing.database import ScratchDatabase
from motcua_email.settings import EmailSettings

pytestmark = pytest.mark.anyio
MAIL = "anh@example.vn"
WITH_MAIL = APPLICANT | {"email": MAIL}


class Server:
    """A mail server on a port of its own.

    Attributes:
        taken: The mails it has taken.
        refuse: What it says to every recipient, if it refuses.
        stuck: Set once it has heard a mail that it does not answer.
    """

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refuse = ""
        self.hang = False
        self.stuck = threading.Event()
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

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
    async with work(house_of_all.house.engine, 101) as writing:
        await writing.execute("delete from message where tenant_id = 101")
    house_of_all.tokens.clear()
    return house_of_all


async def through(office: Office, port: int) -> Desk:
    """Let the unit send its mail through the server on *port*."""
    here = await desk(office.house, SLUG)
    settings = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "tu@example.vn"}
    await set_plugin_settings(office.house, here, "email", settings)
    return await desk(office.house, SLUG)


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


def test_settings_are_complete_with_host_and_sender() -> None:
    assert not EmailSettings(host="mail.example.vn").complete
    assert EmailSettings(host="mail.example.vn", sender="tu@example.vn").complete
