"""Practising: the same people and rules, and nothing of it among real data."""

import datetime as dt

import asyncpg
import pytest

from core.services.shop import Shop, copy
from motcua.domain.dossier import Role
from motcua.domain.life import Actor
from motcua.services import delivery, figures, messages, payments, practice, units
from motcua.services.change import Asked
from motcua.services.house import desk
from motcua.services.practice import NoPracticeError
from motcua.services.receive import receive
from motcua.services.slips import slips_of
from motcua.storage.work import work

pytestmark = pytest.mark.anyio

SLUG, PLACE = "phuong-mot", "phuong-mot-luyen-tap"
ASKED = Asked(place="practice", subject="Phường Một")


async def officer(shop: Shop) -> Actor:
    """The reception officer, as known in the place to practise."""
    here = await desk(shop.house, PLACE)
    async with work(shop.house.engine, here.id) as reading:
        row = await reading.fetchrow(
            "select id, full_name from staff where tenant_id = $1 and username = 'reception'",
            here.id,
        )
    return Actor(row["id"], row["full_name"], (Role.RECEPTION,))


async def practised(shop: Shop) -> None:
    """Receive a copy there and take its fee: events, a receipt, figures."""
    here, who = await desk(shop.house, PLACE), await officer(shop)
    visit = await receive(shop.house, here, who, "counter", [copy()])
    await payments.pay(shop.house, here, who, [visit.dossiers[0].id])
    assert visit.dossiers[0].code.startswith("00000-")
    (sheet,) = await slips_of(
        shop.house, here, who, [visit.dossiers[0].id], origin="http://x", form="F01"
    )
    assert sheet.data["test"]


async def test_practice_leaves_no_trace_in_anything_real_and_is_gone_at_a_press(
    shop: Shop,
) -> None:
    await shop.received()
    real = await shop.desk()
    day = shop.house.today()
    before = await figures.units(shop.house, day, day)
    counts = {
        table: await shop.count(table)
        for table in ("dossier", "dossier_event", "payment", "daily_figure", "staff", "counter")
    }

    await practice.ready(shop.house, real, ASKED)
    await practised(shop)

    assert await figures.units(shop.house, day, day) == before
    assert PLACE not in await units.serving(shop.house)
    assert {table: await shop.count(table) for table in counts} == counts
    assert await shop.count("payment", PLACE) == 1

    await practice.ready(shop.house, await shop.desk(), ASKED)

    for table in ("dossier", "dossier_event", "payment", "payment_part", "daily_figure", "visit"):
        assert await shop.count(table, PLACE) == 0, table
    assert {table: await shop.count(table) for table in counts} == counts
    await practised(shop)


async def test_the_place_has_the_units_people_but_nobody_who_sets_things_up(shop: Shop) -> None:
    await practice.ready(shop.house, await shop.desk(), ASKED)

    names = await shop.rows(
        "select username from staff where tenant_id = $1 order by 1", slug=PLACE
    )

    assert [row["username"] for row in names] == [
        "cashier",
        "clerk",
        "field",
        "head",
        "leader",
        "reception",
    ]
    (seen,) = await shop.rows(
        "select who, place from config_change where tenant_id = $1 and place = 'practice'"
        " order by at desc limit 1"
    )
    assert seen["place"] == "practice"


async def test_nobody_hears_of_what_was_practised(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await practice.ready(shop.house, await shop.desk(), ASKED)
    here = await desk(shop.house, PLACE)
    reach = messages.Reach("phone", "0912345678")
    async with work(shop.house.engine, here.id) as writing:
        await messages.leave(
            shop.house, writing, "received", reach, ("Nhận", "Đã nhận"), dt.timedelta(1)
        )
    monkeypatch.setattr(type(shop.house.registry), "channels", lambda *_: {"phone"})

    taken = await delivery.deliver_due(shop.house, here)

    assert taken == 0
    rows = await shop.rows("select attempts from message where tenant_id = $1", slug=PLACE)
    assert [row["attempts"] for row in rows] == [0]
    assert messages.can_deliver(shop.house, here)


async def test_a_place_to_practise_has_none_of_its_own_and_no_unit_empties_anothers(
    shop: Shop,
) -> None:
    await shop.received()
    await practice.ready(shop.house, await shop.desk(), ASKED)
    place = await desk(shop.house, PLACE)
    await practised(shop)

    with pytest.raises(NoPracticeError):
        await practice.ready(shop.house, place, ASKED)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with work(shop.house.engine, place.id) as writing:
            await writing.execute("select ready_practice('{}')")
    await practice.ready(shop.house, await shop.desk("xa-hai"), ASKED)

    assert await shop.count("dossier", PLACE) == 1
    assert await shop.count("dossier", SLUG) > 0
