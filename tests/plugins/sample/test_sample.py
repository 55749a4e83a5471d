"""The sample plugin: what it decides, keeps and shows."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from motcua.plugin import Answers, DossierFacts, Reception, Severity
from motcua.plugin.texts import text
from motcua.services.hooks import PluginSession
from motcua.storage.dsn import Dsn
from motcua.storage.engine import TenantEngine
from motcua.storage.migrate import migrate
from motcua.storage.work import work
from motcua.testing.contract_base import AN_ISSUE
from motcua_sample import plugin
from motcua_sample.piccolo_app import APP_CONFIG
from motcua_sample.routes import Note
from motcua_sample.settings import SampleSettings
from motcua_sample.tables import all_notes

(PROCEDURE,) = plugin.procedures()
RECEPTION = Reception(received_on=dt.date(2026, 11, 23))
NINE = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)


def listing(*names: str) -> Answers:
    return Answers(things=[{"what": name} for name in names])


def test_a_thing_listed_twice_is_an_error() -> None:
    (found,) = plugin.problems(listing("Xe", "Nhà", "Xe"))

    assert found.severity is Severity.ERROR
    assert text(found.code, lang="vi", **found.told) == "“Xe” được kê khai hai lần."


def test_a_long_list_is_pointed_out_and_takes_longer() -> None:
    (found,) = plugin.problems(listing("a", "b", "c", "d"))
    chosen = plugin.time_limit(PROCEDURE, listing("a", "b", "c", "d"), RECEPTION)

    assert found.severity is Severity.WARNING
    assert chosen is not None
    assert chosen.limit is not None
    assert chosen.limit.short() == "8 wd"
    assert plugin.time_limit(PROCEDURE, listing("a"), RECEPTION) is None


def test_the_fee_can_be_waived_by_the_commune() -> None:
    answers = listing("a")

    assert plugin.fee_lines(PROCEDURE, answers, RECEPTION, SampleSettings(free=True)) == []
    assert plugin.fee_lines(PROCEDURE, answers, RECEPTION, SampleSettings()) is None


def test_the_result_is_a_paper_with_the_numbers_of_the_book() -> None:
    issue = msgspec.structs.replace(AN_ISSUE, requester={"name": "Nguyễn Thị An"})

    (paper,) = plugin.result_papers(PROCEDURE, issue).papers

    assert paper.template == "mau.typ"
    assert paper.data["lines"] == ['1/2026 Giấy "mẫu" #1 \\']


def test_each_thing_gets_a_line_in_the_book() -> None:
    lines = plugin.register_entries(PROCEDURE, listing("Xe", "Nhà"))

    assert [(line.book, line.subject) for line in lines] == [("MAU", "Xe"), ("MAU", "Nhà")]


def test_the_tables_and_routes_carry_the_plugins_name() -> None:
    tables = plugin.tables()

    assert [table._meta.tablename for table in tables.tables] == ["sample_note"]  # type: ignore[attr-defined]  # Piccolo's
    assert tables.app_config.app_name == "sample"
    assert [path for route in plugin.routes() for path in route.paths] == ["/ghi-chu"]


def dossier(code: str, at: dt.datetime = NINE) -> DossierFacts:
    return DossierFacts(id=f"id-{code}", code=code, procedure=PROCEDURE.code, answers={}, at=at)


@pytest.fixture(scope="module")
async def kept(engine: TenantEngine, database: Any) -> TenantEngine:
    """The engine, on a database that has the sample's table."""
    owner: Dsn = database.owner_dsn
    await migrate(owner, database.app_dsn.user, [APP_CONFIG])
    return engine


async def notes(engine: TenantEngine, tenant: int) -> list[dict[str, Any]]:
    async with work(engine, tenant):
        return await PluginSession(engine, tenant).run(all_notes())


@pytest.mark.anyio
async def test_a_note_is_kept_and_completed_for_its_own_tenant_only(
    kept: TenantEngine, tenant_a: int, tenant_b: int
) -> None:
    later = NINE + dt.timedelta(hours=2)
    async with work(kept, tenant_a):
        session = PluginSession(kept, tenant_a)
        await plugin.on_received(session, dossier("H1"))
        await plugin.on_received(session, dossier("H2"))
        await plugin.on_result_ready(session, dossier("H1", later))

    shown = await plugin.routes()[0].fn(session=_Reading(kept, tenant_a))

    assert shown == [
        Note(code="H1", received_at=NINE, ready_at=later),
        Note(code="H2", received_at=NINE, ready_at=None),
    ]
    assert await notes(kept, tenant_b) == []


class _Reading:
    """A session that opens its own unit of work, as the application does for a request."""

    def __init__(self, engine: TenantEngine, tenant_id: int) -> None:
        self.engine, self.tenant_id = engine, tenant_id

    async def run(self, query: Any) -> list[dict[str, Any]]:
        async with work(self.engine, self.tenant_id):
            return await PluginSession(self.engine, self.tenant_id).run(query)
