"""Whatever people do with books, in whatever order: no gap, and no number comes back."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.services.bookshop import BOOK, block, close_block, enter, faults, row, wipe
from core.services.shop import Shop, signature
from motcua.domain.dossier import Role
from motcua.domain.errors import MotCuaError
from motcua.services import books, closing
from motcua.services.registers import reserve
from motcua.storage.rows import DossierRow

pytestmark = pytest.mark.anyio

ONWARD = {"received": "T08", "appraising": "T16", "for_approval": "T18", "approved": "T19"}
Series = dict[tuple[str, int], str]
"""The status of each number, by book."""


class Keeper:
    """Does one thing after the other; what is refused leaves everything as it was."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.dossiers: list[UUID] = []
        self.blocks: list[UUID] = []

    async def receive(self, which: int) -> None:
        paper = signature(papers=2) if which % 3 == 0 else None
        self.dossiers.append((await self.shop.received(paper)).id)

    async def print_text(self, which: int) -> None:
        self.shop.clock.tick()
        tenant, field = await self.shop.desk(), self.shop.person(Role.FIELD)
        await reserve(self.shop.house, tenant, field, [(await self._one(which)).id])

    async def go_on(self, which: int) -> None:
        one = await self._one(which)
        await self.shop.take(one, ONWARD.get(one.state, "T08"))

    async def spoil(self, which: int) -> None:
        one = await self._one(which)
        lines = await self.shop.rows(
            "select register, year, number from register_entry where tenant_id = $1"
            " and dossier_id = $2 and status <> 'void' order by number",
            one.id,
        )
        named = [f"{line['number']:02d}/{line['year']} {line['register']}" for line in lines]
        await self.shop.take(one, "T31", reason="In hỏng", number=(named or ["1"])[0])

    async def withdraw(self, which: int) -> None:
        await self.shop.take(await self._one(which), "T22", reason="Xin rút")

    async def send_back(self, which: int) -> None:
        await self.shop.take(await self._one(which), "T17", reason="Sửa")

    async def refuse(self, which: int) -> None:
        one = await self._one(which)
        await self.shop.take(one, "T24", reason="Thiếu", ground="Điều 22")

    async def stop(self, which: int) -> None:
        one = await self._one(which)
        await self.shop.take(one, "T23", reason="Dừng", ground="Điều 22")

    async def block(self, which: int) -> None:
        self.blocks.append((await block(self.shop, 1 + which % 4)).id)

    async def enter(self, which: int) -> None:
        tenant, clerk = await self.shop.desk(), self.shop.person(Role.CLERK)
        found = await books.books(self.shop.house, tenant, clerk)
        unused = [(b.id, b.unused[-1]) for each in found for b in each.blocks if b.unused]
        if unused:
            ends = ("T22",) if which % 3 == 0 else ("T16", "T18")
            at, number = unused[which % len(unused)]
            self.dossiers.append((await enter(self.shop, at, number, ends=ends)).id)

    async def close_block(self, which: int) -> None:
        await close_block(self.shop, self._block(which), "Không dùng")

    async def volume(self, which: int) -> None:
        del which
        tenant, clerk = await self.shop.desk(), self.shop.person(Role.CLERK)
        await books.add_volume(self.shop.house, tenant, clerk, BOOK, 2026)

    async def close(self, which: int) -> None:
        del which
        tenant, clerk = await self.shop.desk(), self.shop.person(Role.CLERK)
        await closing.close(self.shop.house, tenant, clerk, BOOK, 2026)

    async def _one(self, which: int) -> DossierRow:
        if not self.dossiers:
            await self.receive(which)
        return await row(self.shop, self.dossiers[which % len(self.dossiers)])

    def _block(self, which: int) -> UUID:
        return self.blocks[which % len(self.blocks)] if self.blocks else UUID(int=1)


DEEDS: tuple[Callable[[Keeper, int], Awaitable[None]], ...] = (
    Keeper.receive,
    Keeper.print_text,
    Keeper.print_text,
    Keeper.go_on,
    Keeper.go_on,
    Keeper.go_on,
    Keeper.spoil,
    Keeper.withdraw,
    Keeper.send_back,
    Keeper.refuse,
    Keeper.stop,
    Keeper.block,
    Keeper.enter,
    Keeper.close_block,
    Keeper.volume,
    Keeper.close,
)
deeds = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 11)), max_size=40)


async def series(shop: Shop) -> Series:
    rows = await shop.rows(
        "select register, number, status from register_entry where tenant_id = $1"
    )
    return {(each["register"], each["number"]): each["status"] for each in rows}


async def closed(shop: Shop) -> set[str]:
    rows = await shop.rows("select book from register where tenant_id = $1 and totals is not null")
    return {each["book"] for each in rows}


@given(done=deeds)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_a_series_has_no_gap_and_no_number_comes_back(
    opened: Shop, done: list[tuple[Callable[[Keeper, int], Awaitable[None]], int]]
) -> None:
    await wipe(opened)
    keeper, before, shut = Keeper(opened), Series(), set[str]()
    for deed, which in done:
        try:
            await deed(keeper, which)
        except MotCuaError:
            assert await series(opened) == before
        after = await series(opened)
        for (name, number), status in before.items():
            now = after[name, number]
            assert now == status or (status != "void" and name not in shut)
            assert (status, now) != ("issued", "reserved")
        assert {key for key in after if key[0] in shut} <= set(before)
        before, shut = after, await closed(opened)
    for name in {name for name, _ in before}:
        numbers = sorted(number for each, number in before if each == name)
        assert numbers == list(range(1, len(numbers) + 1))
    assert await faults(opened) == ()


async def test_the_deeds_reach_a_closed_book_with_two_volumes_and_a_block(opened: Shop) -> None:
    """The sequences above are not empty: done in this order, all of it happens."""
    await wipe(opened)
    keeper = Keeper(opened)
    for deed, which in (
        (Keeper.receive, 1),
        (Keeper.print_text, 0),
        (Keeper.go_on, 0),
        (Keeper.go_on, 0),
        (Keeper.go_on, 0),
        (Keeper.go_on, 0),
        (Keeper.volume, 0),
        (Keeper.block, 2),
        (Keeper.enter, 0),
        (Keeper.close_block, 0),
        (Keeper.close, 0),
    ):
        await deed(keeper, which)

    assert await closed(opened) == {BOOK}
    assert await series(opened) == {
        (BOOK, 1): "issued",
        (BOOK, 2): "void",
        (BOOK, 3): "void",
        (BOOK, 4): "void",
    }
