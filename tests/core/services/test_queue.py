"""The queue: numbers without a gap, nobody called twice, and what becomes of a number."""

import asyncio
import datetime as dt

import msgspec
import pytest

from core.services.shop import Shop, copy
from motcua.domain.dossier import Role
from motcua.domain.queue import Line, Queue, Window
from motcua.services import board, queue
from motcua.services.queue import NoQueueError, NotServingError, Ticket, TicketGoneError

pytestmark = pytest.mark.anyio

SLUG = "phuong-mot"
QUEUE = Queue(
    lines=(Line(letter="A", name="Chứng thực"), Line(letter="B", name="Hộ tịch")),
    windows=(*(Window(name=f"Quầy {n}") for n in range(1, 9)), Window(name="Sổ", letters=("B",))),
)


@pytest.fixture
async def waiting(shop: Shop) -> Shop:
    """The shop with lines and windows; nobody waits yet."""
    settings = msgspec.json.encode({"queue": QUEUE}).decode()
    sql = "update tenant set settings = settings || $1::jsonb where slug = 'phuong-mot'"
    await shop.configure(SLUG, sql, settings)
    return shop


async def take(shop: Shop, letter: str = "A", *, priority: bool = False) -> Ticket:
    shop.clock.tick()
    return await queue.take(shop.house, await shop.desk(), letter, priority=priority)


async def call(shop: Shop, place: str = "Quầy 1", seen: Ticket | None = None) -> Ticket | None:
    officer = shop.person(Role.RECEPTION)
    seen_id = seen.id if seen else None
    return await queue.call(shop.house, await shop.desk(), officer, place, seen_id)


async def change(shop: Shop, ticket: Ticket, what: queue.What, **said: str) -> Ticket:
    officer = shop.person(Role.RECEPTION)
    return await queue.change(shop.house, await shop.desk(), officer, ticket.id, what, **said)


async def test_numbers_of_a_letter_and_a_day_have_no_gap_when_many_press_at_once(
    waiting: Shop,
) -> None:
    desk = await waiting.desk()

    taken = await asyncio.gather(*(queue.take(waiting.house, desk, "AB"[n % 2]) for n in range(24)))

    assert sorted(each.code for each in taken if each.letter == "A") == [
        f"A{n:03}" for n in range(1, 13)
    ]
    assert sorted(each.number for each in taken if each.letter == "B") == [*range(1, 13)]
    waiting.next_day()
    assert (await take(waiting)).code == "A001"


async def test_windows_that_call_at_once_never_call_the_same_number(waiting: Shop) -> None:
    desk = await waiting.desk()
    for _ in range(20):
        await take(waiting)
    officer = waiting.person(Role.RECEPTION)

    async def work_on(place: str) -> list[str]:
        called, seen = [], None
        while ticket := await queue.call(waiting.house, desk, officer, place, seen):
            called.append(ticket.code)
            seen = ticket.id
        return called

    shares = await asyncio.gather(*(work_on(f"Quầy {n}") for n in range(1, 9)))

    codes = [code for share in shares for code in share]
    assert sorted(codes) == [f"A{n:03}" for n in range(1, 21)]
    assert sum(bool(share) for share in shares) > 1


async def test_pressing_twice_calls_once_even_in_the_same_instant(waiting: Shop) -> None:
    for _ in range(3):
        await take(waiting)

    first, again = await asyncio.gather(call(waiting), call(waiting))
    later = await call(waiting)

    assert first == again == later
    assert first is not None
    assert first.code == "A001"
    assert (await call(waiting, seen=first)).code == "A002"  # type: ignore[union-attr]  # one waits


async def test_who_has_priority_comes_first_and_a_window_calls_its_own_lines(
    waiting: Shop,
) -> None:
    await take(waiting, "A")
    late = await take(waiting, "B", priority=True)
    other = await take(waiting, "B")

    assert (await call(waiting, "Quầy 1")).code == late.code  # type: ignore[union-attr]  # three wait
    assert (await call(waiting, "Sổ")).code == other.code  # type: ignore[union-attr]  # two wait
    assert await call(waiting, "Sổ", other) is None


async def test_a_number_is_called_again_noted_absent_and_called_after_all(waiting: Shop) -> None:
    await take(waiting)
    called = await call(waiting)
    assert called is not None

    again = await change(waiting, called, "again", place="Quầy 1")
    away = await change(waiting, called, "absent")
    back = await change(waiting, called, "again", place="Quầy 2")
    done = await change(waiting, called, "done")

    assert (again.calls, away.state, back.place, back.state) == (2, "absent", "Quầy 2", "called")
    assert done.state == "done"
    with pytest.raises(TicketGoneError):
        await change(waiting, called, "absent")


