"""The console gives nobody a row of another tenant, nor anything the grants do not name.

Made from the grants themselves: a new table or page takes part without being listed here.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest

from fakes.console import Visitor
from fakes.office import OTHER, ROLES, SLUG, Office, hire, opened
from motcua.console import spoken
from motcua.console.grants import PAGES, Grant, TableGrant, tables_of
from motcua.domain.dossier import Role
from motcua.domain.life import Actor
from motcua.plugin.texts import texts
from motcua.registry.loading import load_registry
from motcua.services.house import Desk, desk
from motcua.testing.database import PROVINCE, TENANT_A, TENANT_B, ScratchDatabase, ScratchServer
from motcua.testing.rows import insert_sql

pytestmark = pytest.mark.anyio

PROVINCE_SLUG = "tinh-thu"
SECRET, NUMBER, ID = "kín-bí-mật", "987654", "00000000-0000-7000-8000-0000000000ff"
HIDDEN = (SECRET, NUMBER, ID)
TABLES = tables_of(load_registry())
WALLED = {
    name: grant for name, grant in TABLES.items() if name not in {"tenant", "procedure_version"}
}
"""Those that hold rows of tenants; the two others are read by everybody."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(scope="module")
async def office(
    server: ScratchServer,
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    """An office whose other tenant has a row of hidden words in every table."""
    home: Path = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home) as office:
        await hire(office.house, PROVINCE_SLUG)
        admin = await asyncpg.connect(server.admin.with_database(database.app_dsn.database).url)
        await admin.execute("SET session_replication_role = replica")  # no foreign keys for now
        for table in WALLED:
            sql = await insert_sql(admin, table, TENANT_B, PROVINCE)
            names, values = sql.split(") VALUES (")
            values = values.replace("'x'", f"'{SECRET}'").replace(
                "00000000-0000-7000-8000-000000000001", ID
            )
            await admin.execute(
                f"{names}) VALUES ({re.sub(r'(?<![0-9:-])1(?![0-9:-])', NUMBER, values)}"
            )
        await admin.close()
        yield office


async def come(office: Office, role: str = "admin", slug: str = SLUG) -> Visitor:
    return Visitor(office, await office.token(role, slug), slug)


async def counted(database: ScratchDatabase, table: str, tenant: int) -> int:
    owner = await asyncpg.connect(database.owner_dsn.url)
    found: int = await owner.fetchval(f"select count(*) from {table} where tenant_id = $1", tenant)  # noqa: S608 - a name out of the grants
    await owner.close()
    return found


async def sums(database: ScratchDatabase) -> dict[str, str]:
    """What the other tenant has in each table of the console, as a checksum."""
    owner = await asyncpg.connect(database.owner_dsn.url)
    sql = "select md5(coalesce(string_agg(t::text, '' order by t::text), '')) from {} t"
    found = {
        table: await owner.fetchval(sql.format(table) + " where tenant_id = $1", TENANT_B)
        for table in WALLED
    }
    await owner.close()
    return found


def asked(grant: TableGrant) -> list[tuple[str, str, Any]]:
    """Every endpoint of a table with another tenant's values: method, address, body."""
    name = spoken.table_name(grant)
    base = f"api/tables/{name}/"
    single = [f"{base}{key}/" for key in (*HIDDEN, "2026-11-23")]
    filters = [
        f"{base}?{column}{how}={value}"
        for column in grant.columns
        for value in HIDDEN
        for how in ("", "__match=exact&" + column, "__operator=gte&" + column)
    ]
    lists = [base, f"{base}?__page_size=1000", f"{base}ids/", f"{base}ids/?search={SECRET}"]
    more = [f"{base}count/", f"{base}references/", f"{base}new/", f"{base}schema/"]
    hidden = [f"{base}?tenant_id={TENANT_B}", f"{base}?__visible_fields=tenant_id"]
    reads = [("GET", path, None) for path in (*single, *filters, *lists, *more, *hidden)]
    body = {"tenant_id": TENANT_B} | dict.fromkeys(grant.columns, SECRET)
    writes = [
        (method, path, body) for method in ("PUT", "PATCH", "DELETE") for path in (*single, base)
    ]
    return [*reads, *writes, ("POST", base, body), ("POST", base, {})]


