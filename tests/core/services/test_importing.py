"""Whole histories are replayed by the rules of the desk, or refused with line and reason."""

import copy
import datetime as dt
from typing import Any

import asyncpg
import msgspec
import pytest

from core.services import forty
from core.services.archive import imported, lines, open_archive
from core.services.shop import Shop
from motcua.domain.calendar import VN
from motcua.services import filing, importing
from motcua.services.histories import History
from motcua.services.importing import (
    ImportFault,
    ImportRacedError,
    ImportRefusedError,
    import_histories,
)
from motcua.storage.engine import TenantEngine
from motcua.storage.errors import UnavailableError
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def archive(engine: TenantEngine, database: ScratchDatabase) -> Shop:
    return await open_archive(engine, database.owner_dsn)


def history(name: str, case: int = 1, unit: str = forty.UNIT) -> History:
    """A copy of one of the forty under another name."""
    made = copy.deepcopy(forty.history(case, forty.CASES[case - 1], unit))
    made.external_id = name
    return made


async def faults(archive: Shop, *wrong: History | bytes) -> list[ImportFault]:
    """What speaks against the lines; nothing of them may be there afterwards."""
    before = await archive.count("dossier", slug=forty.UNIT)
    written = [each if isinstance(each, bytes) else lines([each])[0] for each in wrong]
    with pytest.raises(ImportRefusedError) as caught:
        await import_histories(archive.house, written)
    assert await archive.count("dossier", slug=forty.UNIT) == before
    return list(caught.value.faults)


async def stored(archive: Shop, name: str, slug: str = forty.UNIT) -> dict[str, Any]:
    (row,) = await archive.rows(
        "select * from dossier where tenant_id = $1 and external_id = $2", name, slug=slug
    )
    return row


async def test_due_dates_come_from_the_engine(archive: Shop) -> None:
    await imported(archive, [history("due", case=2)])

    row = await stored(archive, "due")

    assert row["due_at"] == dt.datetime(2018, 3, 6, 17, 0, tzinfo=VN)
    assert (row["state"], row["late"], row["no_limit"]) == ("returned", False, False)


async def test_a_dossier_keeps_the_version_of_its_time(archive: Shop) -> None:
    await imported(archive, [history("version")])

    row = await stored(archive, "version")

    definition = archive.house.catalogue.version(row["version_id"]).definition
    assert definition.assumed == "simulation"
    assert definition.in_force(dt.date(2018, 3, 5))


async def test_events_are_chained_and_tell_what_the_reception_settled(archive: Shop) -> None:
    await imported(archive, [history("events")])

    row = await stored(archive, "events")
    events = await archive.rows(
        "select * from dossier_event where tenant_id = $1 and dossier_id = $2 order by seq",
        row["id"],
        slug=forty.UNIT,
    )

    assert [event["transition"] for event in events] == ["T02", "T08", "T16", "T18", "T19", "T20"]
    assert events[-1]["hash"] == row["head"]
    assert [event["previous"] for event in events[1:]] == [event["hash"] for event in events[:-1]]
    told = msgspec.json.decode(events[0]["data"])
    assert told["code"] == row["code"]
    assert told["fees"]
    assert events[0]["actor"] == "Phạm Thị Lan"


async def test_codes_follow_the_order_of_reception_without_a_gap(archive: Shop) -> None:
    afternoon, morning = history("second"), history("first")
    for minutes, each in ((0, morning), (90, afternoon)):
        for event in each.events:
            event.at += dt.timedelta(days=7, minutes=minutes)

    await imported(archive, [afternoon, morning])

    assert (await stored(archive, "first"))["code"] == "09190-180312-0001"
    assert (await stored(archive, "second"))["code"] == "09190-180312-0002"
    (counter,) = await archive.rows(
        "select n from counter where tenant_id = $1 and kind = 'dossier' and period = '180312'",
        slug=forty.UNIT,
    )
    assert counter["n"] == 2


