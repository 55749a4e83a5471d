"""Books: where they begin, their volumes, blocks for a day on paper, and their closing."""

import datetime as dt
from typing import Any
from uuid import uuid4

import asyncpg
import msgspec
import pytest
from msgspec.structs import replace

from core.services.bookshop import (
    BOOK,
    LAST_DAY,
    block,
    book,
    close_block,
    enter,
    faults,
    on_paper,
    row,
    wipe,
)
from core.services.shop import Shop, single
from fakes.forms import filled
from motcua.domain.dossier import TAKES_BACK, TRANSITIONS, Role, RoleNotAllowedError, State
from motcua.domain.errors import InvalidAnswersError, MotCuaError
from motcua.registry.dispatch import PluginFinishOnlyError
from motcua.services import blocks, books, closing
from motcua.services.act import DecidedElsewhereError
from motcua.services.blocks import BlockClosedError, LaterEntry, UnknownBlockError
from motcua.services.book_changes import as_seen
from motcua.services.books import BookBegunError, EmptyVolumeError, UnknownBookError, printed
from motcua.services.catalogue import Catalogue
from motcua.services.change import ChangedMeanwhileError, digest
from motcua.services.changes import changes
from motcua.services.closing import BookOpenError, Closing, YearNotOverError
from motcua.services.configure import disable, enable
from motcua.services.hooks import ACTING
from motcua.services.registers import reserve
from motcua.services.replay import ImpossibleEventError
from motcua.storage.books import BookClosedError
from motcua.storage.rows import RegisterRow
from motcua.storage.work import work

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(opened: Shop) -> Shop:
    """The shop with empty books, on the last day of the year."""
    await wipe(opened)
    return opened


async def start(desk: Shop, **said: Any) -> books.Book:
    tenant, clerk = await desk.desk(), desk.person(Role.CLERK)
    return await books.start(desk.house, tenant, clerk, BOOK, **said)


async def close(desk: Shop, role: Role = Role.CLERK, year: int = 2026) -> Closing:
    desk.clock.tick()
    return await closing.close(desk.house, await desk.desk(), desk.person(role), BOOK, year)


async def new_volume(desk: Shop) -> books.Book:
    tenant, clerk = await desk.desk(), desk.person(Role.CLERK)
    return await books.add_volume(desk.house, tenant, clerk, BOOK, 2026)


async def numbered(desk: Shop) -> list[RegisterRow]:
    """A certified copy whose text is printed."""
    received = await desk.received()
    desk.clock.tick()
    tenant, field = await desk.desk(), desk.person(Role.FIELD)
    return (await reserve(desk.house, tenant, field, [received.id]))[received.id]


async def issued(desk: Shop) -> RegisterRow:
    """A certified copy from the counter to its book."""
    (line,) = await numbered(desk)
    assert line.dossier_id is not None
    await desk.walk(await row(desk, line.dossier_id), "T08", "T16", "T18", "T19")
    return line


async def lines(desk: Shop, **how: Any) -> list[tuple[int, str, str]]:
    tenant, clerk = await desk.desk(), desk.person(Role.CLERK)
    found = await books.lines(desk.house, tenant, clerk, BOOK, 2026, **how)
    return [(each.number, each.status, each.reason) for each in found]


# ---- where a book begins, and its volumes ----


async def test_a_book_goes_on_after_its_last_entry_on_paper(desk: Shop) -> None:
    """The paper book ended at 57: ours begins at 58, and verify knows."""
    began = await start(desk, after=57, volume=2, title="Sổ chứng thực bản sao", basis="Trang 12")

    line = await issued(desk)

    assert (began.first, began.last, began.title) == (58, 57, "Sổ chứng thực bản sao")
    assert printed(line) == "58, quyển số 02/2026-SCT/BS"
    assert await faults(desk) == ()
    shown = await book(desk)
    assert (shown.first, shown.last, shown.totals.numbers, shown.totals.quantity) == (58, 58, 1, 2)


