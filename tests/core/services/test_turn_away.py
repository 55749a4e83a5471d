"""Turning somebody away at the counter: T04 and T07 without a submission before (rules §2.3)."""

from pathlib import Path
from typing import Any

import pytest

from core.services.shop import AN, COPY, Shop, copy, facts
from motcua.domain.dossier import Role, RoleNotAllowedError, State
from motcua.domain.errors import InvalidAnswersError
from motcua.services import chores, reading
from motcua.services.act import FormIncompleteError, act
from motcua.services.assess import NotOfferedError, Paper
from motcua.services.lookup import lookup
from motcua.services.receive import accept, submit
from motcua.services.supplement import supplement
from motcua.services.turn_away import TurnedAway, Why, turn_away
from motcua.services.verify import verify

pytestmark = pytest.mark.anyio
HALF = Paper(procedure=COPY, applicant=AN, answers={"document_title": "Giấy khai sinh"})
ERASED = (
    "Bản chính bị tẩy xóa, sửa chữa, thêm, bớt nội dung không hợp lệ"
    " (Nghị định 23/2015/NĐ-CP Điều 22)"
)


async def away(
    shop: Shop, why: Why = "T07", paper: Paper = HALF, role: Role = Role.RECEPTION, **said: Any
) -> TurnedAway:
    how = {"reason": "Không thuộc thẩm quyền"} | said
    desk = await shop.desk()
    return await turn_away(shop.house, desk, shop.person(role), "counter", paper, why, **how)


async def fits(shop: Shop) -> bool:
    await chores.once(shop.house)
    return (await verify(shop.house, Path("/nonexistent"), slugs=["phuong-mot"])).faults == ()


async def test_a_refusal_begins_and_ends_a_dossier_that_is_counted_nowhere(shop: Shop) -> None:
    figures = await shop.rows("select sum(received) as n from daily_figure where tenant_id = $1")

    made = await away(shop, data={"right_agency": "UBND Xã Hai"})

    assert made.state is State.REFUSED
    assert made.temporary_code.startswith("T-")
    after = await shop.rows("select sum(received) as n from daily_figure where tenant_id = $1")
    assert after == figures
    assert await fits(shop)


async def test_a_ground_of_the_law_makes_the_reason(shop: Shop) -> None:
    made = await away(shop, reason="", data={"refusal_ground": "erased"})
    added = await away(shop, reason="Dòng 3", data={"refusal_ground": "erased"})

    assert made.reason == ERASED
    assert added.reason == f"{ERASED}. Dòng 3"
    events = await reading.events(
        shop.house, await shop.desk(), shop.person(Role.RECEPTION), made.id
    )
    assert [(each.transition, each.reason) for each in events] == [("T07", ERASED)]


async def test_a_submission_is_refused_by_a_ground_too(shop: Shop) -> None:
    desk = await shop.desk()
    sent = await submit(shop.house, desk, copy())
    data = {"refusal_ground": "damaged"}

    row = await act(
        shop.house, desk, shop.person(Role.RECEPTION), sent.id, "T07", sent.version, data=data
    )

    assert row.state == "refused"
    assert await fits(shop)


@pytest.mark.parametrize("data", [{"refusal_ground": "no-such"}, {}])
async def test_without_a_known_ground_or_a_reason_nobody_is_refused(
    shop: Shop, data: dict[str, str]
) -> None:
    with pytest.raises(InvalidAnswersError) as refused:
        await away(shop, reason=" ", data=data)

    assert refused.value.faults[0].field in ("refusal_ground", "reason")


async def test_a_refused_form_need_not_be_complete_but_says_who_asked(shop: Shop) -> None:
    with pytest.raises(InvalidAnswersError) as refused:
        await away(shop, paper=Paper(procedure=COPY, applicant={}, answers={"page_count": "hai"}))

    assert {each.field for each in refused.value.faults} == {"applicant.name", "page_count"}