async def test_a_result_takes_its_line_in_the_book(archive: Shop) -> None:
    await imported(archive, [history("book", unit="kinh-bac-2018")])

    row = await stored(archive, "book", "kinh-bac-2018")
    (line,) = await archive.rows(
        "select * from register_entry where tenant_id = $1 and dossier_id = $2",
        row["id"],
        slug="kinh-bac-2018",
    )

    assert (line["year"], line["number"], line["status"]) == (2018, 1, "issued")


async def test_fees_and_required_papers_are_kept(archive: Shop) -> None:
    await imported(archive, [history("fees")])

    row = await stored(archive, "fees")
    fees = await archive.rows(
        "select amount from fee_line where tenant_id = $1 and dossier_id = $2",
        row["id"],
        slug=forty.UNIT,
    )

    assert sum(fee["amount"] for fee in fees) == 2 * 2_000


async def test_a_submission_has_a_temporary_code_only(archive: Shop) -> None:
    await imported(archive, [history("online", case=28)])

    row = await stored(archive, "online")

    assert row["code"] is None
    assert row["temporary_code"].startswith("T-180329-")
    assert row["received_at"] is None


async def test_importing_a_file_again_adds_nothing(archive: Shop) -> None:
    file = [history(f"again-{n}", case=n) for n in range(1, 41)]

    first = await imported(archive, file)
    second = await imported(archive, file)

    assert (first.dossiers, first.known) == (40, 0)
    assert (second.dossiers, second.events, second.known) == (0, 0, 40)


async def test_a_dry_run_writes_nothing(archive: Shop) -> None:
    before = await archive.count("dossier", slug=forty.UNIT)

    done = await import_histories(archive.house, lines([history("dry")]), dry_run=True)

    assert (done.dossiers, done.events, done.dry_run) == (1, 6, True)
    assert await archive.count("dossier", slug=forty.UNIT) == before


async def test_daily_figures_are_kept_in_step(archive: Shop) -> None:
    await imported(archive, [history("figure", case=4, unit="kinh-bac-2018")])

    (late,) = await archive.rows(
        "select late from daily_figure where tenant_id = $1 and day = '2018-03-06'"
        " and procedure_code = '2.000815'",
        slug="kinh-bac-2018",
    )
    assert late["late"] == 1


async def test_a_line_that_is_no_history_is_named(archive: Shop) -> None:
    found = await faults(archive, b"{", lines([history("good")])[0], b'{"tenant": 1}')

    assert [(fault.line, fault.code) for fault in found] == [(1, "import.line"), (3, "import.line")]


async def test_a_misspelt_key_is_a_fault(archive: Shop) -> None:
    line = lines([history("misspelt")])[0].replace(b'"channel"', b'"chanel"')

    (fault,) = await faults(archive, line)

    assert fault.code == "import.line"
    assert "chanel" in fault.told["detail"]


async def test_every_fault_of_every_line_is_told_at_once(archive: Shop) -> None:
    form = history("form")
    form.answers |= {"document_type": "sổ đỏ", "page_count": -1, "surplus": "x"}
    form.applicant["id_number"] = "0271900000011"

    found = await faults(archive, history("right"), form, history("x", unit="khong-co"))

    assert {(fault.line, fault.field or fault.code) for fault in found} == {
        (2, "applicant.id_number"),
        (2, "document_type"),
        (2, "page_count"),
        (2, "surplus"),
        (3, "tenant.unknown"),
    }


async def test_an_unknown_procedure_is_refused(archive: Shop) -> None:
    wrong = history("procedure")
    wrong.procedure = "9.999999"

    (fault,) = await faults(archive, wrong)

    assert (fault.line, fault.code) == (1, "procedure.unknown")


async def test_a_step_the_state_does_not_permit_is_named_with_its_number(archive: Shop) -> None:
    """§2.3: no jump to returned without a result."""
    jump = history("jump")
    del jump.events[4]

    (fault,) = await faults(archive, jump)

    assert (fault.event, fault.code) == (5, "dossier.step-not-allowed")