async def test_a_small_number_is_printed_with_two_digits(desk: Shop) -> None:
    assert printed(await issued(desk)) == "01, quyển số 01/2026-SCT/BS"


async def test_a_book_without_numbers_may_begin_elsewhere_after_all(desk: Shop) -> None:
    await start(desk, after=57, basis="Đọc nhầm")

    assert (await start(desk, after=75, basis="Trang 15")).first == 76


async def test_a_book_that_has_numbers_begins_nowhere_else(desk: Shop) -> None:
    await issued(desk)

    with pytest.raises(BookBegunError) as refused:
        await start(desk, after=57, basis="Trang 12")

    assert refused.value.fields["last"] == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"after": -1}, "after"),
        ({"after": 10_000_000, "basis": "x"}, "after"),
        ({"volume": 0}, "volume"),
        ({"after": 5}, "basis"),
    ],
)
async def test_a_beginning_that_cannot_be_is_refused(
    desk: Shop, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidAnswersError) as refused:
        await start(desk, **said)

    assert [fault.field for fault in refused.value.faults] == [field]


async def test_a_second_volume_continues_the_series(desk: Shop) -> None:
    await issued(desk)
    await new_volume(desk)
    line = await issued(desk)

    assert printed(line) == "02, quyển số 02/2026-SCT/BS"
    with_two = await book(desk)
    assert [(each.volume, each.first) for each in with_two.volumes] == [(1, 1), (2, 2)]
    assert [(each.volume, each.numbers) for each in with_two.totals.volumes] == [(1, 1), (2, 1)]
    assert await faults(desk) == ()


async def test_a_volume_without_numbers_is_used_first(desk: Shop) -> None:
    await issued(desk)
    await new_volume(desk)

    with pytest.raises(EmptyVolumeError):
        await new_volume(desk)


async def test_a_new_year_begins_again_at_one(desk: Shop) -> None:
    await issued(desk)
    desk.clock.now = LAST_DAY + dt.timedelta(days=4)

    line = await issued(desk)

    assert (line.number, line.year, line.volume) == (1, 2027, 1)


async def test_a_book_is_read_by_month(desk: Shop) -> None:
    desk.clock.now = LAST_DAY - dt.timedelta(days=35)
    first = await issued(desk)
    desk.clock.now = LAST_DAY
    second = await issued(desk)

    assert await lines(desk, month=11) == [(first.number, "issued", "")]
    assert await lines(desk, month=12) == [(second.number, "issued", "")]
    assert len(await lines(desk)) == 2


async def test_only_those_who_keep_books_change_them(desk: Shop) -> None:
    tenant, reception = await desk.desk(), desk.person(Role.RECEPTION)

    with pytest.raises(RoleNotAllowedError):
        await books.start(desk.house, tenant, reception, BOOK)
    with pytest.raises(RoleNotAllowedError):
        await blocks.reserve_block(desk.house, tenant, reception, BOOK, 5, "Cắt điện")
    with pytest.raises(RoleNotAllowedError):
        await closing.close(desk.house, tenant, reception, BOOK, 2026)
    with pytest.raises(RoleNotAllowedError):
        await books.books(desk.house, tenant, desk.person(Role.SUPERVISOR))


async def test_an_administrator_sets_books_up_and_does_not_read_them(desk: Shop) -> None:
    tenant, admin = await desk.desk(), desk.person(Role.ADMIN)

    await books.start(desk.house, tenant, admin, BOOK, after=57, basis="Trang 12")
    block = await blocks.reserve_block(desk.house, tenant, admin, BOOK, 2, "Cắt điện")
    await blocks.close_block(desk.house, tenant, admin, block.id, "Có điện lại")

    (shown,) = await books.books(desk.house, tenant, admin)
    assert (shown.first, shown.last, shown.totals.void) == (58, 59, 2)
    with pytest.raises(RoleNotAllowedError):
        await books.lines(desk.house, tenant, admin, BOOK, 2026)
    told = (await changes(desk.house, tenant)).changes[:3]
    assert [(each.place, each.subject) for each in told] == [("register", "SCT/BS (2026)")] * 3
    assert [each.after.get("blocks_open") for each in told] == [None, ["58–59"], None]


