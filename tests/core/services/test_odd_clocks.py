"""Clocks out of the ordinary, from the definition to the report: real plugins, real database."""

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
import structlog

from core.services.shop import Shop, single
from fakes.forms import AN, filled
from motcua.domain.calendar import VN, Closure
from motcua.domain.dossier import Role, State
from motcua.domain.errors import InvalidAnswersError
from motcua.domain.life import MissingLimitError, SilenceDecidedError
from motcua.domain.limit import parse_limit
from motcua.domain.procedure import ProcedureDefinition
from motcua.registry import load_registry
from motcua.services import reading, redate, silence
from motcua.services.act import act
from motcua.services.assess import OfficersDate, Paper
from motcua.services.configure import set_override
from motcua.services.receive import accept, submit
from motcua.services.silence import accept_unanswered
from motcua.services.verify import verify
from motcua.services.views import Explanation
from motcua.storage.rows import DossierRow
from motcua_general_procedures import plugin

pytestmark = pytest.mark.anyio

CURRENT = {each.code: each for each in plugin.procedures() if not each.is_simulation}
CHILD, FESTIVAL, POVERTY = CURRENT["1.004946"], CURRENT["1.003622"], CURRENT["1.011606"]
ADOPTION, COMPENSATION, MILITARY = CURRENT["2.001263"], CURRENT["2.002165"], CURRENT["1.013133"]
WITHOUT_LIMIT = [
    each.definition
    for each in load_registry().definitions()
    if each.owner != "sample"
    and each.definition.is_counted
    and not each.definition.is_simulation
    and each.definition.choose_limit().limit is None
]


def paper(definition: ProcedureDefinition, until: dt.datetime | None = None) -> Paper:
    """A paper of *definition*, with the officer's date where one is given."""
    date = OfficersDate(until=until, ground="Kế hoạch công tác") if until else None
    return Paper(procedure=definition.code, applicant=AN, answers=filled(definition), no_limit=date)


async def explained(shop: Shop, dossier_id: UUID) -> Explanation:
    officer = shop.person(Role.FIELD)
    return await reading.explanation(shop.house, await shop.desk(), officer, dossier_id)


async def require_sound(shop: Shop) -> None:
    """Rows, events, figures and chains still say the same; nobody made anchors here."""
    found = await verify(shop.house, Path("/nonexistent"), slugs=["phuong-mot"])
    assert [fault for fault in found.faults if fault.kind != "anchor"] == []


async def figures(shop: Shop, code: str) -> list[tuple[int, int, int, int, int]]:
    """The daily figures of a procedure: received, early, on time, late, without a limit."""
    rows = await shop.rows(
        "select sum(received)::int r, sum(early)::int e, sum(on_time)::int o, sum(late)::int l,"
        " sum(no_limit)::int n from daily_figure"
        " where tenant_id = $1 and procedure_code = $2",
        code,
    )
    return [tuple(row.values()) for row in rows]


async def done(shop: Shop, row: DossierRow | object) -> DossierRow:
    return await shop.walk(row, "T08", "T16", "T18", "T19")  # type: ignore[arg-type]  # received or stored


# ---- no limit known (rules 15.1) ----


@pytest.mark.parametrize("definition", WITHOUT_LIMIT, ids=lambda each: each.code)
async def test_without_a_limit_an_officer_sets_a_date_that_is_not_counted(
    shop: Shop, definition: ProcedureDefinition
) -> None:
    """Rules 15.1: a date and its ground; outside early, on time and late."""
    with pytest.raises(MissingLimitError):
        await shop.received(paper(definition))
    until = shop.clock.now + dt.timedelta(days=3)

    row = await done(shop, await shop.received(paper(definition, until)))

    assert (row.no_limit, row.due_at, row.legal_due_at) == (True, until, None)
    assert await figures(shop, definition.code) == [(1, 0, 0, 0, 1)]
    told = await explained(shop, row.id)
    assert (told.due, told.legal_due) == (until, None)
    assert "no_limit" in {day.why for day in told.days}
    assert sum(day.counted for day in told.days) == 0


