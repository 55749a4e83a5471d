"""What the live desk wrote fits: every step tells what it changed."""

import datetime as dt
from pathlib import Path

import pytest

from core.services.shop import AN, Shop, copy, facts, single
from fakes.forms import filled
from motcua.domain.dossier import Role
from motcua.services import chores
from motcua.services.act import act
from motcua.services.assess import OfficersDate, Paper
from motcua.services.correct import correct
from motcua.services.receive import accept, submit
from motcua.services.supplement import supplement
from motcua.services.verify import Fault, verify
from motcua_general_procedures import plugin as general

pytestmark = pytest.mark.anyio


async def faults(shop: Shop) -> tuple[Fault, ...]:
    await chores.once(shop.house)
    return (await verify(shop.house, Path("/nonexistent"), slugs=["phuong-mot"])).faults


async def test_a_dossier_that_waited_and_was_re_dated_fits(shop: Shop) -> None:
    row = await shop.walk(await shop.received(single()), "T08")
    row = await shop.take(row, "T09", reason="Thiếu giấy tờ", items=["Tờ khai"])
    row = await shop.take(row, "T10")
    row = await shop.take(row, "T12", amount=5_000, ground="Thông tư")
    row = await shop.take(row, "T13", receipt="1")
    later = shop.clock.now + dt.timedelta(days=20)
    row = await shop.take(row, "T28", until=later.isoformat(), ground="Thỏa thuận")
    later += dt.timedelta(days=9)
    row = await shop.take(row, "T21", new_due=later.isoformat(), reason="Cần xác minh")

    assert await faults(shop) == ()
    await shop.walk(row, "T16", "T18", "T19")
    assert await faults(shop) == ()


async def test_a_submission_fits_before_and_after_its_reception(shop: Shop) -> None:
    made = await submit(shop.house, await shop.desk(), single())
    assert await faults(shop) == ()

    shop.clock.tick()
    await accept(shop.house, await shop.desk(), shop.person(Role.RECEPTION), made.id)
    assert await faults(shop) == ()


async def test_what_a_citizen_completed_fits(shop: Shop) -> None:
    made = await submit(shop.house, await shop.desk(), single())
    officer, asked = shop.person(Role.RECEPTION), {"items": ["Tờ khai"]}
    desk, why = await shop.desk(), "Thiếu nội dung"
    await act(shop.house, desk, officer, made.id, "T04", made.version, reason=why, data=asked)
    answers = single().answers | {"purpose": "mục đích khác"}

    sent = await supplement(shop.house, desk, made.id, made.secret, answers)

    assert sent.version == 3
    assert await faults(shop) == ()


async def test_a_correction_and_a_mistake_fit(shop: Shop) -> None:
    row = await shop.walk(await shop.received(copy()), "T08", "T16", "T18", "T19")
    row = await shop.take(row, "T20", received_by="An", way="counter")
    shop.clock.tick()
    officer = shop.person(Role.RECEPTION)
    await correct(shop.house, await shop.desk(), officer, row.id, row.version, reason="Sai năm")
    wrong = await shop.walk(await shop.received(copy()), "T08")
    await shop.take(
        wrong, "T26", reason="Nhập nhầm", second_person=Role.HEAD.value, slug="phuong-mot"
    )

    assert await faults(shop) == ()


async def test_a_dossier_without_a_known_limit_fits(shop: Shop) -> None:
    until = shop.clock.now + dt.timedelta(days=9)
    await shop.received(facts(no_limit=OfficersDate(until=until, ground="Chưa công bố")))

    assert await faults(shop) == ()


async def test_a_dossier_accepted_by_silence_fits(shop: Shop) -> None:
    festival = next(each for each in general.procedures() if each.limit.on_silence)
    said = Paper(procedure=festival.code, applicant=AN, answers=filled(festival))
    received = await shop.received(said)
    shop.clock.tick(days=40)

    assert await faults(shop) == ()
    (row,) = await shop.rows(
        "select state, finished_at from dossier where tenant_id = $1 and id = $2", received.id
    )
    assert row == {"state": "result_ready", "finished_at": received.due_at}
    changed = "update dossier set finished_at = $2 where id = $1"
    await shop.configure("phuong-mot", changed, received.id, shop.clock.now)
    assert [fault.detail for fault in await faults(shop) if fault.kind == "dossier"]
    await shop.configure("phuong-mot", changed, received.id, received.due_at)
