"""Records in the database: written, found, corrected, and taken away again."""

import datetime as dt
import itertools
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from motcua.plugin import DossierFacts
from motcua.services.hooks import PluginSession
from motcua.storage.engine import TenantEngine
from motcua.storage.migrate import migrate, undo
from motcua.storage.work import work
from motcua.testing.database import ScratchDatabase, ScratchServer
from motcua_civil_status import plugin, search
from motcua_civil_status.piccolo_app import APP_CONFIG

pytestmark = pytest.mark.anyio

NINE = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
NUMBERS = itertools.count(1)
BE = {"name": "Nguyễn Thị Bé", "birth": "2026-11-01"}


class Desk:
    """One tenant's officers, and the numbers of their dossiers."""

    def __init__(self, engine: TenantEngine, tenant: int) -> None:
        self.engine, self.tenant = engine, tenant

    async def finish(self, procedure: str, **answers: Any) -> str:
        """Finish a dossier; answers its code."""
        n = next(NUMBERS)
        facts = DossierFacts(
            id=str(UUID(int=n)),
            code=f"H{n}",
            procedure=procedure,
            answers=answers,
            at=NINE + dt.timedelta(minutes=n),
            outcome="positive",
        )
        async with work(self.engine, self.tenant):
            await plugin.on_result_ready(PluginSession(self.engine, self.tenant), facts)
        return facts.code

    async def ask(self, query: Any) -> list[dict[str, Any]]:
        async with work(self.engine, self.tenant):
            return await PluginSession(self.engine, self.tenant).run(query)

    async def number(self, number: str) -> None:
        """Write an official number down in every record that has none."""
        for name, key in (("birth", "1/2024"), ("guardianship", "7/2024")):
            async with work(self.engine, self.tenant) as writing:
                await writing.execute(
                    f"update civil_status_{name} set official_number = $1, official_key = $1"  # noqa: S608 - two names of ours
                    " where official_number is null and $1 = $2",
                    number,
                    key,
                )


@pytest.fixture
def desk(engine: TenantEngine, tenant_a: int) -> Desk:
    return Desk(engine, tenant_a)


async def birth(desk: Desk, name: str, day: str) -> str:
    return await desk.finish("1.001193", child_full_name=name, child_birth_date=day)


async def found(desk: Desk, **asked: Any) -> list[str]:
    told = {"kind": "birth", **asked}
    return [row["subject_name"] for row in await desk.ask(search.duplicates(**told))]


async def test_a_duplicate_is_found_without_accents_and_by_date(desk: Desk) -> None:
    await birth(desk, "Đỗ Thị Ánh", "2026-10-01")
    await birth(desk, "Đỗ Thị Anh", "2026-10-02")

    assert await found(desk, name="do thi anh", date="2026-10-01") == ["Đỗ Thị Ánh"]
    assert set(await found(desk, name="ĐỖ THỊ ANH")) == {"Đỗ Thị Ánh", "Đỗ Thị Anh"}
    assert await found(desk, name="Đỗ Thị Ánh", date="2026-10-03") == []
    assert await found(desk, name="") == []


async def test_a_year_alone_may_be_any_day_of_that_year(desk: Desk) -> None:
    await desk.finish("1.004772", registrant={"name": "Ksor H'Bia", "birth": "1947"})

    assert await found(desk, name="Ksor H'Bia", date="1947-05-06") == ["Ksor H'Bia"]
    assert await found(desk, name="Ksor H'Bia", date="1948-05-06") == []


async def test_either_of_a_couple_is_found_also_by_number(desk: Desk) -> None:
    await desk.finish(
        "1.000894", bride={"name": "Bride"}, groom={"name": "Groom", "id_number": "027090000077"}
    )

    assert await found(desk, kind="marriage", name="groom") == ["Bride"]
    assert await found(desk, kind="marriage", name="", id_number="027090000077") == ["Bride"]


async def test_another_tenant_finds_nothing(
    desk: Desk, engine: TenantEngine, tenant_b: int
) -> None:
    await birth(desk, "Chỉ Của Phường Một", "2026-10-01")
    other = Desk(engine, tenant_b)

    assert await found(desk, name="chi cua phuong mot") == ["Chỉ Của Phường Một"]
    assert await found(other, name="chi cua phuong mot") == []


async def test_a_correction_is_added_to_the_history_of_the_record_it_names(desk: Desk) -> None:
    # Procedure 1.004859: what, before and after, when, by which decision.
    await birth(desk, "Nguyễn Thị Bé", "2026-11-01")
    await desk.number("1/2024")

    code = await desk.finish(
        "1.004859",
        subject=BE,
        request_kind="thay đổi",
        register_reference="Sổ khai sinh, số 01/2024",
        from_value="Nguyễn Thị Bé",
        to_value="Nguyễn Thị Bích",
        reason="Trùng tên",
    )

    (row,) = await desk.ask(search.records(name="nguyen thi bich", kind="birth"))
    (line,) = await desk.ask(search.history(row["id"]))
    assert row["subject_name"] == "Nguyễn Thị Bé"
    assert (line["what"], line["before"], line["after"]) == (
        "thay đổi",
        "Nguyễn Thị Bé",
        "Nguyễn Thị Bích",
    )
    assert line["decision"] == code
    (correction,) = await desk.ask(search.records(kind="correction", name="Nguyễn Thị Bé"))
    (whole,) = await desk.ask(search.one("correction", correction["id"]))
    assert (whole["record_kind"], whole["record_id"]) == ("birth", row["id"])


