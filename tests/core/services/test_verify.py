"""Whatever is tampered with is seen and named."""

import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.services import forty
from core.services.archive import imported, open_archive
from core.services.shop import SHIPPED, Shop
from motcua.documents.files import FileStore, file_path
from motcua.domain.calendar import VN
from motcua.registry.loading import load_registry
from motcua.services.anchor import Heads, Recount, anchor_yesterday, make_anchor
from motcua.services.histories import History
from motcua.services.verify import Fault, verify
from motcua.storage.engine import ENGINE, TenantEngine
from motcua.testing.database import ScratchDatabase, ScratchServer

pytestmark = pytest.mark.anyio

SLUG = forty.UNIT


ANCHORED = dt.datetime(2026, 12, 1, 8, 0, tzinfo=VN)


@pytest.fixture(scope="module")
async def filled(database: ScratchDatabase) -> ScratchDatabase:
    """A database with the forty histories and an anchor; nobody is connected to it."""
    await ENGINE.open(database.app_dsn)
    shop = await open_archive(ENGINE, database.owner_dsn)
    await imported(shop, forty.histories())
    await make_anchor(shop.house, (await shop.desk(SLUG)).id, ANCHORED)
    await ENGINE.close()
    return database


@pytest.fixture
def copied(server: ScratchServer, filled: ScratchDatabase) -> Iterator[ScratchDatabase]:
    """A copy of it for one test to tamper with."""
    made = server.create(template=filled.app_dsn.database)
    yield made
    server.drop(made)


@pytest.fixture
async def archive(copied: ScratchDatabase) -> AsyncIterator[Shop]:
    engine = TenantEngine(copied.app_dsn)
    await engine.open()
    shop = Shop(engine, load_registry(SHIPPED), copied.owner_dsn)
    shop.clock.now = ANCHORED + dt.timedelta(hours=1)
    yield shop
    await engine.close()


class Intruder:
    """Somebody with the owner's rights who changes rows."""

    def __init__(self, connection: Any, tenant_id: int) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def run(self, sql: str, *args: object) -> None:
        await self._connection.execute(sql, self._tenant_id, *args)


@pytest.fixture
async def intruder(archive: Shop) -> AsyncIterator[Intruder]:
    unit = await archive.desk(SLUG)
    connection = await asyncpg.connect(archive.owner.url)
    yield Intruder(connection, unit.id)
    await connection.close()


async def faults(archive: Shop, home: Path = Path("/nonexistent")) -> list[Fault]:
    return list((await verify(archive.house, home, slugs=[SLUG])).faults)


async def only(archive: Shop, home: Path = Path("/nonexistent")) -> tuple[str, str, str]:
    """The one fault there is."""
    (fault,) = await faults(archive, home)
    assert fault.tenant == SLUG
    return fault.kind, fault.where, fault.detail


async def test_what_nobody_touched_fits(archive: Shop) -> None:
    found = await verify(archive.house, Path("/nonexistent"))

    assert found.faults == ()
    assert found.ok
    assert found.dossiers == 40
    assert found.tenants > 100
    assert found.events > 150


CODE = "09190-180305-0001"
FIRST = (
    "where tenant_id = $1 and dossier_id ="
    " (select id from dossier where tenant_id = $1 and code = '09190-180305-0001') "
)


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ("reason = 'khác'", "verify.content"),
        ("actor = 'Người khác'", "verify.content"),
        ("data = '{\"a\": 1}'", "verify.content"),
        ("at = at + interval '1 minute'", "verify.link"),
        ("role = 'leader'", "verify.link"),
        ("actor_id = 7", "verify.link"),
        ("digest = '\\x00'", "verify.content"),
    ],
)
async def test_a_changed_event_is_named(
    archive: Shop, intruder: Intruder, change: str, detail: str
) -> None:
    await intruder.run(f"update dossier_event set {change} {FIRST} and seq = 2")  # noqa: S608 - a test's own SQL

    found = await faults(archive)

    assert detail in {fault.detail for fault in found}
    assert {(fault.kind, fault.where) for fault in found} == {("chain", f"{CODE} #2")}


async def test_an_erased_persons_data_leaves_the_chain_whole(
    archive: Shop, intruder: Intruder
) -> None:
    await intruder.run(
        f"update dossier_event set data = null, salt = null, reason = '', actor = '' {FIRST}"  # noqa: S608 - a test's own SQL
    )

    assert await faults(archive) == []