@pytest.mark.parametrize("definition", WITHOUT_LIMIT, ids=lambda each: each.code)
async def test_once_the_tenant_sets_a_limit_it_counts(
    shop: Shop, definition: ProcedureDefinition
) -> None:
    """Rules 15.1: "until the tenant configures one"."""
    tenant = await shop.desk("xa-hai")
    limit = '{"amount": 5, "unit": "working_day", "ground": "Quyết định 9"}'
    await shop.configure(
        "xa-hai",
        "insert into procedure_override values ($1, $2, true, $3, 'Quyết định 9')",
        tenant.id,
        definition.code,
        limit,
    )

    received = await shop.received(paper(definition), slug="xa-hai")

    (row,) = await shop.rows(
        "select no_limit, legal_due_at, due_at from dossier where tenant_id = $1 and id = $2",
        received.id,
        slug="xa-hai",
    )
    assert row["no_limit"] is False
    assert row["legal_due_at"] == row["due_at"] == received.due_at


# ---- a channel of its own ----


async def test_filed_online_the_limit_of_that_channel_holds(shop: Shop) -> None:
    """1.013133: two working hours online, one working day at the counter."""
    tenant, officer = await shop.desk(), shop.person(Role.RECEPTION)
    at_the_counter = await shop.received(paper(MILITARY))
    sent = await submit(shop.house, tenant, paper(MILITARY))

    (online,) = (await accept(shop.house, tenant, officer, sent.id)).dossiers

    assert online.due_at == shop.clock.now + dt.timedelta(hours=2)
    assert at_the_counter.due_at is not None
    assert at_the_counter.due_at.date() > shop.clock.now.date()
    chosen = await shop.rows(
        "select chosen->'variants' as v from dossier where tenant_id = $1 and id = $2", online.id
    )
    assert msgspec.json.decode(chosen[0]["v"]) == ["online"]


async def test_nobody_picks_the_limit_of_another_channel(shop: Shop) -> None:
    picked = msgspec.structs.replace(paper(MILITARY), variants=("online",))

    with pytest.raises(InvalidAnswersError) as refused:
        await shop.received(picked)

    assert [fault.field for fault in refused.value.faults] == ["variants"]


# ---- twelve hours of the clock ----


async def test_twelve_hours_for_a_child_run_through_the_night(shop: Shop) -> None:
    """1.004946: received on a Friday evening, due on Saturday morning."""
    shop.clock.now = dt.datetime(2027, 1, 8, 21, 30, tzinfo=VN)

    received = await shop.received(paper(CHILD))

    due = dt.datetime(2027, 1, 9, 9, 30, tzinfo=VN)
    assert received.due_at == due
    told = await explained(shop, received.id)
    assert [(day.date.day, day.counted) for day in told.days] == [(8, 2.5), (9, 9.5)]
    row = await done(shop, received)
    assert row.late is False
    assert await figures(shop, CHILD.code) == [(1, 1, 0, 0, 0)]


async def test_a_child_helped_the_day_after_the_twelve_hours_is_late(shop: Shop) -> None:
    shop.clock.now = dt.datetime(2027, 1, 11, 8, 0, tzinfo=VN)
    received = await shop.received(paper(CHILD))
    shop.clock.now = dt.datetime(2027, 1, 12, 8, 0, tzinfo=VN)

    row = await done(shop, received)

    assert row.due_at == dt.datetime(2027, 1, 11, 20, 0, tzinfo=VN)
    assert row.late is True


# ---- silence ----


async def test_a_festival_nobody_answers_is_accepted_when_the_term_ends(shop: Shop) -> None:
    """1.003622: the chore finds it two days later; it ended with its term and was in time."""
    received = await shop.received(paper(FESTIVAL))
    await shop.walk(received, "T08")
    assert received.due_at is not None
    before = await explained(shop, received.id)
    shop.clock.now = received.due_at
    await accept_unanswered(shop.house, "phuong-mot")
    waiting = await explained(shop, received.id)
    shop.clock.now = received.due_at + dt.timedelta(days=2)

    await accept_unanswered(shop.house, "phuong-mot")
    await accept_unanswered(shop.house, "phuong-mot")

    officer = shop.person(Role.RECEPTION)
    seen = await reading.dossier(shop.house, await shop.desk(), officer, received.id)
    assert (seen.state, seen.outcome, seen.late) == (State.RESULT_READY, "positive", False)
    assert seen.finished_at == received.due_at
    assert before.silence == waiting.silence == FESTIVAL.limit.on_silence.consequence  # type: ignore[union-attr]  # it has one
    events = await reading.events(shop.house, await shop.desk(), officer, received.id)
    assert [each.transition for each in events] == ["T02", "T08", "T35"]
    assert events[-1].role == "system"
    assert events[-1].data is not None
    assert events[-1].data["ground"] == "Nghị định 110/2018/NĐ-CP"
    assert await figures(shop, FESTIVAL.code) == [(1, 0, 1, 0, 0)]
    await require_sound(shop)


