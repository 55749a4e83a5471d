"""A village day: numbers taken along, sheets entered afterwards, the day closed."""

import asyncio
import datetime as dt
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from msgspec.structs import replace

from core.services.bookshop import faults as verified
from core.services.bookshop import wipe
from core.services.shop import COPY, SIGNATURE, Shop
from motcua.domain.calendar import VN
from motcua.domain.dossier import Role, RoleNotAllowedError
from motcua.domain.errors import InvalidAnswersError
from motcua.domain.money import Way
from motcua.domain.signing import Capacity
from motcua.services import (
    day_closing,
    village_days,
    village_packet,
    village_plan,
    village_sheets,
)
from motcua.services.catalogue import Catalogue
from motcua.services.configure import assign_signer
from motcua.services.reading import events
from motcua.services.village_days import VillageDay, VillageDayClosedError
from motcua.services.village_plan import Plan
from motcua.services.village_sheets import Line, NotSavedError, Result

pytestmark = pytest.mark.anyio

SIGNER = "Nguyễn Văn Ký"
COPY_SAID = {"document_type": "giấy khai sinh", "page_count": 2, "copy_count": 3}
SIGNED = {
    "document_title": "Giấy ủy quyền",
    "signing_mode": "ký",
    "signer_count": 1,
    "document_count": 1,
}


@pytest.fixture
async def away(shop: Shop) -> Shop:
    """Nobody has numbers yet; it is the morning before."""
    await wipe(shop)
    shop.clock.now -= dt.timedelta(days=1)
    connection = await asyncpg.connect(shop.owner.url)
    await connection.execute("delete from signer")
    await connection.close()
    await assign(shop, SIGNER)
    return shop


async def assign(shop: Shop, name: str, **how: Any) -> None:
    """Let somebody sign from this morning on."""
    told: dict[str, Any] = {"title": "Chủ tịch", "act": "QĐ 1", "valid_from": shop.clock.now}
    await assign_signer(shop.house, await shop.desk(), full_name=name, **told | how)


def officer_of(shop: Shop) -> str:
    """Who is at the table."""
    return shop.person(Role.RECEPTION).name


async def made(shop: Shop, **counts: int) -> VillageDay:
    """A day in the village tomorrow, when it is evening."""
    tenant, clerk = await shop.desk(), shop.person(Role.CLERK)
    plan = Plan(
        day=shop.clock.now.astimezone(VN).date() + dt.timedelta(days=1),
        place="Nhà văn hóa thôn Đông",
        officer=officer_of(shop),
        signers=(SIGNER,),
        counts={COPY: counts.get("copies", 3)}
        | ({SIGNATURE: counts["signatures"]} if "signatures" in counts else {}),
    )
    id_ = await village_plan.make(shop.house, tenant, clerk, plan)
    shop.clock.now += dt.timedelta(days=1, hours=9)
    return await day(shop, id_)


async def day(shop: Shop, id_: UUID) -> VillageDay:
    return await village_days.day(shop.house, await shop.desk(), shop.person(Role.RECEPTION), id_)


def line(number: int, at: str = "08:10", name: str = "Trần Văn Ba", **changes: Any) -> Line:
    told: dict[str, Any] = {"applicant": {"name": name}, "answers": COPY_SAID, "signer": SIGNER}
    return Line(number=number, at=dt.time.fromisoformat(at), **told | changes)


async def enter(shop: Shop, found: VillageDay, *lines: Line, at: int = 0) -> list[Result]:
    shop.clock.tick()
    who = shop.person(Role.RECEPTION)
    tenant, block = await shop.desk(), found.sheets[at].block
    return await village_sheets.enter(shop.house, tenant, who, found.id, block, lines)


async def close(shop: Shop, found: VillageDay, *spoilt: int) -> VillageDay:
    shop.clock.tick()
    own = {(found.sheets[0].block, number): "Viết hỏng" for number in spoilt}
    tenant, clerk = await shop.desk(), shop.person(Role.CLERK)
    return await village_days.close(shop.house, tenant, clerk, found.id, "Không dùng", own)


async def test_a_village_day_from_the_packet_to_the_closed_book(away: Shop) -> None:
    found = await made(away, copies=3, signatures=2)
    copies, signatures = found.sheets
    assert [each.procedure for each in found.sheets] == [COPY, SIGNATURE]
    assert [each.number for each in copies.numbers] == [1, 2, 3]

    (entered,) = await enter(away, found, line(2, "08:10"))
    await enter(away, found, line(1, "09:30", answers=SIGNED), at=1)
    closed = await close(away, found, 1)

    assert entered.dossier is not None
    reader = away.person(Role.FIELD)
    told = await events(away.house, await away.desk(), reader, entered.dossier)
    true = dt.datetime.combine(found.day, dt.time(8, 10), VN)
    assert {each.at for each in told} == {true}
    assert [each.transition for each in told] == list(village_sheets.STEPS)
    assert [each.actor for each in told if each.transition == "T18"] == [SIGNER]
    copies, signatures = closed.sheets
    assert [(each.status, each.reason) for each in copies.numbers] == [
        ("void", "Viết hỏng"),
        ("issued", ""),
        ("void", "Không dùng"),
    ]
    assert [each.status for each in signatures.numbers] == ["issued", "void"]
    assert (closed.count("issued"), closed.count("void"), closed.count("reserved")) == (2, 3, 0)
    assert closed.money("cash") == 3 * 2 * 2000 + 10_000
    till = await day_closing.today(away.house, await away.desk(), away.person(Role.CASHIER))
    assert till.expected == closed.money("cash")
    assert await verified(away) == ()