async def test_a_deleted_event_is_missed(archive: Shop, intruder: Intruder) -> None:
    await intruder.run(f"delete from dossier_event {FIRST} and seq = 3")  # noqa: S608 - a test's own SQL

    details = {fault.detail for fault in await faults(archive)}

    assert "verify.event-missing" in details
    assert "verify.anchor-count" in details


async def test_a_cut_end_disagrees_with_the_dossier(archive: Shop, intruder: Intruder) -> None:
    await intruder.run(f"delete from dossier_event {FIRST} and seq = 6")  # noqa: S608 - a test's own SQL

    details = {fault.detail for fault in await faults(archive)}

    assert {"verify.head", "verify.state"} <= details


async def test_a_changed_state_is_seen(archive: Shop, intruder: Intruder) -> None:
    await intruder.run(
        "update dossier set state = 'approved' where tenant_id = $1 and code = $2", CODE
    )

    assert await only(archive) == ("state", CODE, "verify.state")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("due_at", "due_at + interval '30 days'"),
        ("promise_at", "promise_at + interval '30 days'"),
        ("legal_due_at", "legal_due_at + interval '30 days'"),
        ("due_ground", "'reappointed'"),
        ("late", "true"),
        ("no_limit", "true"),
        ("clock", "jsonb_set(clock, '{0,at}', '\"2018-03-06T09:00:00+07:00\"')"),
        ("received_at", "received_at + interval '1 day'"),
        ("finished_at", "finished_at - interval '1 minute'"),
        ("returned_at", "null"),
        ("last_at", "last_at + interval '1 day'"),
        ("outcome", "'negative'"),
        ("mistake", "true"),
        ("supplements", "2"),
        ("appraised_by", "7"),
        ("applicant", '\'{"name": "Kẻ Khác"}\''),
        ("answers", "'{}'"),
        ("chosen", '\'{"variants": ["x"]}\''),
        ("procedure_code", "'2.000884'"),
        ("channel", "'post'"),
        ("code", "'09190-180305-0099'"),
    ],
)
async def test_a_dossier_that_says_other_than_its_events_is_seen(
    archive: Shop, intruder: Intruder, column: str, value: str
) -> None:
    await intruder.run(
        f"update dossier set {column} = {value} where tenant_id = $1 and code = $2",  # noqa: S608 - a test's own SQL
        CODE,
    )

    found = [each for each in await faults(archive) if each.detail == "verify.rows"]

    assert [(each.kind, each.told["columns"]) for each in found] == [("dossier", column)]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ("update fee_line set amount = 0", "fees"),
        ("update fee_line set exemption = 'poor'", "fees"),
        ("delete from fee_line", "fees"),
        ("update register_entry set status = 'void'", "register"),
        ("update register_entry set summary = 'khác'", "register"),
        ("update register_entry set at = at + interval '1 day'", "register"),
    ],
)
async def test_fees_and_book_lines_other_than_told_are_seen(
    archive: Shop, intruder: Intruder, change: str, part: str
) -> None:
    await intruder.run(f"{change} {FIRST}")

    (fault,) = await faults(archive)

    assert (fault.kind, fault.where, fault.detail) == ("dossier", CODE, "verify.rows")
    assert fault.told["columns"] == part


@pytest.mark.parametrize(
    "half",
    ["salt = null", "data = null", "salt = null, data = null", "salt = null, reason = 'khác'"],
)
async def test_erasing_half_of_what_an_event_says_is_a_fault(
    archive: Shop, intruder: Intruder, half: str
) -> None:
    """Without its salt nobody can check what an event says: then it must say nothing."""
    await intruder.run(f"update dossier_event set {half} {FIRST} and seq = 4")  # noqa: S608 - a test's own SQL

    assert ("chain", f"{CODE} #4", "verify.half-erased") in {
        (fault.kind, fault.where, fault.detail) for fault in await faults(archive)
    }


async def test_erased_events_are_counted(archive: Shop, intruder: Intruder) -> None:
    """Whoever forges what an event says has to erase it; the count tells how many are."""
    await intruder.run(
        f"update dossier_event set data = null, salt = null, reason = '', actor = '' {FIRST}"  # noqa: S608 - a test's own SQL
        " and seq < 3"
    )

    assert (await verify(archive.house, Path("/nonexistent"), slugs=[SLUG])).erased == 2