async def test_what_the_unit_does_not_take_can_still_be_refused(shop: Shop) -> None:
    desk = await shop.desk()
    await shop.configure(
        "phuong-mot",
        "insert into procedure_override values ($1, '2.002516', false, null, 'QĐ')",
        desk.id,
    )

    made = await away(shop, paper=Paper(procedure="2.002516", applicant=AN))

    assert made.state is State.REFUSED


async def test_only_the_reception_turns_away(shop: Shop) -> None:
    with pytest.raises(RoleNotAllowedError):
        await away(shop, role=Role.FIELD)


async def test_somebody_sent_home_comes_back_and_is_received(shop: Shop) -> None:
    """T04, T05, T03 of a dossier that began at the counter."""
    items = ["Bản chính giấy khai sinh"]
    made = await away(shop, "T04", copy(), reason="Thiếu bản chính", data={"items": items})
    desk, officer = await shop.desk(), shop.person(Role.RECEPTION)
    found = await lookup(shop.house, desk, made.temporary_code, made.secret)

    assert made.state is State.PRE_SUPPLEMENT
    assert found.wanted == tuple(items)
    assert await fits(shop)

    shop.clock.tick()
    back = await act(shop.house, desk, officer, made.id, "T05", made.version)
    shop.clock.tick()
    visit = await accept(shop.house, desk, officer, made.id)

    assert back.state == "submitted"
    assert visit.dossiers[0].id == made.id
    (row,) = await shop.rows(
        "select channel, state from dossier where tenant_id = $1 and id = $2", made.id
    )
    assert row == {"channel": "counter", "state": "received"}
    assert await fits(shop)


async def test_a_form_that_waits_is_completed_before_it_is_received(shop: Shop) -> None:
    made = await away(shop, "T04", reason="Thiếu", data={"items": ["Bản chính"]})
    desk, officer = await shop.desk(), shop.person(Role.RECEPTION)
    assert made.state is State.PRE_SUPPLEMENT
    assert await fits(shop)

    shop.clock.tick()
    with pytest.raises(FormIncompleteError) as refused:
        await act(shop.house, desk, officer, made.id, "T05", made.version)
    assert refused.value.fields["fields"] == "Loại giấy tờ, Số trang của bản chính, Số bản sao"
    with pytest.raises(InvalidAnswersError):
        await supplement(shop.house, desk, made.id, made.secret, HALF.answers)

    await supplement(shop.house, desk, made.id, made.secret, copy().answers)
    shop.clock.tick()
    visit = await accept(shop.house, desk, officer, made.id)

    assert visit.dossiers[0].state == "received"
    assert await fits(shop)


async def test_what_was_given_is_kept_and_has_to_be_of_the_right_kind(shop: Shop) -> None:
    made = await away(shop, "T04", reason="Thiếu", data={"items": ["Bản chính"]})
    (row,) = await shop.rows(
        "select answers ->> 'document_title' as title from dossier"
        " where tenant_id = $1 and id = $2",
        made.id,
    )
    assert row["title"] == HALF.answers["document_title"]

    wrong = Paper(procedure=COPY, applicant=AN, answers={"page_count": "hai"})
    with pytest.raises(InvalidAnswersError):
        await away(shop, "T04", wrong, reason="Thiếu", data={"items": ["x"]})


async def test_nobody_is_told_to_come_back_for_what_the_unit_does_not_take(shop: Shop) -> None:
    desk = await shop.desk()
    await shop.configure(
        "phuong-mot",
        "insert into procedure_override values ($1, '2.002516', false, null, 'QĐ')"
        " on conflict do nothing",
        desk.id,
    )

    with pytest.raises(NotOfferedError):
        await away(
            shop,
            "T04",
            Paper(procedure="2.002516", applicant=AN),
            reason="Thiếu",
            data={"items": ["x"]},
        )


async def test_a_group_that_waits_has_all_its_parts(shop: Shop) -> None:
    with pytest.raises(InvalidAnswersError):
        await away(shop, "T04", facts(procedure="3.000722"), reason="Thiếu", data={"items": ["x"]})