async def test_all_lines_of_a_sheet_are_checked_and_none_is_kept_while_one_is_wrong(
    away: Shop,
) -> None:
    found = await made(away, copies=4)
    lines = [
        line(1),
        line(2, answers={**COPY_SAID, "page_count": 0}, name=""),
        line(3, "23:50"),
        line(9),
    ]

    with pytest.raises(NotSavedError) as refused:
        await enter(away, found, *lines)

    wrong = {each.number: [fault.fault for fault in each.faults] for each in refused.value.results}
    assert wrong[1] == []
    assert len(wrong[2]) == 2
    assert wrong[3] == ["import.future"]
    assert wrong[9] == ["register.not-in-block"]
    assert (await day(away, found.id)).count("reserved") == 4
    who = away.person(Role.RECEPTION)
    block = found.sheets[0].block
    checked = await village_sheets.check(
        away.house, await away.desk(), who, found.id, block, lines[:1]
    )
    assert [each.faults for each in checked] == [[]]
    assert (await day(away, found.id)).count("issued") == 0
    await enter(away, found, line(3))
    (later,) = await enter(away, found, line(1))
    assert later.code.endswith("0002")  # what was tried and undone left no gap


async def test_two_officers_who_enter_one_sheet_at_once_make_each_dossier_once(
    away: Shop,
) -> None:
    found = await made(away, copies=5)
    lines = [line(number, name=f"Người {number}") for number in (1, 2, 3)]

    done = await asyncio.gather(
        *(enter(away, found, *lines) for _ in range(3)), return_exceptions=True
    )

    (saved,) = [each for each in done if not isinstance(each, BaseException)]
    assert [each.number for each in saved] == [1, 2, 3]
    for refused in done:
        if isinstance(refused, NotSavedError):
            assert {each.faults[0].fault for each in refused.results} == {"village.entered"}
            assert refused.results[0].faults[0].fields["name"] == "Người 1"
    assert sum(isinstance(each, NotSavedError) for each in done) == 2, done
    assert (await day(away, found.id)).count("issued") == 3
    await enter(away, found, line(4, "07:55"))
    closed = await close(away, found)
    assert [each.status for each in closed.sheets[0].numbers] == ["issued"] * 4 + ["void"]
    assert await verified(away) == ()


async def test_what_is_not_paid_in_cash_is_not_in_the_till(away: Shop) -> None:
    found = await made(away)

    await enter(away, found, line(1, paid=Way.TRANSFER), line(2, paid=None), line(3))

    after = await day(away, found.id)
    assert (after.money("cash"), after.money("transfer")) == (12_000, 12_000)
    assert [each.fee for each in after.sheets[0].numbers] == [12_000] * 3


async def test_nothing_is_entered_into_a_day_that_is_closed_and_it_is_closed_once(
    away: Shop,
) -> None:
    found = await made(away)
    await close(away, found)

    with pytest.raises(VillageDayClosedError):
        await enter(away, found, line(1))
    with pytest.raises(VillageDayClosedError):
        await close(away, found)


async def test_those_who_keep_books_make_a_day_and_the_reception_enters_it(away: Shop) -> None:
    tenant = await away.desk()
    found = await made(away)
    plan = Plan(day=found.day, place="Thôn", officer="An", signers=(SIGNER,), counts={COPY: 1})

    for role in (Role.RECEPTION, Role.LEADER):
        with pytest.raises(RoleNotAllowedError):
            await village_plan.make(away.house, tenant, away.person(role), plan)
        with pytest.raises(RoleNotAllowedError):
            await village_days.close(away.house, tenant, away.person(role), found.id, "Xong")
    with pytest.raises(RoleNotAllowedError):
        await village_sheets.enter(
            away.house, tenant, away.person(Role.CLERK), found.id, found.sheets[0].block, [line(1)]
        )


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"place": " ", "officer": "", "signers": ()}, ["place", "officer", "signers"]),
        ({"day": dt.date(2026, 12, 1)}, ["day"]),
        ({"day": dt.date(2027, 12, 1)}, ["day"]),
        ({"counts": {}}, ["counts"]),
        ({"counts": {"1.001193": 3}}, ["counts"]),
        ({"counts": {COPY: 0, SIGNATURE: 501}}, [f"counts.{COPY}", f"counts.{SIGNATURE}"]),
    ],
)
async def test_a_day_that_cannot_be_is_refused_with_all_its_faults(
    away: Shop, changes: dict[str, Any], wrong: list[str]
) -> None:
    plan = Plan(
        day=away.house.today(),
        place="Thôn Đông",
        officer=officer_of(away),
        signers=(SIGNER,),
        counts={COPY: 1},
    )

    with pytest.raises(InvalidAnswersError) as refused:
        await village_plan.make(
            away.house,
            await away.desk(),
            away.person(Role.CLERK),
            Plan(
                **{name: changes.get(name, getattr(plan, name)) for name in plan.__struct_fields__}
            ),
        )

    assert [each.field for each in refused.value.faults] == wrong


