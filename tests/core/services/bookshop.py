"""What tests of books share: an empty book, people at it, days on paper."""

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from core.services.shop import COPY, Shop
from motcua.domain.calendar import VN
from motcua.domain.dossier import Role
from motcua.services import blocks, books
from motcua.services.blocks import LaterEntry
from motcua.services.books import Block
from motcua.services.histories import HistoryEvent
from motcua.services.verify import Fault, verify
from motcua.storage.dossiers import load
from motcua.storage.rows import DossierRow
from motcua.storage.work import work

BOOK = "SCT/BS"
LAST_DAY = dt.datetime(2026, 12, 31, 8, 0, tzinfo=VN)
"""A Thursday; books of the year may be closed."""
SLUG = "phuong-mot"

_WIPE = """
delete from payment_part; delete from payment;
delete from dossier_event; delete from fee_line; delete from dossier_document;
delete from village_sheet; delete from village_day; delete from read_log;
delete from register_entry; delete from register_block; delete from register;
delete from dossier; delete from visit; delete from daily_figure; delete from counter;
"""


async def wipe(shop: Shop) -> None:
    """Begin with no dossier and no book, on the morning of the last day of the year."""
    connection = await asyncpg.connect(shop.owner.url)
    await connection.execute(_WIPE)
    await connection.close()
    shop.clock.now = LAST_DAY


async def row(shop: Shop, dossier: UUID) -> DossierRow:
    """A dossier as it stands."""
    tenant = await shop.desk()
    async with work(shop.house.engine, tenant.id) as reading:
        return (await load(reading, [dossier]))[dossier]


async def book(shop: Shop, key: str = BOOK) -> books.Book:
    """A book of the running year as its keepers see it."""
    found = await books.books(shop.house, await shop.desk(), shop.person(Role.CLERK))
    (one,) = [each for each in found if each.book == key and each.year == shop.clock.now.year]
    return one


async def block(shop: Shop, count: int, reason: str = "Cắt điện") -> Block:
    """A block of the next numbers."""
    shop.clock.tick()
    tenant, clerk = await shop.desk(), shop.person(Role.CLERK)
    return await blocks.reserve_block(shop.house, tenant, clerk, BOOK, count, reason)


async def close_block(shop: Shop, block_id: UUID, reason: str, **reasons: str) -> Block:
    """Close a block; keys of *reasons* are ``n7`` for the number 7."""
    shop.clock.tick()
    named = {int(key[1:]): words for key, words in reasons.items()}
    tenant, clerk = await shop.desk(), shop.person(Role.CLERK)
    return await blocks.close_block(shop.house, tenant, clerk, block_id, reason, named)


async def enter(shop: Shop, block_id: UUID, *numbers: int, **said: Any) -> blocks.Entered:
    """Enter a copy that was certified on paper."""
    shop.clock.tick()
    tenant, officer = await shop.desk(), shop.person(Role.RECEPTION)
    entry = on_paper(shop.clock.now, numbers, **said)
    return await blocks.enter(shop.house, tenant, officer, block_id, entry)


def on_paper(
    now: dt.datetime,
    numbers: tuple[int, ...],
    name: str = "Trần Văn Ba",
    ends: tuple[str, ...] = ("T16", "T18", "T19", "T20"),
    title: str = "Bằng tốt nghiệp",
    copies: int = 1,
    reason: str = "Xin rút",
) -> LaterEntry:
    """A copy certified on paper an hour before *now*, a minute for each step."""
    began = now - dt.timedelta(hours=1)
    people = {"T18": "Chủ tịch Nguyễn Văn Ký", "T20": "Lê Thị Trả"}
    events = [
        HistoryEvent(
            transition=step,
            at=began + dt.timedelta(minutes=n),
            by=people.get(step, "Phạm Thị Tiếp"),
            reason=reason if step == "T22" else "",
            data={"received_by": name, "way": "counter"} if step == "T20" else {},
        )
        for n, step in enumerate(("T02", "T08", "T30", *ends))
    ]
    return LaterEntry(
        procedure=COPY,
        applicant={"name": name},
        answers={
            "document_type": "giấy khai sinh",
            "document_title": title,
            "page_count": 1,
            "copy_count": copies,
        },
        events=events,
        numbers=numbers,
    )


async def faults(shop: Shop) -> tuple[Fault, ...]:
    """What ``motcua verify`` finds at the tenant; days not anchored are no matter here."""
    found = await verify(shop.house, Path("/nonexistent"), slugs=[SLUG])
    return tuple(fault for fault in found.faults if fault.kind != "anchor")
