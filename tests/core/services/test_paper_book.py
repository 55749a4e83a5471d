"""Sixty lines of a paper book, line by line, against the book the desk keeps.

The book goes on after number 57 of a paper book, has two volumes, texts that were never
signed, and a morning without power whose numbers were reserved (rules §7.2, §13.2).
"""

from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from core.services.bookshop import block, close_block, enter, faults, row, wipe
from core.services.shop import Shop, copy
from motcua.domain.dossier import Role
from motcua.services import books, closing
from motcua.services.registers import reserve
from motcua.services.visit import Received
from motcua.storage.rows import DossierRow

pytestmark = pytest.mark.anyio


class PaperLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line as it is written in the paper book, and what happened."""

    number: int
    printed: str
    how: str
    status: str
    requester: str = ""
    paper: str = ""
    copies: int | None = None
    reason: str = ""


class PaperTotals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the last page sums up; a volume is [no., first, last, issued, void, copies]."""

    numbers: int
    issued: int
    void: int
    quantity: int
    volumes: list[tuple[int, int, int, int, int, int]]


class PaperBook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole book."""

    book: str
    year: int
    title: str
    after: int
    basis: str
    new_volume_at: int
    block: tuple[int, int]
    totals: PaperTotals
    line: list[PaperLine]


BOOK = msgspec.toml.decode(
    (Path(__file__).parents[1] / "data" / "so-chung-thuc-ban-sao.toml").read_bytes(),
    type=PaperBook,
)


class Day:
    """What the desk does, line after line."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.spoilt: DossierRow | None = None

    async def take_in(self, line: PaperLine) -> Received:
        """Receive a copy."""
        self.shop.clock.tick()
        person = {"name": line.requester}
        paper = copy(copies=line.copies or 1, applicant=person)
        return await self.shop.received(
            msgspec.structs.replace(paper, answers=paper.answers | {"document_title": line.paper})
        )

    async def printed(self, received: Received | DossierRow) -> DossierRow:
        """Print the text of a copy, its number on it."""
        self.shop.clock.tick()
        tenant, field = await self.shop.desk(), self.shop.person(Role.FIELD)
        await reserve(self.shop.house, tenant, field, [received.id])
        return await row(self.shop, received.id)

    async def counter(self, line: PaperLine) -> None:
        await self.shop.walk(await self.printed(await self.take_in(line)), *SIGNED, "T19")

    async def clerk(self, line: PaperLine) -> None:
        await self.shop.walk(await self.take_in(line), *SIGNED, "T19")

    async def withdrawn(self, line: PaperLine) -> None:
        printed = await self.printed(await self.take_in(line))
        await self.shop.take(printed, "T22", reason=line.reason)

    async def refused(self, line: PaperLine) -> None:
        printed = await self.printed(await self.take_in(line))
        appraising = await self.shop.walk(printed, "T08")
        answer = await self.shop.take(appraising, "T24", reason="Trả lời", ground=line.reason)
        await self.shop.walk(answer, "T18", "T19")

    async def stopped(self, line: PaperLine) -> None:
        signed = await self.shop.walk(await self.printed(await self.take_in(line)), *SIGNED)
        await self.shop.take(signed, "T23", reason="Dừng", ground=line.reason)

    async def spoil(self, line: PaperLine) -> None:
        printed = await self.printed(await self.take_in(line))
        self.spoilt = await self.shop.take(
            printed, "T31", reason=line.reason, number=str(line.number)
        )

    async def again(self, line: PaperLine) -> None:
        del line
        assert self.spoilt is not None
        await self.shop.walk(await self.printed(self.spoilt), *SIGNED, "T19")

    async def nothing(self, line: PaperLine) -> None:
        """The day on paper is entered later."""


SIGNED = ("T08", "T16", "T18")
ON_PAPER = {"paper": ("T16", "T18", "T19", "T20"), "paper-withdrawn": ("T22",)}
DONE = {
    "counter": Day.counter,
    "clerk": Day.clerk,
    "withdrawn": Day.withdrawn,
    "refused": Day.refused,
    "stopped": Day.stopped,
    "spoilt": Day.spoil,
    "again": Day.again,
    "paper": Day.nothing,
    "paper-withdrawn": Day.nothing,
    "unused": Day.nothing,
}


@pytest.fixture
async def kept(opened: Shop) -> Shop:
    """The shop after everything in the paper book has happened at its desk."""
    await wipe(opened)
    tenant, clerk = await opened.desk(), opened.person(Role.CLERK)
    said: dict[str, Any] = {"after": BOOK.after, "title": BOOK.title, "basis": BOOK.basis}
    await books.start(opened.house, tenant, clerk, BOOK.book, **said)
    day, reserved = Day(opened), UUID(int=0)
    first, last = BOOK.block
    for line in BOOK.line:
        if line.number == first:
            reserved = (await block(opened, last - first + 1)).id
        if line.number == BOOK.new_volume_at:
            await books.add_volume(opened.house, tenant, clerk, BOOK.book, BOOK.year)
        await DONE[line.how](day, line)
    opened.clock.tick(hours=2)
    for line in BOOK.line:
        if line.how in ON_PAPER:
            await _enter(opened, reserved, line)
    reasons = {f"n{line.number}": line.reason for line in BOOK.line if line.how == "unused"}
    await close_block(opened, reserved, "Không dùng", **reasons)
    return opened


async def _enter(shop: Shop, block_id: UUID, line: PaperLine) -> None:
    await enter(
        shop,
        block_id,
        line.number,
        name=line.requester,
        title=line.paper,
        copies=line.copies,
        ends=ON_PAPER[line.how],
        reason=line.reason,
    )


async def test_the_desks_book_says_line_by_line_what_the_paper_book_says(kept: Shop) -> None:
    tenant, leader = await kept.desk(), kept.person(Role.LEADER)

    found = await books.lines(kept.house, tenant, leader, BOOK.book, BOOK.year)

    names = await kept.rows(
        "select e.number, d.applicant ->> 'name' as name from register_entry e"
        " join dossier d using (tenant_id) where tenant_id = $1 and d.id = e.dossier_id"
    )
    who = {each["number"]: each["name"] for each in names}
    assert len(found) == len(BOOK.line) == 60
    for line, expected in zip(found, BOOK.line, strict=True):
        said = PaperLine(
            number=line.number,
            printed=line.printed,
            how=expected.how,
            status=line.status,
            requester=who.get(line.number, ""),
            paper=line.summary,
            copies=line.quantity,
            reason=line.reason,
        )
        assert said == expected
    assert await faults(kept) == ()
    closed = (await closing.close(kept.house, tenant, leader, BOOK.book, BOOK.year)).totals
    assert (
        PaperTotals(
            numbers=closed.numbers,
            issued=closed.issued,
            void=closed.void,
            quantity=closed.quantity,
            volumes=[
                (v.volume, v.first, v.last, v.issued, v.void, v.quantity) for v in closed.volumes
            ],
        )
        == BOOK.totals
    )
    assert await faults(kept) == ()