async def test_a_day_names_an_officer_and_signers_of_that_day_and_of_their_scope(
    away: Shop,
) -> None:
    today, officer = away.house.today(), officer_of(away)
    before = away.clock.now - dt.timedelta(days=9)
    await assign(away, "Trần Cũ", valid_from=before, valid_to=away.clock.now)
    await assign(away, "Ngô Hộ Tịch", scope=("ho-tich",), valid_from=before)
    await assign(away, officer, valid_from=before)

    async def refused(at: str, *signers: str) -> list[str]:
        plan = Plan(day=today, place="Thôn", officer=at, signers=signers, counts={COPY: 1})
        tenant, clerk = await away.desk(), away.person(Role.CLERK)
        with pytest.raises(InvalidAnswersError) as error:
            await village_plan.make(away.house, tenant, clerk, plan)
        return [each.fault for each in error.value.faults]

    assert await refused("Người Lạ", SIGNER) == ["village.officer-unknown"]
    unknown = ["village.signer-unknown", "village.signer-scope"]
    assert await refused(officer, "Trần Cũ") == unknown
    await assign(away, "Phó Ký Thay", capacity=Capacity.DEPUTY, valid_from=before)
    assert await refused(officer, "Phó Ký Thay") == ["village.signer-scope"]
    assert await refused(officer, "Ngô Hộ Tịch") == ["village.signer-scope"]
    assert await refused(officer, officer) == ["village.signer-alone"]
    await assign(away, officer, authorised_certifier=True, valid_from=before)
    plan = Plan(day=today, place="Thôn", officer=officer, signers=(officer,), counts={COPY: 1})
    tenant, clerk = await away.desk(), away.person(Role.CLERK)
    await village_plan.make(away.house, tenant, clerk, plan)


async def test_a_line_is_signed_by_somebody_who_might_sign_at_its_very_hour(away: Shop) -> None:
    found = await made(away)
    ends = dt.datetime.combine(found.day, dt.time(9), VN)
    await assign(away, "Phó Văn Sáng", valid_from=found.made_at, valid_to=ends)

    await enter(away, found, line(1, "08:59", signer="Phó Văn Sáng"))
    with pytest.raises(NotSavedError) as refused:
        await enter(away, found, line(2, "09:00", signer="Phó Văn Sáng"))

    assert [each.fault for each in refused.value.results[0].faults] == ["village.signer-then"]


async def test_a_day_follows_the_version_of_its_own_day_when_that_has_ended(away: Shop) -> None:
    found = await made(away)
    ended = away.house.today() - dt.timedelta(days=1)
    assert found.day == away.house.today()
    known = away.house.catalogue
    try:
        away.house.catalogue = until(known, found.day)
        away.clock.now += dt.timedelta(days=2)
        assert away.house.catalogue.find(COPY, away.house.today()) is None
        await village_packet.packet(away.house, await away.desk(), found)
        (entered,) = await enter(away, found, line(1))
        assert entered.code
        away.house.catalogue = until(known, ended)
        await village_packet.packet(away.house, await away.desk(), found)
        with pytest.raises(NotSavedError) as refused:
            await enter(away, found, line(2))
    finally:
        away.house.catalogue = known
    assert [each.fault for each in refused.value.results[0].faults] == ["procedure.unknown"]


def until(known: Catalogue, last: dt.date) -> Catalogue:
    """All that is *known*, in force until a day."""
    return Catalogue(
        replace(each, definition=replace(each.definition, valid_to=last))
        for each in known.by_id.values()
    )


async def test_as_long_as_nobody_is_assigned_the_leaders_sign(away: Shop) -> None:
    tenant, leader = await away.desk("xa-hai"), away.person(Role.LEADER, slug="xa-hai")
    clerk = away.person(Role.CLERK, slug="xa-hai")
    officer = away.person(Role.RECEPTION, slug="xa-hai").name
    told: dict[str, Any] = {"day": away.house.today(), "place": "Thôn", "officer": officer}
    told["counts"] = {COPY: 1}

    with pytest.raises(InvalidAnswersError):
        await village_plan.make(away.house, tenant, clerk, Plan(signers=(clerk.name,), **told))
    await village_plan.make(away.house, tenant, clerk, Plan(signers=(leader.name,), **told))