async def test_time_does_not_run_backwards(archive: Shop) -> None:
    back = history("back")
    back.events[3].at -= dt.timedelta(days=1)

    (fault,) = await faults(archive, back)

    assert (fault.event, fault.code) == (4, "dossier.act-too-early")


async def test_a_step_without_what_it_needs_is_refused_with_all_of_it(archive: Shop) -> None:
    bare = history("bare", case=14)
    bare.events[2].data, bare.events[2].reason = {}, ""

    found = await faults(archive, bare)

    assert {(fault.event, fault.field) for fault in found} == {(3, "items"), (3, "reason")}


async def test_a_history_begins_with_a_submission_or_a_reception(archive: Shop) -> None:
    headless = history("headless")
    del headless.events[0]

    (fault,) = await faults(archive, headless)

    assert (fault.event, fault.code) == (1, "dossier.step-not-allowed")


async def test_an_unknown_transition_is_refused(archive: Shop) -> None:
    wrong = history("transition")
    wrong.events[2].transition = "T99"

    (fault,) = await faults(archive, wrong)

    assert (fault.event, fault.code) == (3, "dossier.unknown-transition")


async def test_nothing_in_a_file_lies_in_the_future(archive: Shop) -> None:
    ahead = history("ahead")
    ahead.events[5].at = archive.clock.now + dt.timedelta(minutes=1)

    (fault,) = await faults(archive, ahead)

    assert (fault.event, fault.code) == (6, "import.future")


@pytest.mark.parametrize(
    ("case", "step", "data"), [(1, "T25", {}), (8, "T27", {"basis": "Quyết định"})]
)
async def test_a_step_that_changes_more_than_its_dossier_is_not_taken_from_a_file(
    archive: Shop, case: int, step: str, data: dict[str, str]
) -> None:
    """T25 opens another dossier, T27 follows from the calendar: neither is a line's to say."""
    wrong = history("live-only", case=case)
    where = len(wrong.events) if step == "T25" else 1
    made = copy.deepcopy(wrong.events[where - 1])
    made.transition, made.data, made.reason = step, data, "Có lý do"
    wrong.events.insert(where, made)

    (fault,) = await faults(archive, wrong)

    assert (fault.event, fault.code) == (where + 1, "import.live-only")
    assert fault.told == {"transition": step}


@pytest.mark.parametrize("second", ["Phạm Thị Lan", " phạm thị  lan "])
async def test_a_mistake_is_taken_out_by_two_people_in_a_file_too(
    archive: Shop, second: str
) -> None:
    """§13.16: one person does not take a dossier out of the figures alone."""
    alone = history("alone", case=21)
    alone.events[-1].data = {"second_person": second}

    (fault,) = await faults(archive, alone)

    assert (fault.event, fault.field, fault.code) == (2, "second_person", "import.second-person")


async def test_without_a_known_limit_the_officers_date_is_asked(archive: Shop) -> None:
    """§15.1: the limit is never guessed."""
    undated = history("undated", case=35)
    undated.events[0].data = {}

    (fault,) = await faults(archive, undated)

    assert (fault.event, fault.code) == (1, "dossier.limit-missing")


async def test_what_a_reception_says_is_checked(archive: Shop) -> None:
    odd = history("odd")
    odd.events[0].data = {"variants": "all"}

    (fault,) = await faults(archive, odd)

    assert (fault.field, fault.code) == ("data", "file.value")


async def test_a_unit_that_had_ended_or_not_begun_receives_nothing(archive: Shop) -> None:
    late = history("late")
    for event in late.events:
        event.at = event.at.replace(year=2026)

    (ended,) = await faults(archive, late)
    (early,) = await faults(archive, history("early", unit="vo-cuong"))

    assert (ended.code, early.code) == ("reception.unit-ended", "reception.unit-not-begun")
    assert "Phường Võ Cường" in ended.told["successors"]


async def test_a_dossier_may_stand_in_a_file_once(archive: Shop) -> None:
    (fault,) = await faults(archive, history("twice"), history("twice"))

    assert (fault.line, fault.code, fault.told) == (2, "import.twice", {"first": "1"})


