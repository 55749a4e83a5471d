"""Reading: work lists, one dossier, its history, its explained due date, the look-up."""

import datetime as dt
import unicodedata
import uuid
from typing import Any

import pytest

from core.services.shop import AN, COPY, MONDAY, Shop, copy, single
from motcua.domain.calendar import VN
from motcua.domain.dossier import STAFF_ROLES, Role, RoleNotAllowedError, State
from motcua.domain.errors import InvalidAnswersError
from motcua.services import known_people, lookup, reading, views, worklist
from motcua.services.receive import UnknownDossierError, submit
from motcua.storage.engine import NOBODY
from motcua.storage.work import work

pytestmark = pytest.mark.anyio

OTHERS = [role for role in STAFF_ROLES if role not in reading.READERS]


async def listed(shop: Shop, slug: str = "phuong-mot", **asked: Any) -> views.DossierPage:
    reader = shop.person(Role.RECEPTION, slug=slug)
    asked = {"counted": True} | asked
    return await worklist.dossiers(shop.house, await shop.desk(slug), reader, **asked)


async def codes(shop: Shop, **asked: Any) -> list[str]:
    return [line.code for line in (await listed(shop, **asked)).dossiers]


# ---- lists ----


async def test_the_nearest_deadline_comes_first(shop: Shop) -> None:
    slow = await shop.received(single())
    quick = await shop.received(copy())

    found = await codes(shop, q=f"{shop.clock.now:%y%m%d}")

    assert found == [quick.code, slow.code]


@pytest.mark.parametrize(
    "typed",
    [
        "Đỗ Thị Hường",
        unicodedata.normalize("NFD", "đỗ thị hường"),
        "do thi huong",
        "HƯỜNG",
        "  thi   huong ",
        "o thi hu",
    ],
)
async def test_a_name_is_found_without_its_accents(shop: Shop, typed: str) -> None:
    named = await shop.received(copy(applicant={"name": "Đỗ Thị Hường"}))
    await shop.received(copy(applicant={"name": "Đỗ Văn Nam"}))

    assert named.code in await codes(shop, q=typed)
    assert all("Hường" in line.applicant for line in (await listed(shop, q=typed)).dossiers)


async def test_a_dossier_is_found_by_a_part_of_its_code_and_by_number(shop: Shop) -> None:
    one = await shop.received(copy(applicant={"name": "Vũ Ba", "id_number": "027190999888"}))

    assert await codes(shop, q=one.code[6:]) == [one.code]
    assert await codes(shop, q="90999888") == [one.code]
    assert await codes(shop, q="027190999888") == [one.code]
    assert await codes(shop, q="Vu Ba 0271") == [one.code]


async def test_a_name_that_came_decomposed_is_found(shop: Shop) -> None:
    name = unicodedata.normalize("NFD", "Đặng Thị Ngữ")
    one = await shop.received(copy(applicant={"name": name}))

    assert await codes(shop, q="Đặng Thị Ngữ") == [one.code]


async def test_a_whole_code_finds_its_dossier_alone_however_it_is_written(shop: Shop) -> None:
    one = await shop.received(copy(applicant={"name": "Vũ Ba"}))
    await shop.received(copy(applicant={"name": f"Người nhắc {one.code}"}))
    sent = await submit(shop.house, await shop.desk(), single())

    for code in (one.code, sent.temporary_code):
        assert await codes(shop, q=f" {code} ") == await codes(shop, q=code.lower()) == [code]
    assert await codes(shop, q=one.code, states=(State.RETURNED,)) == []


@pytest.mark.parametrize("typed", ["%", "_", "\\", "an%"])
async def test_signs_that_mean_something_to_the_database_mean_nothing(
    shop: Shop, typed: str
) -> None:
    await shop.received()

    assert await codes(shop, q=typed) == []


async def test_a_list_can_be_of_some_states(shop: Shop) -> None:
    waiting = await shop.received()
    working = await shop.walk(await shop.received(), "T08")
    day = f"{shop.clock.now:%y%m%d}"

    assert await codes(shop, q=day, states=(State.RECEIVED,)) == [waiting.code]
    assert await codes(shop, q=day, states=(State.APPRAISING,)) == [working.code]
    both = await codes(shop, q=day, states=(State.APPRAISING, State.RECEIVED))
    assert set(both) == {waiting.code, working.code}


