"""Days off decided late: what is printed stays, what moves moves by T27 and is previewed."""

import datetime as dt
from uuid import UUID

import pytest
from msgspec import structs

from core.services.shop import AN, Shop, single
from motcua.domain.calendar import VN, CalendarDay, Closure
from motcua.domain.dossier import Role
from motcua.services import messages, redate
from motcua.services.change import Asked
from motcua.services.configure import ClosureBegunError, close_days, open_again
from motcua.services.entered import entered_days
from motcua.services.ledger import due_state, life_of
from motcua.services.publish import publish_days
from motcua.services.views import explained
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow
from motcua.storage.work import work

pytestmark = pytest.mark.anyio

DUES = ("promise_at", "legal_due_at", "due_at", "due_ground", "late")


async def stored(shop: Shop, dossier_id: UUID) -> DossierRow:
    tenant = await shop.desk()
    async with work(shop.house.engine, tenant.id) as reading:
        return (await store.load(reading, [dossier_id]))[dossier_id]


def dues(row: DossierRow) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in DUES)


async def explains(shop: Shop, row: DossierRow) -> bool:
    """Whether the clock counted again, and what is told of it, agree with the stored row."""
    tenant = await shop.desk()
    told, clock = explained(shop.house, tenant, row), due_state(life_of(row), tenant.calendar)
    counted = (clock.promise, clock.report_due, clock.current_due)
    assert counted == (told.promise, told.legal_due, told.due)
    return (*counted, told.ground, told.late) == dues(row)


def closing(row: DossierRow, decided_on: dt.date | None) -> Closure:
    """A closure of the day the dossier is due, by a paper of *decided_on*."""
    assert row.due_at is not None
    return Closure(
        date=row.due_at.date(),
        reason="Mất điện",
        basis="Thông báo 7/TB",
        decided_on=decided_on,
    )


async def test_a_closure_entered_after_a_reception_moves_nothing_by_itself(shop: Shop) -> None:
    """§13.3: the promise stays, whatever is entered the same day; a step without a
    clock's event recounts nothing."""
    row = await stored(shop, (await shop.received(single())).id)
    closure = closing(row, shop.house.today())
    await close_days(shop.house, await shop.desk(), [closure])
    assert await explains(shop, row)

    after = await shop.take(row, "T08")

    assert dues(after) == dues(row)
    assert await explains(shop, after)


async def test_what_the_preview_lists_is_what_moves(shop: Shop) -> None:
    """§13.4: T27, after a preview; the promise stays beside the new due time."""
    row = await stored(shop, (await shop.received(single())).id)
    closure = closing(row, None)
    before = await shop.desk()
    listed = await redate.preview(shop.house, before, closures=[closure])
    await close_days(shop.house, before, [closure])

    moved = await redate.apply(shop.house, await shop.desk(), before.calendar, closure.basis)

    after = await stored(shop, row.id)
    assert moved == listed
    assert [(each.before, each.after) for each in moved if each.id == row.id] == [
        (row.due_at, after.due_at)
    ]
    assert after.promise_at == row.promise_at
    assert after.due_at is not None
    assert row.due_at is not None
    assert after.due_at > row.due_at
    assert (after.legal_due_at, after.due_ground) == (after.due_at, "calendar")
    assert await explains(shop, after)


async def test_whoever_can_be_reached_hears_of_the_new_date_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop.house, "demo", True)
    reached = AN | {"phone": "0912 345 678"}
    row = await stored(shop, (await shop.received(single(applicant=reached))).id)
    await shop.received(single())
    closure = closing(row, None)
    before = await shop.desk()
    await close_days(shop.house, before, [closure])

    await redate.apply(shop.house, await shop.desk(), before.calendar, closure.basis)

    after = await stored(shop, row.id)
    told = await messages.latest(shop.house, await shop.desk())
    assert after.due_at is not None
    assert [(each.kind, each.recipient) for each in told if each.kind == "redated"] == [
        ("redated", "0912345678")
    ]
    assert all(
        words in told[0].body for words in (row.code or "", f"{after.due_at.astimezone(VN):%d/%m}")
    )