async def test_of_two_who_begin_a_book_at_once_the_second_is_told(desk: Shop) -> None:
    tenant, admin = await desk.desk(), desk.person(Role.ADMIN)
    await books.start(desk.house, tenant, admin, BOOK, after=57, basis="Trang 12")
    async with work(desk.house.engine, tenant.id) as reading:
        seen = digest(await as_seen(reading, (BOOK, 2026)))
    await blocks.reserve_block(desk.house, tenant, admin, BOOK, 2, "Cắt điện", seen=seen)

    with pytest.raises(ChangedMeanwhileError):
        await blocks.reserve_block(desk.house, tenant, admin, BOOK, 2, "Cắt điện", seen=seen)


async def test_a_book_nobody_began_is_unknown(desk: Shop) -> None:
    with pytest.raises(UnknownBookError):
        await lines(desk)
    with pytest.raises(UnknownBookError):
        await new_volume(desk)


# ---- a day on paper ----


async def test_a_block_reserves_the_next_numbers(desk: Shop) -> None:
    await issued(desk)

    reserved = await block(desk, 3)
    after = await issued(desk)

    assert (reserved.first, reserved.last, reserved.unused) == (2, 4, (2, 3, 4))
    assert (reserved.reason, reserved.reserved_by) == ("Cắt điện", "Cán bộ clerk")
    assert after.number == 5
    assert await faults(desk) == ()


async def test_what_was_done_on_paper_is_entered_with_its_true_times(desk: Shop) -> None:
    reserved = await block(desk, 3)
    now = desk.clock.tick(hours=2)

    entered = await enter(desk, reserved.id, 2, name="Trần Văn Ba")

    found = await desk.rows(
        "select transition, at, actor, data from dossier_event"
        " where tenant_id = $1 and dossier_id = $2 order by seq",
        entered.id,
    )
    assert [each["transition"] for each in found][-1] == "T20"
    assert found[0]["at"] == now + dt.timedelta(minutes=1) - dt.timedelta(hours=1)
    assert found[4]["actor"] == "Chủ tịch Nguyễn Văn Ký"
    told = [msgspec.json.decode(each["data"]) for each in found]
    assert told[2]["register"] == ["02/2026 SCT/BS"]
    assert told[4]["issued"] == ["02/2026 SCT/BS"]
    assert {each["entered"]["by"] for each in told} == {"Cán bộ reception"}
    assert {each["entered"]["block"] for each in told} == {str(reserved.id)}
    at = msgspec.convert(told[0]["entered"]["at"], dt.datetime)
    assert at == desk.clock.now > found[-1]["at"]
    assert (entered.state, entered.numbers) == ("returned", (2,))
    assert await lines(desk) == [(1, "reserved", ""), (2, "issued", ""), (3, "reserved", "")]
    assert await faults(desk) == ()


async def test_a_paper_that_was_not_signed_is_entered_as_void(desk: Shop) -> None:
    reserved = await block(desk, 2)

    await enter(desk, reserved.id, 1, ends=("T22",))

    assert await lines(desk) == [(1, "void", "Xin rút"), (2, "reserved", "")]
    assert await faults(desk) == ()


async def test_what_is_left_of_a_block_is_void_with_its_reason(desk: Shop) -> None:
    reserved = await block(desk, 4)
    await enter(desk, reserved.id, 2)

    closed = await close_block(desk, reserved.id, "Không dùng", n3="In hỏng")

    assert (closed.unused, closed.closed_by) == ((), "Cán bộ clerk")
    assert await lines(desk) == [
        (1, "void", "Không dùng"),
        (2, "issued", ""),
        (3, "void", "In hỏng"),
        (4, "void", "Không dùng"),
    ]
    assert await faults(desk) == ()


