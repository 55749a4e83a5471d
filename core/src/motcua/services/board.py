"""What the public board shows, read once for everybody who looks at it in this process.

A board is looked at for hours by several screens. One task a unit asks the database
once a second while anybody looks, whatever process changed the queue; it tells all who
look when something has changed, and at least every fifteen seconds that it is alive.
"""

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator

import msgspec
import structlog

from motcua.domain.calendar import VN
from motcua.domain.queue import Queue, ticket_code
from motcua.services.house import Desk, House, desk
from motcua.services.queue import queue
from motcua.storage.work import work

EVERY_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
MOST_LISTENERS = 100
"""Screens at one unit's board, at most, of one process."""

log = structlog.get_logger(__name__)


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A number that is called to a window."""

    letter: str
    number: int
    place: str
    called_at: dt.datetime
    calls: int

    @property
    def code(self) -> str:
        """``A012``."""
        return ticket_code(self.letter, self.number)


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers and windows; nobody's name.

    Attributes:
        calls: Who is at a window now, the latest call first.
        waiting: Of each line its letter, name, and how many wait.
    """

    calls: tuple[Call, ...]
    waiting: tuple[tuple[str, str, int], ...]

    @property
    def mark(self) -> str:
        """Differs as soon as somebody is called, also again."""
        latest = self.calls[0] if self.calls else None
        return f"{latest.code}-{latest.calls}-{latest.called_at:%H%M%S}" if latest else ""


async def board(house: House, where: Desk) -> Board:
    """The board as it stands.

    Raises:
        NoQueueError: the unit has no queue with numbers.
    """
    found: Queue = queue(house, where)
    async with work(house.engine, where.id) as reading:
        row = await reading.fetchrow(_BOARD, where.id, house.now().astimezone(VN).date())
    waiting = msgspec.json.decode(row["waiting"] or "{}", type=dict[str, int])
    return Board(
        calls=tuple(msgspec.json.decode(row["calls"] or "[]", type=list[Call])),
        waiting=tuple(
            (each.letter, each.name, waiting.get(each.letter, 0)) for each in found.lines
        ),
    )


class _Watched:
    """One unit's board while anybody looks at it."""

    def __init__(self) -> None:
        self.listeners = 0
        self.shown: Board | None = None
        self.changed = asyncio.Event()
        self.task: asyncio.Task[None] | None = None


class Boards:
    """The boards that are looked at in this process.

    Attributes:
        watched: By the slug of the unit.
    """

    def __init__(self, house: House) -> None:
        """Read them out of *house*."""
        self._house = house
        self.watched: dict[str, _Watched] = {}
        self._ending = False

    def end(self) -> None:
        """Let everybody go who looks: this process ends, another one will show the board."""
        self._ending = True
        for each in self.watched.values():
            each.changed.set()

    def full(self, slug: str) -> bool:
        """Whether no more screens can look at a unit's board here."""
        found = self.watched.get(slug)
        return found is not None and found.listeners >= MOST_LISTENERS

    async def watch(self, slug: str) -> AsyncIterator[Board]:
        """The board at once, whenever it changes, and every fifteen seconds."""
        found = self.watched.setdefault(slug, _Watched())
        found.listeners += 1
        if found.task is None:
            found.task = asyncio.create_task(self._read(slug, found))
        try:
            while not self._ending:
                changed = found.changed
                if found.shown is not None:
                    yield found.shown
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), HEARTBEAT_SECONDS)
        finally:
            found.listeners -= 1
            if not found.listeners:
                found.task.cancel()
                self.watched.pop(slug, None)

    async def _read(self, slug: str, found: _Watched) -> None:
        """Read the board again and again, and tell who looks when it differs."""
        failed = ""
        while True:
            try:
                now = await board(self._house, await desk(self._house, slug))
                failed = ""
                if now != found.shown:
                    found.shown = now
                    changed, found.changed = found.changed, asyncio.Event()
                    changed.set()
            except Exception as error:  # noqa: BLE001 - whatever failed is tried again in a second
                if failed != type(error).__name__:
                    failed = type(error).__name__
                    log.warning("board not read", tenant=slug, reason=failed)
            await asyncio.sleep(EVERY_SECONDS)


_BOARD = """
select (select json_agg(c)::text from (
          select letter, number, place, called_at, calls from queue_ticket
          where tenant_id = $1 and day = $2 and state = 'called'
          order by called_at desc, calls desc, id desc limit 6) c) as calls,
       (select json_object_agg(line, n)::text from (
          select line, count(*)::int as n from queue_ticket
          where tenant_id = $1 and day = $2 and state = 'waiting' group by line) w) as waiting
"""