async def test_a_list_is_read_page_by_page(shop: Shop) -> None:
    day = f"{shop.clock.now:%y%m%d}"
    made = {(await shop.received(single() if n % 2 else copy())).code for n in range(7)}
    tenant = await shop.desk()
    sent = await submit(shop.house, tenant, single())  # waits without a due time, at the end

    seen: list[str] = []
    after, pages = "", 0
    while pages == 0 or after:
        page = await listed(shop, limit=3, after=after, states=(State.RECEIVED, State.SUBMITTED))
        seen += [line.code for line in page.dossiers]
        after, pages = page.after or "", pages + 1

    assert len(seen) == len(set(seen))
    assert made <= set(seen)
    assert sent.temporary_code in seen
    assert [code for code in seen if day in code and code in made][-1] in made
    assert pages == -(-len(seen) // 3)


@pytest.mark.parametrize(
    "broken", ["x", "5_x", "never_", f"99999999999999999999_{uuid.UUID(int=1)}"]
)
async def test_a_cursor_no_page_gave_is_refused(shop: Shop, broken: str) -> None:
    """Beginning again without a word would send a reader round in a circle."""
    with pytest.raises(InvalidAnswersError) as refused:
        await codes(shop, after=broken)

    assert [fault.field for fault in refused.value.faults] == ["after"]


async def test_a_page_holds_fifty_at_most(shop: Shop) -> None:
    await shop.receive(*[copy()] * 51)

    page = await listed(shop, limit=10_000)

    assert len(page.dossiers) == worklist.PAGE
    assert page.after


async def test_numbers_are_masked_in_lists(shop: Shop) -> None:
    """Architecture: personal data is masked in lists."""
    one = await shop.received()

    (line,) = (await listed(shop, q=one.code)).dossiers

    assert (line.applicant, line.id_number) == (AN["name"], "0271******01")


async def test_a_list_names_who_holds_a_dossier(shop: Shop) -> None:
    one = await shop.walk(await shop.received(), "T08")
    await shop.take(one, "T12", amount=5_000, ground="Lệ phí")

    (line,) = (await listed(shop, q=one.code or "")).dossiers

    assert line.holder == "Cán bộ field"


async def test_the_states_are_counted_for_the_tenant_alone(shop: Shop) -> None:
    before = (await listed(shop)).counts.get("received", 0)
    await shop.receive(copy(), copy())
    await shop.receive(copy(), slug="xa-hai")

    assert (await listed(shop)).counts["received"] == before + 2


async def test_a_tenant_lists_its_own_dossiers_only(shop: Shop) -> None:
    card = "027190123123"
    mine = await shop.received(copy(applicant={"name": "Kiều Chỉ Có Một", "id_number": card}))
    sent = await submit(shop.house, await shop.desk(), single())
    there, reader = await shop.desk("xa-hai"), shop.person(Role.RECEPTION, slug="xa-hai")

    for typed in (mine.code, mine.code[3:], sent.temporary_code, card, "kieu chi co"):
        assert await codes(shop, q=typed) != []
        assert await codes(shop, slug="xa-hai", q=typed) == []
    assert await known_people.known(shop.house, there, reader, card) is None


async def test_the_look_up_by_number_answers_the_running_tenant_alone(shop: Shop) -> None:
    card = "027190456456"
    mine = await shop.received(copy(applicant={"name": "Ông Số", "id_number": card}))

    async def asked(tenant: int, number: str = card) -> list[uuid.UUID]:
        async with work(shop.house.engine, tenant) as reading:
            rows = await reading.fetch("select dossiers_by_id_number($1) as id", number)
        return [row["id"] for row in rows]

    assert await asked((await shop.desk()).id) == [mine.id]
    assert await asked((await shop.desk("xa-hai")).id) == []
    assert await asked(NOBODY) == []
    assert await asked((await shop.desk()).id, "") == []


async def test_somebody_is_known_by_the_whole_number_and_as_they_came_last(shop: Shop) -> None:
    tenant, reader = await shop.desk(), shop.person(Role.RECEPTION)
    card = "027190321321"
    await shop.received(copy(applicant={"name": "Tên Cũ", "id_number": card}))
    shop.clock.now += dt.timedelta(hours=1)
    last = await shop.received(copy(applicant={"name": "Tên Mới", "id_number": card}))
    await shop.received(copy(applicant={"name": f"Con ông {card}"}))

    found = await known_people.known(shop.house, tenant, reader, card)

    assert found is not None
    assert (found.person["name"], found.code) == ("Tên Mới", last.code)
    assert await known_people.known(shop.house, tenant, reader, card[:-1]) is None


# ---- one dossier ----


async def test_a_dossier_shows_everything_its_officers_need(shop: Shop) -> None:
    received = await shop.received(copy(pages=1, copies=1))
    ready = await shop.walk(received, "T08", "T16", "T18", "T19")

    seen = await reading.dossier(
        shop.house, await shop.desk(), shop.person(Role.RECEPTION), received.id
    )

    assert (seen.code, seen.state, seen.version) == (received.code, State.RESULT_READY, 5)
    assert (seen.procedure, seen.applicant) == (COPY, AN)
    assert seen.promise_at == received.due_at
    assert sum(fee.amount or 0 for fee in seen.fees) == 2_000
    assert [paper.originals for paper in seen.documents] == [1]
    assert [line.register for line in seen.register] == ["SCT/BS"]
    assert seen.finished_at == ready.finished_at


async def test_a_dossier_offers_what_may_be_done_with_it(shop: Shop) -> None:
    received = await shop.received()
    tenant = await shop.desk()

    async def offered(role: Role) -> dict[str, str | None]:
        seen = await reading.dossier(shop.house, tenant, shop.person(role), received.id)
        return {action.transition: action.refused for action in seen.actions}

    at_the_desk, at_the_top = await offered(Role.RECEPTION), await offered(Role.LEADER)
    assert set(at_the_desk) == {"T08", "T21", "T22", "T23", "T26", "T28", "T29", "T30"}
    assert at_the_desk["T08"] is None
    assert at_the_desk["T21"] == "dossier.role-not-allowed"
    assert (at_the_top["T08"], at_the_top["T21"]) == ("dossier.role-not-allowed", None)


async def test_a_number_is_made_void_only_where_there_is_one(shop: Shop) -> None:
    received = await shop.received()
    tenant, field = await shop.desk(), shop.person(Role.FIELD)

    async def offered() -> tuple[bool, list[int]]:
        seen = await reading.dossier(shop.house, tenant, field, received.id)
        offers = "T31" in {action.transition for action in seen.actions}
        return offers, [line.number for line in seen.register]

    before, _ = await offered()
    printed = await shop.take(received, "T30")
    with_number, (number,) = await offered()
    await shop.take(printed, "T31", reason="In hỏng", number=str(number))

    assert (before, with_number, (await offered())[0]) == (False, True, False)


async def test_a_group_names_its_children(shop: Shop) -> None:
    visit = await shop.receive(single(parts=(copy(), copy())))

    seen = await reading.dossier(
        shop.house, await shop.desk(), shop.person(Role.FIELD), visit.dossiers[0].id
    )

    assert set(seen.children) == {one.id for one in visit.dossiers[1:]}


async def test_every_reading_in_full_is_logged(shop: Shop) -> None:
    """The history tells of the applicant what the dossier tells."""
    received = await shop.received()
    tenant, field, leader = await shop.desk(), shop.person(Role.FIELD), shop.person(Role.LEADER)

    await reading.dossier(shop.house, tenant, field, received.id)
    await reading.events(shop.house, tenant, leader, received.id)

    readers = await shop.rows(
        "select staff_id, what from read_log where tenant_id = $1 and dossier_id = $2 order by id",
        received.id,
    )
    assert [(row["staff_id"], row["what"]) for row in readers] == [
        (field.id, "dossier"),
        (leader.id, "events"),
    ]


@pytest.mark.parametrize("role", OTHERS)
async def test_who_only_configures_or_supervises_reads_no_dossier(shop: Shop, role: Role) -> None:
    received = await shop.received()
    tenant, reader = await shop.desk(), shop.person(role)

    for read in (reading.dossier, reading.events, reading.explanation):
        with pytest.raises(RoleNotAllowedError):
            await read(shop.house, tenant, reader, received.id)
    with pytest.raises(RoleNotAllowedError):
        await worklist.dossiers(shop.house, tenant, reader)


async def test_an_id_nobody_has_and_one_of_another_tenant_look_alike(shop: Shop) -> None:
    received = await shop.received()
    tenant, reader = await shop.desk("xa-hai"), shop.person(Role.FIELD, slug="xa-hai")

    for read in (reading.dossier, reading.events, reading.explanation):
        for unknown in (received.id, uuid.UUID(int=9)):
            with pytest.raises(UnknownDossierError):
                await read(shop.house, tenant, reader, unknown)


async def test_the_history_tells_each_act(shop: Shop) -> None:
    received = await shop.received()
    await shop.take(received, "T22", reason="Không cần nữa")

    told = await reading.events(shop.house, await shop.desk(), shop.person(Role.FIELD), received.id)

    assert [(event.seq, event.transition, event.reason) for event in told] == [
        (1, "T02", ""),
        (2, "T22", "Không cần nữa"),
    ]
    assert told[1].at == shop.clock.now
    assert all(len(event.hash) == 64 for event in told)


# ---- the explained due date ----


async def test_a_due_date_is_explained_day_by_day(shop: Shop) -> None:
    """Three working days from Monday 23/11 with a holiday on the 24th: 25, 26, 27."""
    shop.clock.now = MONDAY
    received = await shop.received(single())

    told = await reading.explanation(
        shop.house, await shop.desk(), shop.person(Role.FIELD), received.id
    )

    assert told.due == told.promise == received.due_at
    days = {day.date.day: day for day in told.days}
    assert sorted(days) == [23, 24, 25, 26, 27]
    assert [day for day, note in sorted(days.items()) if note.counted] == [25, 26, 27]
    assert days[24].basis


async def test_nothing_is_explained_before_reception(shop: Shop) -> None:
    tenant = await shop.desk()
    sent = await submit(shop.house, tenant, single())

    told = await reading.explanation(shop.house, tenant, shop.person(Role.FIELD), sent.id)

    assert (told.due, told.days) == (None, ())


# ---- the look-up ----


async def test_the_code_alone_tells_state_and_dates_and_no_person(shop: Shop) -> None:
    received = await shop.received()

    told = await lookup.lookup(shop.house, await shop.desk(), received.code.lower(), None)

    assert (told.code, told.state, told.due_at) == (received.code, State.RECEIVED, received.due_at)
    assert told.applicant is None
    assert [step for step, _ in told.steps] == ["T02"]


async def test_the_secret_of_the_slip_tells_more(shop: Shop) -> None:
    received = await shop.received(single())
    appraising = await shop.walk(received, "T08")
    await shop.take(appraising, "T09", reason="Thiếu", items=["Giấy tờ cư trú"])
    tenant = await shop.desk()

    told = await lookup.lookup(shop.house, tenant, received.code, received.secret)

    assert told.applicant == AN
    assert told.wanted == ("Giấy tờ cư trú",)
    assert told.explanation is not None
    assert (await lookup.lookup(shop.house, tenant, received.code, None)).wanted == ()


async def test_what_officers_wrote_is_told_with_the_secret_only(shop: Shop) -> None:
    """The reasons of acts may name people; whoever has but the code reads none of them."""
    received = await shop.received(single())
    appraising = await shop.take(received, "T08")
    waiting = await shop.take(appraising, "T12", amount=5_000, ground="Ông Ba nợ phí")
    shop.clock.tick(days=1)
    paid = await shop.take(waiting, "T13", receipt="1")
    new_due = shop.clock.now + dt.timedelta(days=20)
    await shop.take(paid, "T21", reason="Ông Ba bị bệnh", new_due=new_due)
    tenant = await shop.desk()

    bare = await lookup.lookup(shop.house, tenant, received.code, None)
    proven = await lookup.lookup(shop.house, tenant, received.code, received.secret)

    assert bare.explanation is not None
    assert proven.explanation is not None
    assert "Ông Ba" not in str(bare.explanation)
    assert {"Ông Ba nợ phí", "Ông Ba bị bệnh"} <= {day.basis for day in proven.explanation.days}
    assert [day.date for day in bare.explanation.days] == [
        day.date for day in proven.explanation.days
    ]


async def test_a_wrong_secret_is_like_a_code_nobody_has(shop: Shop) -> None:
    received = await shop.received()
    tenant = await shop.desk()

    for code, secret in [(received.code, "sai"), (received.code, ""), ("99001-010101-0001", None)]:
        with pytest.raises(UnknownDossierError) as refused:
            await lookup.lookup(shop.house, tenant, code, secret)
        assert refused.value.fields == {"dossier": code}


async def test_a_code_is_looked_up_at_its_own_tenant_only(shop: Shop) -> None:
    received = await shop.received()

    with pytest.raises(UnknownDossierError):
        await lookup.lookup(shop.house, await shop.desk("xa-hai"), received.code, received.secret)


async def test_a_temporary_code_finds_a_submission(shop: Shop) -> None:
    tenant = await shop.desk()
    sent = await submit(shop.house, tenant, single())

    told = await lookup.lookup(shop.house, tenant, sent.temporary_code, sent.secret)

    assert (told.state, told.submitted_at) == (State.SUBMITTED, shop.clock.now)
    assert told.explanation is None


async def test_a_dossier_entered_by_mistake_cannot_be_looked_up(shop: Shop) -> None:
    received = await shop.received()
    await shop.take(received, "T26", reason="Nhập nhầm", second_person="head")

    with pytest.raises(UnknownDossierError):
        await lookup.lookup(shop.house, await shop.desk(), received.code, None)


async def test_times_are_told_as_they_are_in_vietnam(shop: Shop) -> None:
    received = await shop.received()

    told = await lookup.lookup(shop.house, await shop.desk(), received.code, None)

    assert told.due_at is not None
    assert told.due_at.astimezone(VN).hour == 17
    assert told.received_at == dt.datetime.combine(shop.clock.now.date(), dt.time(9), VN)
