"""Changes of a book as the history tells them: what it was, what it became, by whom."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.life import Actor
from motcua.services.change import Asked, lock, remember, require_seen
from motcua.services.house import Desk, House
from motcua.storage import books as store
from motcua.storage.work import Work, work


@contextlib.asynccontextmanager
async def changing(
    house: House, desk: Desk, actor: Actor, key: store.Key, seen: str = ""
) -> AsyncIterator[Work]:
    """A transaction that holds a book's row and leaves in the history what changed.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: Who changes it.
        key: The book and its year.
        seen: The digest of :func:`as_seen` on the page the change was asked on.

    Raises:
        ChangedMeanwhileError: the book is no longer as *seen*.
    """
    asked = Asked(by=actor, place="register", subject=f"{key[0]} ({key[1]})", seen=seen)
    async with work(house.engine, desk.id) as writing:
        if await store.lock(writing, key) is None:
            await lock(writing)  # of two who begin the same book the second waits here
        before = await as_seen(writing, key)
        await require_seen(writing, asked, before)
        yield writing
        after = await as_seen(writing, key)
        await remember(house, writing, asked, before, after)


async def as_seen(reading: Work, key: store.Key) -> dict[str, Any] | None:
    """How a book is set up; ``None``: it has not begun."""
    rows = await store.read_books(reading, *key)
    if not rows:
        return None
    (row,) = rows
    blocks = await store.read_blocks(reading, *key)
    closed = row["closed_at"]
    told = {
        "title_of_book": row["title"],
        "first": row["first"],
        "volume": msgspec.json.decode(row["volumes"])[-1]["volume"],
        "basis": row["basis"],
        "blocks_open": [_span(each) for each in blocks if each["closed_at"] is None],
        "blocks_closed": [_span(each) for each in blocks if each["closed_at"] is not None],
        "book_closed_on": f"{closed.astimezone(VN):%d/%m/%Y}" if closed else None,
    }
    return {name: value for name, value in told.items() if value}


def _span(block: Any) -> str:
    return f"{block['first']}–{block['last']}"