async def corrected(desk: Desk, name: str, before: str, after: str) -> str:
    return await desk.finish(
        "1.004859",
        subject={"name": name},
        request_kind="cải chính",
        register_reference="Sổ khai sinh, số 01/2024",
        from_value=before,
        to_value=after,
    )


async def test_a_later_correction_is_noted_under_the_corrected_name(desk: Desk) -> None:
    await birth(desk, "Hứa Thị Bé", "2026-11-01")
    await desk.number("1/2024")

    first = await corrected(desk, "Hứa Thị Bé", "Hứa Thị Bé", "Hứa Thị Lan")
    second = await corrected(desk, "Hứa Thị Lan", "01/11/2026", "02/11/2026")
    await corrected(desk, "", "x", "y")

    (row,) = await desk.ask(search.records(name="hua thi be", kind="birth"))
    lines = await desk.ask(search.history(row["id"]))
    assert [line["decision"] for line in lines] == [first, second]


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("Sổ kết hôn, số 01/2024", "Lê Thị Một"),
        ("Sổ khai sinh, số 02/2024", "Lê Thị Hai"),
        ("Sổ khai sinh", "Lê Thị Ba"),
        ("Sổ khai sinh, số 01/2024", "Người Khác"),
    ],
)
async def test_a_correction_that_fits_no_record_is_kept_alone(
    desk: Desk, reference: str, name: str
) -> None:
    await birth(desk, "Lê Thị Khác" if name == "Người Khác" else name, "2026-11-01")
    await desk.number("1/2024")

    await desk.finish("1.004859", subject={"name": name}, register_reference=reference)

    rows = await desk.ask(search.records(kind="correction", name=name))
    (whole,) = await desk.ask(search.one("correction", rows[0]["id"]))
    assert (whole["record_kind"], whole["record_id"]) == (None, None)
    assert whole["reference"] == reference


async def test_the_end_of_a_guardianship_is_noted_in_its_record(desk: Desk) -> None:
    people = {"ward": {"name": "Phạm Văn Út"}, "guardian": {"name": "Phạm Văn Ông"}}
    await desk.finish("1.004837", **people)
    await desk.number("7/2024")

    await desk.finish(
        "1.004845",
        **people,
        guardianship_no="07/2024, ngày 1/2/2024",
        end_reason="thay đổi người giám hộ",
    )

    rows = await desk.ask(search.records(name="pham van ut", kind="guardianship"))
    whole = [(await desk.ask(search.one("guardianship", row["id"])))[0] for row in rows]
    begun, ended = sorted(whole, key=lambda row: row["entry"])
    (line,) = await desk.ask(search.history(begun["id"]))
    assert ended["ends"] == begun["id"]
    assert begun["ended_on"] == ended["registered_on"]
    assert line["after"] == "thay đổi người giám hộ"


async def test_a_name_is_never_read_as_a_pattern(desk: Desk) -> None:
    await birth(desk, "Trịnh Phần Trăm", "2026-11-01")

    names = [row["subject_name"] for row in await desk.ask(search.records(name="trinh%tram"))]

    assert names == []


async def test_of_many_of_a_name_the_newest_are_shown_whatever_their_kind(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_NEWEST", search._NEWEST.replace("20", "2"))
    for name in ("Triệu Thị Nhất", "Triệu Thị Nhì", "Triệu Thị Ba"):
        await birth(desk, name, "2026-11-01")
    await desk.finish("1.004772", registrant={"name": "Triệu Thị Tư", "birth": "1950"})

    async def names(**asked: str) -> list[str]:
        return [row["subject_name"] for row in await desk.ask(search.records(**asked))]

    assert len(await names(name="trieu thi")) == 2
    assert await names(name="trieu thi b", kind="birth") == ["Triệu Thị Ba"]
    assert set(await names(name="trieu thi n")) == {"Triệu Thị Nhất", "Triệu Thị Nhì"}
    assert await names(name="trieu", kind="death") == []


async def test_the_tables_come_and_go(server: ScratchServer, template: ScratchDatabase) -> None:
    made = server.create(template=template.app_dsn.database)
    names = "select count(*) from pg_class where relkind = 'r' and relname like 'civil_status_%'"

    async def count() -> int:
        connection = await asyncpg.connect(made.owner_dsn.url)
        here: int = await connection.fetchval(names)
        await connection.close()
        return here

    left = [await count()]
    while left[-1]:
        await undo(made.owner_dsn, APP_CONFIG)
        left.append(await count())
    await migrate(made.owner_dsn, made.app_dsn.user, [APP_CONFIG])

    assert left == [10, 10, 10, 10, 8, 0]  # three of indexes, that of blocks, that of the records
    assert await count() == 10
    server.drop(made)