async def test_an_event_that_leads_nowhere_is_seen(archive: Shop, intruder: Intruder) -> None:
    await intruder.run(f"update dossier_event set to_state = 'returned' {FIRST} and seq = 4")  # noqa: S608 - a test's own SQL

    found = {(fault.kind, fault.detail) for fault in await faults(archive)}

    assert ("state", "verify.transition") in found
    assert ("chain", "verify.link") in found


async def test_a_dossier_without_events_is_seen(archive: Shop, intruder: Intruder) -> None:
    await intruder.run(f"delete from dossier_event {FIRST}")  # noqa: S608 - a test's own SQL

    assert ("chain", CODE, "verify.no-events") in {
        (fault.kind, fault.where, fault.detail) for fault in await faults(archive)
    }


async def test_a_deleted_dossier_is_missed_by_code_and_by_anchor(
    archive: Shop, intruder: Intruder
) -> None:
    for table in ("register_entry", "fee_line", "dossier_document", "dossier_event"):
        await intruder.run(f"delete from {table} {FIRST}")  # noqa: S608 - a test's own SQL
    await intruder.run("delete from dossier where tenant_id = $1 and code = $2", CODE)

    found = {(fault.kind, fault.where): fault for fault in await faults(archive)}

    assert found["code", "dossier 180305"].told["missing"] == "1"
    assert found["anchor", "2026-12-01"].told["dossiers"] == "40"
    assert found["anchor", "2026-12-01"].told["found"] == "39"
    assert ("register", "SCT/BS 2018") in found
    assert any(kind == "figure" for kind, _ in found)


async def test_a_moved_counter_is_a_gap(archive: Shop, intruder: Intruder) -> None:
    await intruder.run(
        "update counter set n = n + 2 where tenant_id = $1 and kind = 'dossier'"
        " and period = '180305'"
    )

    assert await only(archive) == ("code", "dossier 180305", "verify.series")


@pytest.mark.parametrize(
    ("code", "gap"),
    [
        ("xa-moi-180305-0001", None),
        ("ngoài-lề", "dossier 180305"),
        ("09190-180305-", "dossier 180305"),
        ("09190-180305-99999999999999999999", "dossier 180305"),
    ],
)
async def test_a_code_is_read_from_the_right_and_an_unreadable_one_is_a_gap(
    archive: Shop, intruder: Intruder, code: str, gap: str | None
) -> None:
    """A unit without an administrative code stands in its codes by its slug."""
    await intruder.run(
        "update dossier set code = $3 where tenant_id = $1 and code = $2", CODE, code
    )

    found = await faults(archive)

    assert ("dossier", code, "verify.rows") == (found[0].kind, found[0].where, found[0].detail)
    assert [each.where for each in found[1:]] == ([gap] if gap else [])


@pytest.mark.parametrize("change", ["applicant = '[]'", "clock = '1'"])
async def test_a_row_the_desk_cannot_have_written_is_a_fault_and_not_a_failure(
    archive: Shop, intruder: Intruder, change: str
) -> None:
    await intruder.run(f"update dossier set {change} where tenant_id = $1 and code = $2", CODE)  # noqa: S608 - a test's own SQL

    assert "verify.rows" in {fault.detail for fault in await faults(archive)}


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ("data = '[1]'", "verify.content"),
        ('data = data || \'{"due": 1, "fees": 2}\'', "verify.content"),
        ("to_state = 'x'", "verify.transition"),
        ("transition = 'x'", "verify.transition"),
    ],
)
async def test_an_event_the_desk_cannot_have_written_is_a_fault_and_not_a_failure(
    archive: Shop, intruder: Intruder, change: str, detail: str
) -> None:
    await intruder.run(f"update dossier_event set {change} {FIRST} and seq = 1")  # noqa: S608 - a test's own SQL

    assert detail in {fault.detail for fault in await faults(archive)}