async def test_nothing_is_entered_in_a_block_that_is_closed(desk: Shop) -> None:
    reserved = await block(desk, 2)
    await close_block(desk, reserved.id, "Không dùng")

    with pytest.raises(BlockClosedError):
        await enter(desk, reserved.id, 1)
    with pytest.raises(BlockClosedError):
        await close_block(desk, reserved.id, "Không dùng")


@pytest.mark.parametrize("numbers", [(9,), (1, 2), (), (3,)], ids=str)
async def test_a_number_is_entered_once_and_out_of_its_block(
    desk: Shop, numbers: tuple[int, ...]
) -> None:
    """Outside the block, more or fewer than the texts need, used already."""
    reserved = await block(desk, 4)
    await enter(desk, reserved.id, 3)

    with pytest.raises(InvalidAnswersError) as refused:
        await enter(desk, reserved.id, *numbers)

    assert [fault.field for fault in refused.value.faults] == ["numbers"]
    assert await desk.count("dossier") == 1
    assert await faults(desk) == ()


async def test_a_later_entry_cannot_be_of_the_future(desk: Shop) -> None:
    reserved = await block(desk, 1)
    entry = on_paper(desk.clock.now + dt.timedelta(hours=3), (1,))
    tenant, officer = await desk.desk(), desk.person(Role.RECEPTION)

    with pytest.raises(ImpossibleEventError):
        await blocks.enter(desk.house, tenant, officer, reserved.id, entry)


async def refused(desk: Shop, role: Role, entry: LaterEntry) -> MotCuaError:
    """Why *entry* is not taken into a new block; nothing of it is kept."""
    reserved = await block(desk, 1)
    had = await desk.count("dossier")
    with pytest.raises(MotCuaError) as error:
        await blocks.enter(desk.house, await desk.desk(), desk.person(role), reserved.id, entry)
    assert await desk.count("dossier") == had
    return error.value


@pytest.mark.parametrize("role", [Role.FIELD, Role.CLERK])
async def test_who_receives_at_no_desk_enters_no_reception(desk: Shop, role: Role) -> None:
    entry = on_paper(desk.clock.now, (1,))

    assert isinstance(await refused(desk, role, entry), RoleNotAllowedError)


async def test_what_takes_no_number_is_received_at_the_desk(desk: Shop) -> None:
    """Civil status in a block of the copies' book; a copy that ended before its text."""
    plain = single()
    entry = on_paper(desk.clock.now, ())
    other = replace(
        entry, procedure=plain.procedure, answers=plain.answers, events=entry.events[:2]
    )
    ended = replace(
        entry, events=[*entry.events[:2], *on_paper(desk.clock.now, (), ends=("T22",)).events[3:]]
    )

    for each in (other, ended):
        error = await refused(desk, Role.RECEPTION, each)
        assert isinstance(error, InvalidAnswersError)
        assert [fault.field for fault in error.faults] == ["numbers"]


async def test_a_plugin_that_only_finishes_takes_nothing_later_either(desk: Shop) -> None:
    tenant = await desk.desk()
    await disable(desk.house, tenant, "certification")
    try:
        error = await refused(desk, Role.RECEPTION, on_paper(desk.clock.now, (1,)))
    finally:
        await enable(desk.house, tenant, "certification")

    assert isinstance(error, PluginFinishOnlyError)