async def test_live_wards_use_live_definitions(archive: Shop) -> None:
    now = history("now", unit="vo-cuong")
    for event in now.events:
        event.at = event.at.replace(year=2026)

    await imported(archive, [now])

    row = await stored(archive, "now", "vo-cuong")
    assert not archive.house.catalogue.version(row["version_id"]).definition.is_simulation


async def test_the_database_stopping_in_the_middle_leaves_nothing_of_the_unit(
    archive: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await archive.count("dossier", slug=forty.UNIT)
    counted = await archive.rows(
        "select kind, period, n from counter where tenant_id = $1 order by 1, 2", slug=forty.UNIT
    )

    async def stopped(*_: object) -> None:
        message = "the database stopped"
        raise asyncpg.ConnectionDoesNotExistError(message)

    monkeypatch.setattr(filing, "add_figures", stopped)
    with pytest.raises(UnavailableError):
        await imported(archive, [history("middle")])

    assert await archive.count("dossier", slug=forty.UNIT) == before
    assert counted == await archive.rows(
        "select kind, period, n from counter where tenant_id = $1 order by 1, 2", slug=forty.UNIT
    )


async def test_two_imports_of_one_file_do_not_double_it(
    archive: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second looked before the first had written."""
    await imported(archive, [history("race")])

    async def saw_nothing(*_: object) -> set[str]:
        return set()

    monkeypatch.setattr(importing, "_known", saw_nothing)
    with pytest.raises(ImportRacedError):
        await imported(archive, [history("race")])

    assert (await stored(archive, "race"))["state"] == "returned"


async def test_progress_is_told_by_stage(archive: Shop) -> None:
    told: dict[str, int] = {}

    def progress(stage: str, done: int) -> None:
        told[stage] = told.get(stage, 0) + done

    file = lines([history(f"progress-{n}") for n in range(3)])
    await import_histories(archive.house, [*file, b""], progress=progress)

    assert told == {"read": 3, "replay": 3, "write": 3}


async def test_an_imported_text_is_reserved_signed_and_void_as_at_the_desk(archive: Shop) -> None:
    """T30 takes the number in its order of time; what ends otherwise makes it void."""
    signed, ended = history("printed-1"), history("printed-2")
    for each in (signed, ended):
        at = next(n for n, one in enumerate(each.events) if one.transition == "T16")
        printed = copy.deepcopy(each.events[at])
        printed.transition, printed.data = "T30", {}
        each.events.insert(at, printed)
    first = next(n for n, one in enumerate(ended.events) if one.transition == "T30")
    ended.events = ended.events[: first + 1]
    last = copy.deepcopy(ended.events[-1])
    last.transition, last.reason = "T22", "Xin rút"
    ended.events.append(last)

    await imported(archive, [signed, ended])

    rows = await archive.rows(
        "select d.external_id, e.status, e.reason, e.number from register_entry e"
        " join dossier d using (tenant_id) where tenant_id = $1 and d.id = e.dossier_id"
        " and d.external_id like 'printed-%' order by 1",
        slug=forty.UNIT,
    )
    told = [(row["external_id"], row["status"], row["reason"]) for row in rows]
    assert told == [("printed-1", "issued", ""), ("printed-2", "void", "Xin rút")]
    assert rows[1]["number"] == rows[0]["number"] + 1


async def test_what_was_turned_away_at_the_counter_has_a_temporary_code(archive: Shop) -> None:
    """T07 and T04 may begin a dossier (rules §2.3)."""
    refused, waiting = history("refused"), history("waiting")
    for one, step, data in ((refused, "T07", {}), (waiting, "T04", {"items": ["Bản chính"]})):
        first = one.events[0]
        first.transition, first.reason, first.data = step, "Thiếu", data
        one.events = [first]

    await imported(archive, [refused, waiting])

    for name, state in (("refused", "refused"), ("waiting", "pre_supplement")):
        row = await stored(archive, name)
        assert (row["state"], row["code"], row["received_at"]) == (state, None, None)
        assert row["temporary_code"].startswith("T-")