async def test_nobody_answers_after_the_term_however_late_the_chore_is(shop: Shop) -> None:
    """1.003622: no request, no refusal, no new date, and no calendar takes the consent back."""
    received = await shop.received(paper(FESTIVAL))
    appraising = await shop.walk(received, "T08")
    assert received.due_at is not None
    shop.clock.now = received.due_at + dt.timedelta(days=1)
    tenant, leader = await shop.desk(), shop.person(Role.LEADER)

    with pytest.raises(SilenceDecidedError):
        await shop.take(appraising, "T09", reason="Thiếu", items=["Phương án"])
    with pytest.raises(SilenceDecidedError):
        await shop.take(appraising, "T24", reason="Không hợp lệ", ground="Điều 14")
    until = received.due_at + dt.timedelta(days=3)
    with pytest.raises(SilenceDecidedError):
        await shop.take(appraising, "T21", reason="Chờ", new_due=until)
    closed = [Closure(date=received.due_at.date(), reason="Bão", basis="CV 1")]
    moves = await redate.preview(shop.house, tenant, closures=closed)
    shown = await reading.dossier(shop.house, tenant, leader, received.id)

    assert received.id not in {move.id for move in moves}
    assert {each.refused for each in shown.actions if each.transition in ("T21", "T23")} == {
        "dossier.silence-decided"
    }
    await accept_unanswered(shop.house, "phuong-mot")
    assert (await reading.dossier(shop.house, tenant, leader, received.id)).late is False


async def test_a_silence_whose_event_was_erased_is_no_fault(shop: Shop) -> None:
    """Only the event told the term; what it told cannot be held against the row any more."""
    received = await shop.received(paper(FESTIVAL))
    assert received.due_at is not None
    shop.clock.now = received.due_at + dt.timedelta(days=2)
    await accept_unanswered(shop.house, "phuong-mot")

    erased = (
        "update dossier_event set actor = '', reason = '', data = null, salt = null"
        " where dossier_id = $1 and transition = 'T35'"
    )
    await shop.configure("phuong-mot", erased, received.id)

    await require_sound(shop)


async def test_a_festival_that_was_answered_is_not_accepted_by_silence(shop: Shop) -> None:
    received = await shop.received(paper(FESTIVAL))
    await shop.walk(received, "T08", "T16", "T18")
    asked = await shop.walk(await shop.received(paper(FESTIVAL)), "T08")
    asked = await shop.take(asked, "T09", reason="Thiếu phương án", items=["Phương án"])
    shop.clock.tick(days=40)

    await accept_unanswered(shop.house, "phuong-mot")

    states = await shop.rows(
        "select state from dossier where tenant_id = $1 and id = any($2) order by state",
        [received.id, asked.id],
    )
    assert [row["state"] for row in states] == ["approved", "supplement_requested"]


async def test_no_limit_of_the_unit_makes_anybody_agree_sooner(shop: Shop) -> None:
    """The term of a silence is the law's; a shorter one cannot be set and would not hold."""
    tenant, shorter = await shop.desk("xa-hai"), parse_limit("5 cd")
    with pytest.raises(InvalidAnswersError) as refused:
        await set_override(
            shop.house, tenant, FESTIVAL.code, offered=True, time_limit=shorter, basis="QĐ 9"
        )
    entered = "insert into procedure_override values ($1, $2, true, $3, 'QĐ 9')"
    text = '{"amount": 5, "unit": "calendar_day"}'
    await shop.configure("xa-hai", entered, tenant.id, FESTIVAL.code, text)

    received = await shop.received(paper(FESTIVAL), slug="xa-hai")

    assert [fault.fault for fault in refused.value.faults] == ["config.limit-silence"]
    assert received.due_at is not None
    assert (received.due_at - shop.clock.now).days >= 15