async def test_what_another_system_decides_is_not_decided_by_a_later_entry(
    desk: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = [
        replace(each, definition=replace(each.definition, decided_in="Hệ thống khác"))
        for each in desk.house.catalogue.by_id.values()
    ]
    monkeypatch.setattr(desk.house, "catalogue", Catalogue(versions))

    error = await refused(desk, Role.RECEPTION, on_paper(desk.clock.now, (1,)))

    assert isinstance(error, DecidedElsewhereError)


async def test_an_exemption_is_proven_in_a_later_entry_too(desk: Shop) -> None:
    definition, exemption = next(
        (each.definition, exemption.id)
        for each in desk.house.registry.definitions()
        if each.definition.stands_alone and not each.definition.is_simulation
        for fee in each.definition.fees
        for exemption in fee.exemptions
    )
    answers = filled(definition)
    entry = replace(on_paper(desk.clock.now, (1,)), procedure=definition.code, answers=answers)
    entry.events[0].data = {"exemptions": [exemption]}

    error = await refused(desk, Role.RECEPTION, entry)

    assert isinstance(error, InvalidAnswersError)
    assert [fault.field for fault in error.faults] == ["proofs"]


def test_plugins_act_after_every_reception_and_every_result() -> None:
    """Also after a silence (T35), at the desk and when it is entered later."""
    ends = (State.RECEIVED, State.RESULT_READY)

    led = {row.id for row in TRANSITIONS.values() if row.target in ends}
    assert set(ACTING) == led - set(TAKES_BACK)


async def test_nothing_is_entered_from_before_the_day_on_paper(desk: Shop) -> None:
    """The day before a Thursday is on paper still; two days before is not."""
    day_before, earlier = (desk.clock.now - dt.timedelta(days=days) for days in (1, 2))

    error = await refused(desk, Role.RECEPTION, on_paper(earlier, (1,)))
    reserved = await block(desk, 1)
    tenant, officer = await desk.desk(), desk.person(Role.RECEPTION)
    entry = on_paper(day_before, (reserved.first,))
    await blocks.enter(desk.house, tenant, officer, reserved.id, entry)

    assert isinstance(error, InvalidAnswersError)
    assert [fault.fault for fault in error.faults] == ["register.before-block"]


async def test_what_is_entered_later_has_its_receipt(desk: Shop) -> None:
    reserved = await block(desk, 1)
    desk.clock.tick(hours=2)

    entered = await enter(desk, reserved.id, 1)

    stored = await row(desk, entered.id)
    (visit,) = await desk.rows("select id, receipt, fee_total, at from visit where tenant_id = $1")
    assert stored.visit_id == visit["id"]
    assert (visit["receipt"], visit["at"]) == ("2026-000001", stored.received_at)
    (fees,) = await desk.rows("select sum(amount)::int n from fee_line where tenant_id = $1")
    assert visit["fee_total"] == fees["n"] > 0
    assert await faults(desk) == ()


async def test_a_block_of_nobody_is_unknown(desk: Shop) -> None:
    await block(desk, 1)

    with pytest.raises(UnknownBlockError):
        await enter(desk, uuid4(), 1)
    with pytest.raises(UnknownBlockError):
        await close_block(desk, uuid4(), "Không dùng")


@pytest.mark.parametrize(("count", "reason"), [(0, "x"), (501, "x"), (1, " ")])
async def test_a_block_that_cannot_be_is_refused(desk: Shop, count: int, reason: str) -> None:
    with pytest.raises(InvalidAnswersError):
        await block(desk, count, reason)


@pytest.mark.parametrize(("reason", "own"), [("", {}), ("x", {"n9": "y"}), ("x", {"n1": " "})])
async def test_unused_numbers_are_void_for_a_reason(
    desk: Shop, reason: str, own: dict[str, str]
) -> None:
    reserved = await block(desk, 2)

    with pytest.raises(InvalidAnswersError):
        await close_block(desk, reserved.id, reason, **own)

    assert await lines(desk) == [(1, "reserved", ""), (2, "reserved", "")]


# ---- the end of the year ----


async def test_a_book_is_closed_with_its_totals(desk: Shop) -> None:
    await issued(desk)
    await new_volume(desk)
    reserved = await block(desk, 2)
    await enter(desk, reserved.id, 2, copies=5)
    await close_block(desk, reserved.id, "Không dùng")

    closed = await close(desk, Role.LEADER)

    found = closed.totals
    assert (found.numbers, found.issued, found.void, found.reserved) == (3, 2, 1, 0)
    assert found.quantity == 2 + 5
    volumes = [(v.volume, v.first, v.last, v.issued, v.void) for v in found.volumes]
    assert volumes == [(1, 1, 1, 1, 0), (2, 2, 3, 1, 1)]
    assert (closed.closed_at, closed.closed_by) == (desk.clock.now, "Cán bộ leader")
    assert await faults(desk) == ()


async def test_a_book_is_not_closed_while_something_in_it_is_open(desk: Shop) -> None:
    await issued(desk)
    (waiting,) = await numbered(desk)
    reserved = await block(desk, 2)

    with pytest.raises(BookOpenError) as refused:
        await close(desk)

    told = refused.value.fields
    assert (told["numbers"], told["blocks"]) == ("2", "3–4")
    assert (await book(desk)).waiting == (waiting.number,)
    assert waiting.dossier_id is not None
    signed = await desk.walk(await row(desk, waiting.dossier_id), "T08", "T16", "T18")
    await close_block(desk, reserved.id, "Không dùng")
    with pytest.raises(BookOpenError, match="numbers='2'"):
        await close(desk)
    await desk.take(signed, "T19")
    assert (await close(desk)).totals.numbers == 4


async def test_nothing_is_numbered_in_a_closed_book(desk: Shop) -> None:
    await issued(desk)
    await close(desk)

    with pytest.raises(BookClosedError):
        await numbered(desk)
    with pytest.raises(BookClosedError):
        await block(desk, 1)
    with pytest.raises(BookClosedError):
        await new_volume(desk)
    with pytest.raises(BookClosedError):
        await start(desk)
    with pytest.raises(BookClosedError):
        await close(desk)
    assert len(await lines(desk)) == 1
    assert await faults(desk) == ()


async def test_a_book_is_closed_on_the_last_day_of_its_year_or_later(desk: Shop) -> None:
    desk.clock.now = LAST_DAY - dt.timedelta(days=1)
    await issued(desk)

    with pytest.raises(YearNotOverError):
        await close(desk)

    desk.clock.now = LAST_DAY + dt.timedelta(days=30)
    assert (await close(desk)).totals.numbers == 1


# ---- what verify sees ----


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ("update register set last = last + 1", "verify.series"),
        ("update register set first = 0", "verify.series"),
        ("update register_entry set volume = 3 where number = 1", "verify.volume"),
        ("update register_entry set reason = '' where number = 3", "verify.stray-line"),
        ("update register_entry set status = 'reserved' where number = 3", "verify.stray-line"),
        ("update register_entry set block_id = null where number = 3", "verify.stray-line"),
        ("update register_entry set block_id = null where number = 2", "verify.block"),
        ("update register_block set last = 4", "verify.block"),
        ("update register_entry set reason = 'khác' where number = 3", "verify.closed-book"),
        ("update register_entry set quantity = 9 where number = 1", "verify.closed-book"),
        ("update register set totals = '{}'", "verify.closed-book"),
        ("update register set totals = jsonb_set(totals, '{void}', '0')", "verify.closed-book"),
    ],
)
async def test_a_book_changed_past_the_desk_is_seen(desk: Shop, change: str, detail: str) -> None:
    await issued(desk)
    reserved = await block(desk, 2)
    await enter(desk, reserved.id, 2)
    await close_block(desk, reserved.id, "Không dùng")
    await close(desk)
    connection = await asyncpg.connect(desk.owner.url)
    await connection.execute(change)
    await connection.close()

    found = await faults(desk)

    assert ("register", f"{BOOK} 2026", detail) in {(f.kind, f.where, f.detail) for f in found}