@pytest.mark.parametrize("what", ["done", "absent", "again", "move"])
async def test_a_page_left_open_ends_no_number_a_colleague_has_called_since(
    waiting: Shop, what: queue.What
) -> None:
    await take(waiting)
    called = await call(waiting, "Quầy 1")
    assert called is not None
    await change(waiting, called, "absent", place="Quầy 1")
    theirs = await change(waiting, called, "again", place="Quầy 2")

    with pytest.raises(TicketGoneError):
        await change(waiting, called, what, place="Quầy 1", line="B")

    assert theirs in await queue.today(
        waiting.house, await waiting.desk(), waiting.person(Role.RECEPTION)
    )


async def test_calling_again_while_the_window_calls_the_next_waits_for_its_turn(
    waiting: Shop,
) -> None:
    await take(waiting)
    absent = await call(waiting)
    assert absent is not None
    for _ in range(5):
        await change(waiting, absent, "absent", place="Quầy 1")
        await take(waiting)

        await asyncio.gather(call(waiting), change(waiting, absent, "again", place="Quầy 1"))

        await change(waiting, absent, "again", place="Quầy 1")


async def test_a_number_moved_to_another_line_keeps_its_turn_and_its_code(waiting: Shop) -> None:
    first = await take(waiting, "A")
    await take(waiting, "B")
    assert await call(waiting, "Quầy 1") == msgspec.structs.replace(
        first, state="called", place="Quầy 1", called_at=waiting.clock(), calls=1
    )

    moved = await change(waiting, first, "move", line="B")

    assert (moved.code, moved.line, moved.state) == ("A001", "B", "waiting")
    assert (await call(waiting, "Sổ")).code == "A001"  # type: ignore[union-attr]  # two wait


async def test_a_ticket_tells_how_many_wait_before_it(waiting: Shop) -> None:
    for _ in range(3):
        await take(waiting)
    mine = await take(waiting)
    await take(waiting, priority=True)
    await take(waiting, "B")

    desk = await waiting.desk()

    assert (await queue.ticket(waiting.house, desk, mine.id)).ahead == 4


async def test_the_visit_that_is_received_stands_on_the_number_the_officer_serves(
    waiting: Shop,
) -> None:
    await take(waiting)
    called = await call(waiting)
    assert called is not None

    visit = await waiting.receive(copy())

    rows = await waiting.rows(
        "select visit_id from queue_ticket where tenant_id = $1 and id = $2", called.id
    )
    assert rows == [{"visit_id": visit.visit}]


async def test_only_who_sits_at_a_window_calls_and_only_to_a_window_that_is_there(
    waiting: Shop,
) -> None:
    desk = await waiting.desk()

    with pytest.raises(NotServingError):
        await queue.call(waiting.house, desk, waiting.person(Role.ADMIN), "Quầy 1", None)
    with pytest.raises(NoQueueError):
        await call(waiting, "Quầy 99")
    with pytest.raises(NoQueueError):
        await take(waiting, "Z")
    with pytest.raises(NoQueueError):
        await queue.take(waiting.house, await waiting.desk("xa-hai"), "A")


async def test_the_board_shows_the_latest_call_first_and_who_waits(waiting: Shop) -> None:
    for letter in "AAB":
        await take(waiting, letter)
    await call(waiting, "Quầy 1")
    waiting.clock.tick()
    await call(waiting, "Quầy 2")

    found = await board.board(waiting.house, await waiting.desk())

    assert [(each.code, each.place) for each in found.calls] == [
        ("A002", "Quầy 2"),
        ("A001", "Quầy 1"),
    ]
    assert found.waiting == (("A", "Chứng thực", 0), ("B", "Hộ tịch", 1))


async def test_everybody_who_looks_is_told_of_a_call_and_the_reading_ends_with_the_last(
    waiting: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "EVERY_SECONDS", 0.02)
    boards = board.Boards(waiting.house)
    await take(waiting)
    screens = [boards.watch(SLUG), boards.watch(SLUG)]
    first = await asyncio.gather(*(anext(screen) for screen in screens))

    await call(waiting)
    told = await asyncio.gather(*(anext(screen) for screen in screens))
    for screen in screens:
        await screen.aclose()  # type: ignore[attr-defined]  # a generator is one

    assert [each.calls for each in first] == [(), ()]
    assert [each.calls[0].code for each in told] == ["A001", "A001"]
    assert not boards.watched


async def test_a_process_that_ends_lets_everybody_go(waiting: Shop) -> None:
    boards = board.Boards(waiting.house)
    screen = boards.watch(SLUG)
    await anext(screen)

    boards.end()

    assert [each async for each in screen] == []
    assert [each async for each in boards.watch(SLUG)] == []
    assert not boards.watched


async def test_yesterdays_numbers_are_called_no_more(waiting: Shop) -> None:
    await take(waiting)
    waiting.clock.now += dt.timedelta(days=1)

    assert await call(waiting) is None