async def test_absurd_numbers_and_codes_are_faults_and_not_failures(
    archive: Shop, intruder: Intruder
) -> None:
    await intruder.run(
        "update counter set n = 2147483647 where tenant_id = $1 and kind = 'dossier'"
        " and period = '180305'"
    )
    await intruder.run(
        "update dossier set temporary_code = temporary_code || '-' where tenant_id = $1"
    )

    found = {fault.where: fault for fault in await faults(archive) if fault.kind == "code"}

    assert found["dossier 180305"].told["missing"].endswith(", …")
    assert any(where.startswith("temporary") for where in found)


async def test_a_missing_line_of_a_book_is_named(archive: Shop, intruder: Intruder) -> None:
    await intruder.run(
        "delete from register_entry where tenant_id = $1 and register = 'SCT/BS' and number = 2"
    )

    fault, series = await faults(archive)

    assert (fault.kind, fault.told["columns"]) == ("dossier", "register")
    assert (series.kind, series.where) == ("register", "SCT/BS 2018")
    assert series.told["missing"] == "2"


async def test_a_changed_anchor_is_seen(archive: Shop, intruder: Intruder) -> None:
    await intruder.run("update anchor set digest = '\\x00' where tenant_id = $1")

    assert await only(archive) == ("anchor", "2026-12-01", "verify.anchor-digest")


async def test_a_rewritten_chain_does_not_fit_its_anchor(archive: Shop, intruder: Intruder) -> None:
    await intruder.run("update anchor set heads = '\\x00' where tenant_id = $1")

    assert await only(archive) == ("anchor", "2026-12-01", "verify.anchor-heads")


async def test_a_changed_figure_is_recounted(archive: Shop, intruder: Intruder) -> None:
    await intruder.run(
        "update daily_figure set late = late + 1 where tenant_id = $1 and day = '2018-03-05'"
        " and procedure_code = '2.000815'"
    )

    assert await only(archive) == ("figure", "2018-03-05 2.000815 counter", "verify.figure")


async def test_ratings_are_recounted(archive: Shop, intruder: Intruder) -> None:
    await intruder.run(
        "insert into rating_figure"
        " select $1, province_id, day, procedure_code, 'overall', 'hai-long', 9"
        " from daily_figure where tenant_id = $1 and day = '2018-03-05'"
        " and procedure_code = '2.000815'"
    )

    where = "2018-03-05 2.000815 overall hai-long"
    assert await only(archive) == ("figure", where, "verify.rating-figure")


async def test_a_changed_or_missing_file_is_named(
    archive: Shop, intruder: Intruder, tmp_path: Path
) -> None:
    unit = await archive.desk(SLUG)
    content = b"Giay khai sinh"
    digest = hashlib.sha256(content).digest()
    path = file_path(tmp_path, unit.id, digest)
    store = FileStore(tmp_path, archive.house.key)
    await intruder.run(
        "insert into stored_file (tenant_id, id, sha256, name, media_type, size, created_at)"
        " values ($1, $2, $3, 'giay.pdf', 'application/pdf', $4, now())",
        uuid4(),
        digest,
        len(content),
    )

    missing = await only(archive, tmp_path)
    await store.put(unit.id, content)
    fitting = await faults(archive, tmp_path)
    path.write_bytes(content[:-1])
    changed = await only(archive, tmp_path)

    assert missing == ("file", "giay.pdf", "verify.file-missing")
    assert fitting == []
    assert changed == ("file", "giay.pdf", "verify.file-changed")


async def test_yesterday_is_anchored_once(archive: Shop) -> None:
    unit = await archive.desk("kinh-bac-2018")

    assert await anchor_yesterday(archive.house, unit.id)
    assert not await anchor_yesterday(archive.house, unit.id)


async def test_anchors_are_chained_and_an_old_history_imported_later_does_not_disturb_them(
    archive: Shop,
) -> None:
    """The time in its id, not that of its events, says when a dossier came here."""
    archive.house.new_id = lambda: UUID(int=int(ANCHORED.timestamp() * 1000) << 80)
    unit = await archive.desk("kinh-bac-2018")
    await make_anchor(archive.house, unit.id, dt.datetime(2026, 11, 2, tzinfo=VN))
    await make_anchor(archive.house, unit.id, dt.datetime(2026, 11, 3, tzinfo=VN))

    await imported(archive, [forty.history(1, forty.CASES[0], "kinh-bac-2018")])
    found = await verify(archive.house, Path("/nonexistent"), slugs=["kinh-bac-2018"])

    assert found.ok
    assert found.dossiers == 1