async def test_a_units_shorter_limit_still_runs_round_the_clock(shop: Shop) -> None:
    tenant = await shop.desk("xa-hai")
    shorter = parse_limit("6 ch")
    await set_override(
        shop.house, tenant, CHILD.code, offered=True, time_limit=shorter, basis="QĐ 9"
    )
    shop.clock.now = dt.datetime(2027, 1, 8, 21, 30, tzinfo=VN)

    received = await shop.received(paper(CHILD), slug="xa-hai")

    assert received.due_at == dt.datetime(2027, 1, 9, 3, 30, tzinfo=VN)


async def test_a_unit_may_shorten_a_limit_that_has_stages_inside(shop: Shop) -> None:
    tenant = await shop.desk("xa-hai")
    await set_override(
        shop.house,
        tenant,
        ADOPTION.code,
        offered=True,
        time_limit=parse_limit("25 cd"),
        basis="QĐ 9",
    )

    assert (await shop.desk("xa-hai")).own_limit(ADOPTION) == parse_limit("25 cd")
    with pytest.raises(InvalidAnswersError) as refused:
        await set_override(
            shop.house,
            tenant,
            COMPENSATION.code,
            offered=True,
            time_limit=parse_limit("25 cd"),
            basis="QĐ 9",
        )
    assert [fault.fault for fault in refused.value.faults] == ["config.limit-stages"]


async def test_other_procedures_are_never_accepted_by_silence(shop: Shop) -> None:
    received = await shop.received(single())
    shop.clock.tick(days=40)

    await accept_unanswered(shop.house, "phuong-mot")

    (row,) = await shop.rows(
        "select state from dossier where tenant_id = $1 and id = $2", received.id
    )
    assert row["state"] == "received"


async def test_a_silence_that_cannot_be_noted_is_left_for_the_next_time(shop: Shop) -> None:
    received = await shop.received(paper(FESTIVAL))
    shop.clock.tick(days=40)
    quarantine = "update tenant_plugin set state = $1 where plugin = 'general_procedures'"
    await shop.configure("phuong-mot", quarantine, "quarantined")
    await accept_unanswered(shop.house, "phuong-mot")
    rows = "select state from dossier where tenant_id = $1 and id = $2"
    held = await shop.rows(rows, received.id)
    await shop.configure("phuong-mot", quarantine, "offered")

    await accept_unanswered(shop.house, "phuong-mot")

    assert held == [{"state": "received"}]
    assert await shop.rows(rows, received.id) == [{"state": "result_ready"}]