async def test_no_table_gives_or_changes_a_row_of_another_tenant(
    office: Office, database: ScratchDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    visitor, tried, found = await come(office), 0, []
    before = await sums(database)

    for grant in WALLED.values():
        for method, path, body in asked(grant):
            answer = await visitor.rows(method, path, json=body)
            tried += 1
            echo = path + str(body)
            leaked = [words for words in HIDDEN if words in answer.text and words not in echo]
            if leaked or answer.status_code >= 500:
                found.append(f"{method} {path}: {answer.status_code} {leaked}")
            if method != "GET" and answer.is_success:
                found.append(f"{method} {path}: {answer.status_code}")
        count = await visitor.rows("GET", f"api/tables/{spoken.table_name(grant)}/count/")
        if count.json()["count"] != await counted(database, grant.name, TENANT_A):
            found.append(f"{grant.name}: counts {count.text}")

    assert not found, "\n".join(found[:20])
    assert await sums(database) == before
    assert tried > 60 * len(WALLED)
    with capsys.disabled():
        print(f"\n{tried} combinations of console table, endpoint and value tried")  # noqa: T201 - for the log of the run


async def test_the_other_tenant_does_see_its_rows(office: Office) -> None:
    """A tour that finds nothing proves nothing where there is nothing to find."""
    visitor = await come(office, slug=OTHER)
    for name, grant in WALLED.items():
        listed = await visitor.rows(
            "GET", f"api/tables/{spoken.table_name(grant)}/?__page_size=100"
        )
        assert any(words in listed.text for words in (*HIDDEN, "23/11/2026")), name


def may(grant: Grant, where: Desk, role: str, *, write: bool) -> bool:
    actor = Actor(1, "", (Role(role),))
    return grant.writes(where, actor) if write else grant.reads(where, actor)


async def test_every_role_reaches_exactly_what_the_grants_name(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    """Roles × levels × pages and tables, for looking and for changing."""
    findings: list[str] = []
    tried = 0
    for slug in (SLUG, PROVINCE_SLUG):
        where = await desk(office.house, slug)
        for role in ROLES:
            visitor = await come(office, role, slug)
            for found in (
                await page_rights(visitor, where, role),
                await table_rights(visitor, where, role),
            ):
                tried += len(found)
                findings += [f"{role} at {slug}: {each}" for each in found if each]

    assert not findings, "\n".join(findings[:30])
    with capsys.disabled():
        print(f"\n{tried} combinations of role, level, page and table tried")  # noqa: T201 - for the log of the run


async def page_rights(visitor: Visitor, where: Desk, role: str) -> list[str]:
    """What one role is wrongly given or refused of the pages; empty words where it is right."""
    found = []
    for page in PAGES.values():
        looked = await visitor.get(page.path + "/" * (page.name == "tables"))
        right = (looked.status_code == 200) is may(page, where, role, write=False)
        found.append("" if right else f"GET {page.name}: {looked.status_code}")
        if page.path and page.name not in {"tables", "history"}:
            sent = await visitor.post(page.path, {"lam": "?"})
            right = sent.status_code == 405 or (
                (sent.status_code != 403) is may(page, where, role, write=True)
            )
            found.append("" if right else f"POST {page.name}: {sent.status_code}")
    return found


async def table_rights(visitor: Visitor, where: Desk, role: str) -> list[str]:
    """The same of the tables."""
    found = []
    enters = may(PAGES["tables"], where, role, write=False)
    for grant in TABLES.values():
        name = spoken.table_name(grant)
        for end in ("schema/", "count/", "ids/", ""):
            answer = await visitor.rows("GET", f"api/tables/{name}/{end}")
            expected = enters and may(grant, where, role, write=False)
            right = (answer.status_code == 200) is expected
            found.append("" if right else f"GET {name}/{end}: {answer.status_code}")
        written = await visitor.rows("POST", f"api/tables/{name}/", json={})
        found.append(f"POST {name}" if written.is_success else "")
    return found


async def test_a_session_of_another_tenant_opens_nothing(office: Office) -> None:
    stranger = Visitor(office, await office.token("admin", OTHER), SLUG)

    for page in PAGES.values():
        answer = await stranger.get(page.path)
        assert answer.status_code == 303, page.name
    assert (await stranger.rows("GET", "api/tables/")).status_code == 401


async def test_nobody_without_a_session_comes_in(office: Office) -> None:
    nobody = Visitor(office, "", SLUG)

    for page in PAGES.values():
        assert (await nobody.get(page.path)).status_code == 303, page.name
        if page.path:
            assert (await nobody.post(page.path, {})).status_code in (401, 405), page.name
    for method in METHODS:
        assert (await nobody.rows(method, "api/tables/Cán_bộ/1/")).status_code == 401


async def pages_of(visitor: Visitor) -> dict[str, str]:
    """Every page somebody may look at, and what it links to below itself, by address."""
    found: dict[str, str] = {}
    for page in PAGES.values():
        answer = await visitor.get(page.path)
        if answer.status_code == 200 and page.name != "tables":
            found[page.path] = answer.text
            inner = re.findall(rf'href="/t/{visitor.slug}/admin/({page.path}/[^"?]+)"', answer.text)
            for path in inner[:3]:
                found[path] = (await visitor.get(path)).text
    return found


ENGLISH = {
    words
    for key, words in texts("en").items()
    if key.startswith(("console.", "readiness.", "config.", "doctor.", "calendar."))
    and len(words.split()) > 1
    and "{" not in words
    and words != texts("vi").get(key)
}


async def test_no_page_shows_english_or_the_key_of_a_text(office: Office) -> None:
    shown = await pages_of(await come(office))
    shown |= {
        f"tỉnh {p}": t
        for p, t in (await pages_of(await come(office, "supervisor", PROVINCE_SLUG))).items()
    }
    shown |= {
        f"tỉnh qt {p}": t
        for p, t in (await pages_of(await come(office, "admin", PROVINCE_SLUG))).items()
    }

    assert len(shown) > len(PAGES)
    for path, page in shown.items():
        visible = " ".join(re.sub(r"<[^>]+>", " ", page).split())
        assert not re.findall(
            r"\b(?:console|readiness|config|doctor|role|state)\.[a-z_.-]+", visible
        ), path
        assert [words for words in ENGLISH if f" {words} " in f" {visible} "] == [], path


async def test_no_table_shows_english(office: Office) -> None:
    known = set(texts("vi").values())
    visitor = await come(office)

    for name, grant in TABLES.items():
        answer = await visitor.rows("GET", f"api/tables/{spoken.table_name(grant)}/schema/")
        told = msgspec.json.decode(answer.content)
        titles = [each["title"] for each in told["properties"].values()]
        assert {told["title"], told["extra"]["key_label"], *titles} <= known, name