async def test_a_closure_entered_late_is_known_from_the_day_it_was_entered(shop: Shop) -> None:
    """§13.4: a paper dated before a reception re-dates it by T27 only, and nothing ended."""
    row = await stored(shop, (await shop.received(single())).id)
    closure = closing(row, shop.house.today() - dt.timedelta(days=20))
    late = await shop.walk(row, "T08", "T16")
    assert row.due_at is not None
    shop.clock.now = row.due_at + dt.timedelta(days=1)
    ended = await shop.walk(late, "T18", "T19")
    assert ended.late

    await close_days(shop.house, await shop.desk(), [closure])

    kept = next(each for each in (await shop.desk()).calendar.closures if each.date == closure.date)
    assert kept.decided_on == shop.house.today()
    assert kept.basis == f"Thông báo 7/TB (ngày {closure.decided_on:%d/%m/%Y})"
    after = await shop.take(ended, "T20", Role.RECEPTION, received_by="An", way="counter")
    assert dues(after) == dues(ended)
    assert await explains(shop, after)


async def test_a_closure_named_again_is_known_since_it_was_first_entered(shop: Shop) -> None:
    """A better wording must not make the desk forget that it knew the day was off."""
    row = await stored(shop, (await shop.received(single())).id)
    closure = closing(row, None)
    await close_days(shop.house, await shop.desk(), [closure])
    first = shop.house.today()
    shop.next_day()

    again = Closure(date=closure.date, reason="Cúp điện", basis=closure.basis)
    await close_days(shop.house, await shop.desk(), [again])

    kept = next(each for each in (await shop.desk()).calendar.closures if each.date == again.date)
    assert (kept.reason, kept.decided_on) == ("Cúp điện", first)


async def test_a_national_day_published_late_moves_what_its_preview_lists(shop: Shop) -> None:
    """§13.4: the letter is older than the reception, the row is not."""
    row = await stored(shop, (await shop.received(single())).id)
    assert row.due_at is not None
    day = CalendarDay(
        date=row.due_at.date(),
        kind="holiday",
        name="Nghỉ đột xuất",
        basis="Công văn 9/CV",
        decided_on=shop.house.today() - dt.timedelta(days=3),
    )
    before = await shop.desk()
    listed = await redate.preview(shop.house, before, [day])

    assert await publish_days(shop.owner, [day], shop.house.today()) == 1
    assert await publish_days(shop.owner, [day], shop.house.today()) == 0
    unmoved = await stored(shop, row.id)
    assert dues(unmoved) == dues(row)
    assert await explains(shop, unmoved)
    moved = await redate.apply(shop.house, await shop.desk(), before.calendar, day.basis)

    after = await stored(shop, row.id)
    assert moved == listed
    assert [each.after for each in moved if each.id == row.id] == [after.due_at]
    assert after.promise_at == row.promise_at
    assert await explains(shop, after)


async def test_moving_again_moves_nothing(shop: Shop) -> None:
    before = await shop.desk()

    assert await redate.apply(shop.house, before, before.calendar, "Công văn 9/CV") == []


def test_a_proposal_is_withdrawn_from_the_day_this_is_entered() -> None:
    """§13.5: a due time counted before then rested on it."""
    today = dt.date(2026, 11, 25)
    proposal = CalendarDay(
        date=dt.date(2027, 2, 5),
        kind="swap_off",
        name="Hoán đổi",
        basis="Đề xuất",
        provisional=True,
    )
    withdrawn = structs.replace(proposal, withdrawn_on=dt.date(2026, 11, 20))

    [entered] = entered_days([proposal], [withdrawn], today)
    [again] = entered_days([entered], [entered], today + dt.timedelta(days=1))
    [never_known] = entered_days([], [withdrawn], today)

    assert entered == structs.replace(proposal, withdrawn_on=today)
    assert again == entered
    assert (never_known.decided_on, never_known.withdrawn_on) == (today, today)