async def test_a_dossier_that_cannot_be_read_keeps_no_other_waiting(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = await shop.received(paper(FESTIVAL))
    shop.clock.tick()
    sound = await shop.received(paper(FESTIVAL))
    shop.clock.tick(days=40)

    async def breaks(*said: Any, **more: Any) -> DossierRow:
        if said[3] == broken.id:
            raise TypeError
        return await act(*said, **more)

    monkeypatch.setattr(silence, "act", breaks)
    with structlog.testing.capture_logs() as logged:
        await accept_unanswered(shop.house, "phuong-mot")

    rows = "select state from dossier where tenant_id = $1 and id = $2"
    assert await shop.rows(rows, sound.id) == [{"state": "result_ready"}]
    assert {"dossier": str(broken.id), "reason": "TypeError"}.items() <= logged[0].items()


# ---- campaigns ----

REVIEW = """
update tenant set settings = settings || jsonb_build_object('campaigns',
  jsonb_build_object('1.011606', jsonb_build_array(jsonb_build_object(
    'first', $1::text, 'last', $2::text, 'ground', 'Kế hoạch rà soát 2026'))))
where slug = 'phuong-mot'
"""


async def test_a_yearly_review_is_due_when_the_units_campaign_ends(shop: Shop) -> None:
    """1.011606: without dates an officer's date; with them, the last day for everybody."""
    day = shop.clock.now.date()
    last = day + dt.timedelta(days=20)
    await shop.configure("phuong-mot", REVIEW, day.isoformat(), last.isoformat())

    row = await done(shop, await shop.received(paper(POVERTY)))

    timeline = (await shop.desk()).calendar.timeline
    due = dt.date.fromordinal(timeline.next_working(last.toordinal()))
    assert row.due_at == row.legal_due_at == dt.datetime.combine(due, dt.time(17), VN)
    assert row.no_limit is False
    received, early, *_ = (await figures(shop, POVERTY.code))[0]
    assert (received >= 1, early) == (True, 1)
    told = await explained(shop, row.id)
    assert (told.days[-1].why, told.days[-1].basis) == ("campaign", "Kế hoạch rà soát 2026")
    await require_sound(shop)
    after = (last + dt.timedelta(days=1)).isoformat()
    await shop.configure("phuong-mot", REVIEW, after, after)
    with pytest.raises(MissingLimitError):
        await shop.received(paper(POVERTY))


# ---- stages and waits ----


async def test_the_stages_of_a_claim_start_and_end_by_events(shop: Shop) -> None:
    """2.002165, Law 10/2017/QH14 art. 43-46: which stage, since when, until when, which is late."""
    start = shop.clock.now
    until = start + dt.timedelta(days=90)
    row = await shop.walk(await shop.received(paper(COMPENSATION, until)), "T08")
    row = await shop.take(row, "T32", Role.FIELD, stage="acceptance", paper="Thông báo thụ lý 1")
    shop.clock.tick(days=12)

    row = await shop.take(row, "T32", Role.FIELD, stage="appointment")

    told = await explained(shop, row.id)
    assert [(each.stage, each.late, each.ended_at is not None) for each in told.stages] == [
        ("acceptance", False, True),
        ("appointment", True, True),
        ("verification", False, False),
        ("talks-start", False, False),
        ("talks", False, False),
    ]
    assert told.stages[2].started_at == told.stages[1].started_at == told.stages[0].ended_at
    assert (told.stages[3].started_at, told.stages[3].counted_from) == (
        None,
        "ngày có báo cáo xác minh thiệt hại",
    )
    assert (told.due, row.no_limit, row.late) == (until, True, False)
    due = told.stages[2].due
    row = await shop.take(row, "T28", variant="verification-extended", ground="Thỏa thuận 15 ngày")
    longer = (await explained(shop, row.id)).stages[2]
    assert due is not None
    assert longer.due is not None
    assert longer.due > due
    assert sum(day.counted for day in longer.days) == 30
    await require_sound(shop)


async def test_adoption_is_due_by_its_thirty_days_and_shows_its_stages(shop: Shop) -> None:
    received = await shop.received(paper(ADOPTION))
    tenant = await shop.desk()

    row = await shop.take(received, "T32", Role.FIELD, stage="opinions")

    told = await explained(shop, row.id)
    assert [each.label for each in told.stages] == [each.label for each in ADOPTION.limit.stages]
    assert told.due == received.due_at
    offered = await reading.dossier(shop.house, tenant, shop.person(Role.FIELD), row.id)
    assert {"T32"} & {each.transition for each in offered.actions}
    row = await shop.take(row, "T32", Role.FIELD, stage="registration")
    offered = await reading.dossier(shop.house, tenant, shop.person(Role.FIELD), row.id)
    assert not {"T32", "T33", "T34"} & {each.transition for each in offered.actions}
    await require_sound(shop)


async def test_a_wait_ends_at_its_limit_with_the_consequence_of_the_definition(shop: Shop) -> None:
    """Rules 13.9, 1.004884 and the like: 20 days without an answer, then go on."""
    definition = next(
        each.definition
        for each in load_registry().definitions()
        if each.definition.field == "ho-tich"
        and any(
            wait.consequence == "tiếp tục giải quyết" for wait in each.definition.waits().values()
        )
    )
    wait_id = next(iter(definition.waits()))
    received = await shop.received(paper(definition))

    row = await shop.take(received, "T33", Role.FIELD, variant=wait_id)

    (waiting,) = (await explained(shop, row.id)).waits
    assert (waiting.ended_at, waiting.answered) == (None, False)
    shop.clock.now = waiting.until + dt.timedelta(minutes=1)
    (over,) = (await explained(shop, row.id)).waits
    assert (over.ended_at, over.answered) == (waiting.until, False)
    assert over.consequence == "tiếp tục giải quyết"
    assert (await explained(shop, row.id)).due == received.due_at
    await require_sound(shop)


async def test_a_wait_that_is_answered_ends_there(shop: Shop) -> None:
    received = await shop.received(single())
    row = await shop.take(received, "T33", Role.FIELD, variant="asked-elsewhere")
    row = await shop.take(row, "T34", Role.FIELD, answer="Chưa đăng ký kết hôn với ai")

    (wait,) = (await explained(shop, row.id)).waits

    assert (wait.answered, wait.ended_at) == (True, shop.clock.now)
    await require_sound(shop)