async def test_a_finished_day_without_its_anchor_is_a_fault(
    archive: Shop, intruder: Intruder
) -> None:
    """Whoever rewrites a day has to take its anchor away: that must not pass in silence."""
    assert await faults(archive) == []
    await intruder.run("delete from anchor where tenant_id = $1")

    assert await only(archive) == ("anchor", "2024-11-03", "verify.anchor-missing")


async def test_the_day_before_needs_its_anchor_from_two_in_the_morning(archive: Shop) -> None:
    unit = await archive.desk(SLUG)
    archive.clock.now = dt.datetime(2026, 12, 3, 9, tzinfo=VN)
    archive.house.new_id = lambda: _made_at(archive.clock.now)
    await imported(archive, [_again(1)])
    today = await faults(archive)

    archive.clock.now = dt.datetime(2026, 12, 4, 1, 59, tzinfo=VN)
    at_night = await faults(archive)
    archive.clock.now = dt.datetime(2026, 12, 4, 2, 1, tzinfo=VN)
    late = await only(archive)
    await anchor_yesterday(archive.house, unit.id)

    assert today == at_night == []
    assert late == ("anchor", "2026-12-03", "verify.anchor-missing")
    assert await faults(archive) == []


async def test_an_anchor_of_the_same_day_stands_when_the_night_comes(archive: Shop) -> None:
    """The demonstration is anchored when it is filled; the chores begin a minute later."""
    unit = await archive.desk("kinh-bac-2018")
    await make_anchor(archive.house, unit.id, archive.clock.now)

    assert await anchor_yesterday(archive.house, unit.id) is None
    found = await verify(archive.house, Path("/nonexistent"), slugs=["kinh-bac-2018"])

    assert found.ok
    assert [anchor.day for anchor in found.anchors] == [ANCHORED.date()]


async def test_each_anchor_stands_for_its_own_days(archive: Shop, intruder: Intruder) -> None:
    """A day rewritten later leaves the anchors of other days as they are."""
    unit = await archive.desk(SLUG)
    for day in (3, 4, 7):
        archive.clock.now = dt.datetime(2026, 12, day, 9, tzinfo=VN)
        archive.house.new_id = lambda: _made_at(archive.clock.now)
        await imported(archive, [_again(day)])
        archive.clock.tick(days=1)
        await anchor_yesterday(archive.house, unit.id)
    assert await faults(archive) == []

    await intruder.run(
        "update dossier_event set hash = '\\x00' where tenant_id = $1 and seq = 6 and dossier_id ="
        " (select id from dossier where tenant_id = $1 and external_id = 'again-4')"
    )

    found = [each for each in await faults(archive) if each.kind == "anchor"]
    assert [(each.where, each.detail) for each in found] == [("2026-12-04", "verify.anchor-heads")]


def _made_at(moment: dt.datetime) -> UUID:
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def _again(number: int) -> History:
    made = forty.history(1, forty.CASES[0])
    made.external_id = f"again-{number}"
    return made


@given(
    untils=st.lists(st.integers(0, 40), unique=True, max_size=6).map(sorted),
    events=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 50)), max_size=30),
)
def test_every_event_belongs_to_the_first_anchor_after_it(
    untils: list[int], events: list[tuple[int, int]]
) -> None:
    """Each is looked at once however many anchors there are: they come from an iterator."""
    start = dt.datetime(2026, 1, 1, tzinfo=VN)
    known = [Heads().anchor(start + dt.timedelta(days=day), b"") for day in untils]
    recount = Recount(known)
    expected = [0] * (len(known) + 1)
    for came in range(6):
        days = sorted(day for dossier, day in events if dossier == came)
        for day in days:
            expected[sum(until <= max(came, day) for until in untils)] += 1
        moments = [(start + dt.timedelta(days=day), b"") for day in days]
        recount.add(_made_at(start + dt.timedelta(days=came)), iter(moments))

    assert [heads.events for heads in recount.heads] == expected[:-1]
    assert bool(recount.waiting) == bool(expected[-1])


async def test_progress_is_told_dossier_by_dossier(archive: Shop) -> None:
    told: list[int] = []

    await verify(archive.house, Path("/nonexistent"), slugs=[SLUG], progress=told.append)

    assert sum(told) == 40