async def test_changed_opening_hours_do_not_move_a_printed_promise(shop: Shop) -> None:
    """§13.3: never earlier, and never silently."""
    row = await stored(shop, (await shop.received(single())).id)
    await shop.configure(
        "phuong-mot",
        """update tenant set settings = $1 where slug = 'phuong-mot'""",
        HOURS,
    )

    after = await shop.take(row, "T08")

    assert dues(after) == dues(row)
    assert await explains(shop, after)
    await shop.configure(
        "phuong-mot", "update tenant set settings = '{}' where slug = 'phuong-mot'"
    )


HOURS = (
    '{"hours": {"weeks": [{"week": ['
    + ", ".join(['[{"opens": "08:00:00", "closes": "15:00:00"}]'] * 5)
    + ", [], []]}]}}"
)
"""Every weekday closes two hours earlier than when the promise was printed."""


async def test_a_closure_taken_back_moves_back_what_it_had_moved_and_no_promise(
    shop: Shop,
) -> None:
    """T27 both ways; what was promised while it held stays, and every due is explained."""
    row = await stored(shop, (await shop.received(single())).id)
    shop.next_day()
    before = await shop.desk()
    closure = closing(row, None)
    await close_days(shop.house, before, [closure])
    await redate.apply(shop.house, await shop.desk(), before.calendar, closure.basis)
    later = await stored(shop, (await shop.received(single())).id)
    shop.next_day()
    closed = await shop.desk()
    known = next(each for each in closed.calendar.closures if each.date == closure.date)
    without = redate.changed(
        closed.calendar, closures=[structs.replace(known, withdrawn_on=shop.house.today())]
    )
    listed = await redate.compare(shop.house, closed, without, back=True)

    asked = Asked(place="closure", subject="ngày")
    moved = await open_again(shop.house, closed, known, "Mở lại", asked)

    assert moved == listed
    after = {each.id: each.after for each in moved}
    assert after[row.id] == row.due_at
    assert later.id not in after
    back = await stored(shop, row.id)
    assert (back.due_at, back.promise_at) == (row.due_at, row.promise_at)
    assert dues(await stored(shop, later.id)) == dues(later)
    assert await explains(shop, back)
    assert await explains(shop, later)
    assert (await shop.desk()).calendar.is_working_day(closure.date)


async def test_a_closure_is_taken_back_with_all_it_moves_or_not_at_all(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut short, nothing of it holds, and it can be done again."""
    row = await stored(shop, (await shop.received(single())).id)
    shop.next_day()
    before = await shop.desk()
    closure = closing(row, None)
    await close_days(shop.house, before, [closure])
    await redate.apply(shop.house, await shop.desk(), before.calendar, closure.basis)
    closed = await shop.desk()
    known = next(each for each in closed.calendar.closures if each.date == closure.date)
    asked = Asked(place="closure", subject="ngày")

    async def cut(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr(store, "save", cut)
    with pytest.raises(LookupError):
        await open_again(shop.house, closed, known, "Mở lại", asked)

    monkeypatch.undo()
    assert not (await shop.desk()).calendar.is_working_day(closure.date)
    assert (await stored(shop, row.id)).due_at != row.due_at

    await open_again(shop.house, await shop.desk(), known, "Mở lại", asked)

    assert (await shop.desk()).calendar.is_working_day(closure.date)
    back = await stored(shop, row.id)
    assert back.due_at == row.due_at
    assert await explains(shop, back)


async def test_a_closure_is_not_taken_back_once_its_day_has_come(shop: Shop) -> None:
    today = shop.house.today()
    closure = Closure(date=today, reason="Mất điện", basis="TB", decided_on=today)
    await close_days(shop.house, await shop.desk(), [closure])

    asked = Asked(place="closure", subject="ngày")
    with pytest.raises(ClosureBegunError):
        await open_again(shop.house, await shop.desk(), closure, "Mở lại", asked)
