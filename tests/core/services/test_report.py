"""Form II.06a out of the database: forty histories by hand, and recounts by other means."""

import datetime as dt
import random
from collections.abc import Iterator

import pytest

from core.services import forty
from core.services.archive import imported, open_archive
from core.services.shop import Shop
from motcua.domain.dossier import State
from motcua.domain.report import COLUMNS, Group, Period, Row, group, standing_at, total
from motcua.services.demo_people import Inventor, load_words
from motcua.services.histories import History
from motcua.services.house import UnknownTenantError
from motcua.services.ledger import life_of
from motcua.services.replay import replay
from motcua.services.report import report
from motcua.storage.engine import TenantEngine
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def archive(engine: TenantEngine, database: ScratchDatabase) -> Shop:
    shop = await open_archive(engine, database.owner_dsn)
    await imported(shop, forty.histories())
    return shop


def numbers(row: Row) -> tuple[int, ...]:
    columns = (getattr(row, column) for column in COLUMNS)
    return (*columns, row.no_limit, row.running_no_limit)


async def test_forty_histories_give_the_form_worked_out_by_hand(archive: Shop) -> None:
    made = await report(archive.house, forty.UNIT, forty.MARCH)

    rows = {row.field: numbers(row) for row in made.by_field}
    assert rows | {"": numbers(total(made.by_field))} == forty.BY_HAND


@pytest.mark.parametrize("number", range(1, len(forty.CASES) + 1))
async def test_each_of_the_forty_is_in_its_group(archive: Shop, number: int) -> None:
    case = forty.CASES[number - 1]
    unit = await archive.desk(forty.UNIT)
    lived = replay(archive.house, unit, forty.history(number, case))

    standing = standing_at(
        forty.MARCH,
        field=lived.row.field,
        channel=lived.row.channel,
        mistake=lived.row.mistake,
        steps=[(each.act.at, State(each.states[1])) for each in lived.steps],
        clock=life_of(lived.row).clock,
        calendar=unit.calendar,
    )

    assert group(standing, forty.MARCH) == case.group, case.why


async def test_the_city_is_the_sum_of_its_units(archive: Shop) -> None:
    made = await report(archive.house, "tp-bac-ninh-2018", forty.MARCH)

    assert len(made.units) == 19
    assert made.received == forty.BY_HAND[""][1] + forty.BY_HAND[""][2]
    assert made.carried == forty.BY_HAND[""][3]
    assert made.per_month_and_unit == round(made.received / 19, 1)
    assert made.procedures.active == 7


async def test_shares_and_percentages_are_of_what_was_received_and_judged(archive: Shop) -> None:
    made = await report(archive.house, forty.UNIT, forty.MARCH)

    assert [(share.field, share.received) for share in made.fields] == [
        ("chung-thuc", 20),
        ("ho-tich", 9),
        ("bao-tro-xa-hoi", 1),
    ]
    assert made.fields[0].percent == 66.7
    assert made.processed.percent_in_time == 76.0
    assert made.processed.no_limit == 1


async def test_a_period_without_dossiers_has_no_percentage(archive: Shop) -> None:
    made = await report(
        archive.house, forty.UNIT, Period(dt.date(2017, 1, 1), dt.date(2017, 1, 31))
    )

    assert made.received == 0
    assert made.processed.percent_in_time is None
    assert made.fields == ()


async def test_an_unknown_unit_is_refused(archive: Shop) -> None:
    with pytest.raises(UnknownTenantError):
        await report(archive.house, "khong-co", forty.MARCH)


_RECOUNT = """
with last_step as (
  select distinct on (dossier_id) dossier_id, to_state from dossier_event
  where tenant_id = $1 and at < $3 order by dossier_id, seq desc),
facts as (
  select d.id,
    min(e.at) filter (where e.transition in ('T02', 'T03')) as taken,
    min(e.at) filter (where e.transition in ('T19', 'T22', 'T23', 'T11')) as ended,
    bool_or(e.transition = 'T26') as wrong
  from dossier d join dossier_event e on e.tenant_id = d.tenant_id and e.dossier_id = d.id
  where d.tenant_id = $1 group by d.id)
select count(*) filter (where taken < $2) as carried,
  count(*) filter (where taken >= $2) as received,
  count(*) filter (where ended < $3) as processed,
  count(*) filter (where ended is null or ended >= $3) as running,
  count(*) filter (where (ended is null or ended >= $3)
                   and to_state in ('supplement_requested', 'awaiting_payment')) as waiting
from facts join last_step on last_step.dossier_id = facts.id
where taken < $3 and not wrong and (ended is null or ended >= $2)
"""


async def test_counting_the_events_gives_the_same_totals(archive: Shop) -> None:
    summed = total((await report(archive.house, forty.UNIT, forty.MARCH)).by_field)

    (row,) = await archive.rows(_RECOUNT, forty.MARCH.begin, forty.MARCH.end, slug=forty.UNIT)

    assert row["carried"] == summed.c6
    assert row["received"] == summed.c4 + summed.c5
    assert row["processed"] == summed.c7
    assert row["running"] == summed.c11
    assert row["waiting"] == 3


async def test_what_happens_later_does_not_change_an_old_report(archive: Shop) -> None:
    """A report of the first week is the same in April as on the day itself."""
    week = Period(dt.date(2018, 3, 1), dt.date(2018, 3, 7))
    full = await report(archive.house, forty.UNIT, week)

    await imported(archive, [cut(each, week) for each in forty.histories("kinh-bac-2018")])
    then = await report(archive.house, "kinh-bac-2018", week)

    assert then.by_field == full.by_field


def cut(history: History, period: Period) -> History:
    """*history* as it was known when *period* ended; at least its first event."""
    known = [event for event in history.events if event.at < period.end]
    return History(
        tenant=history.tenant,
        external_id=history.external_id,
        procedure=history.procedure,
        channel=history.channel,
        applicant=history.applicant,
        answers=history.answers,
        events=known or history.events[:1],
    )


async def test_received_is_carried_and_new_is_processed_and_running(archive: Shop) -> None:
    """Over random data, for random periods."""
    dice = random.Random(7)  # noqa: S311 - test data
    inventor = Inventor(dice, load_words(), pages=1, copies=1)
    cases = [forty.CASES[dice.randrange(len(forty.CASES))] for _ in range(60)]
    moved = [forty.history(100 + n, case) for n, case in enumerate(cases)]
    for each in moved:
        each.applicant = {"name": inventor.name(woman=True)}
    await imported(archive, moved)

    for period in periods(dice):
        for row in (await report(archive.house, forty.UNIT, period)).by_field:
            assert row.c3 == row.c4 + row.c5 + row.c6
            assert row.c3 == row.c7 + row.c11
            assert row.c7 == row.c8 + row.c9 + row.c10 + row.no_limit
            assert row.c11 == row.c12 + row.c13 + row.running_no_limit


def periods(dice: random.Random) -> Iterator[Period]:
    for _ in range(25):
        first = dt.date(2018, 2, 1) + dt.timedelta(days=dice.randrange(70))
        yield Period(first, first + dt.timedelta(days=dice.randrange(20)))


def test_the_groups_of_the_forty_are_all_there_are() -> None:
    assert {case.group for case in forty.CASES} == set(Group)
