"""No route and no statement gives one tenant what is another's.

Made from the application's own routes and the database's own catalogue, so that a
new route or table without a wall fails here by itself.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import msgspec
import pytest
from litestar import Litestar, Request, delete, get, post
from litestar.params import FromPath, JSONBody

from fakes.office import COPY, OTHER, ROLES, SLUG, Office, opened, paper
from motcua.domain.dossier import Role
from motcua.domain.life import Actor
from motcua.domain.transfer import BankAccount
from motcua.services import api_keys, chores, drafts, transfers, village_days, village_plan
from motcua.services.change import Asked
from motcua.services.configure import assign_signer
from motcua.services.house import Desk, desk
from motcua.services.village_plan import Plan
from motcua.storage.engine import tenant_scope
from motcua.storage.protect import TABLES_SQL, classify
from motcua.storage.work import work
from motcua.testing.database import TENANT_A, TENANT_B, ScratchDatabase, ScratchServer
from motcua.testing.rows import insert_sql
from tenancy.examples import BROWSER
from tenancy.routes import World, least, targets, tour

pytestmark = pytest.mark.anyio

HIDDEN = {"name": "Bùi Thị Kín", "id_number": "027190009999"}
TITLE, SIGNER = "Bằng kín của Xã Hai", "Lê Văn Ký Kín"
BIRTH = "1.004873"
KEY = "key"
ASKED = {
    "relationship": "bản thân",
    "subject": HIDDEN,
    "residence_periods": TITLE,
    "marital_status": "chưa đăng ký kết hôn với ai",
    "purpose": "vay vốn",
}


def listing(applicant: dict[str, str]) -> dict[str, Any]:
    """A paper of the sample plugin, which keeps a table of its own."""
    answers = {"things": [{"what": "Đồ vật"}], "copy_count": 1, "way": "tại quầy"}
    return {"procedure": "9.999001", "applicant": applicant, "answers": answers}


def hidden_paper() -> dict[str, Any]:
    made = paper(applicant=HIDDEN)
    made["answers"] = made["answers"] | {"document_title": TITLE}
    return made


@pytest.fixture(scope="module")
async def office(
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    home: Path = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home) as office:
        await office.client.get("/")
        office.client.headers["x-csrftoken"] = office.client.cookies["motcua_csrf"]
        yield office


@pytest.fixture(scope="module")
async def world(office: Office) -> World:
    """Both tenants at work: dossiers in several states, a submission, a signer, notes."""
    await _work(office, SLUG, paper())
    visit = await _work(office, OTHER, hidden_paper())
    returned = visit["dossiers"][0]
    sent = await office.ask(
        "POST",
        "/dossiers",
        slug=OTHER,
        json={"procedure": BIRTH, "applicant": HIDDEN, "answers": ASKED},
    )
    assert sent.status_code == 201, sent.text
    waiting = (await office.received(OTHER))["id"]
    there = await desk(office.house, OTHER)
    await _transfers(office, SLUG, "UBND Phường Một")
    await _transfers(office, OTHER, TITLE)
    await transfers.told(office.house, await desk(office.house, OTHER), UUID(waiting))
    village, block = await _village(office, there)
    draft = await drafts.begin(office.house, there, BIRTH, BROWSER)
    typed = {"nguoi.name": HIDDEN["name"], "nguoi.address": TITLE}
    await drafts.change(office.house, there, draft.id, BROWSER, lambda _: typed)
    tokens = {role: await office.token(role) for role in ROLES} | {KEY: await _key(office)}
    return World(
        own=SLUG,
        other=OTHER,
        tokens={**tokens, "": ""},
        things=(
            returned["id"],
            waiting,
            returned["code"],
            sent.json()["id"],
            sent.json()["temporary_code"],
            visit["visit"],
            f"reception.{OTHER}",
            str(draft.id),
            draft.code,
            village,
            block,
        ),
        secret=returned["secret"],
        told=(HIDDEN["name"], HIDDEN["id_number"], TITLE, SIGNER, "0271******99"),
    )


async def _transfers(office: Office, slug: str, holder: str) -> None:
    """Let a tenant take transfers."""
    account = BankAccount(bank="Ngân hàng Thử", bin="970400", number="1234567890", holder=holder)
    unit = await desk(office.house, slug)
    asked = Asked(place="account", subject=unit.name)
    await transfers.set_account(office.house, unit, account, asked)


async def _village(office: Office, there: Desk) -> tuple[str, str]:
    """A village day to come, and the block of numbers that is taken along."""
    clerk = Actor(None, "Cán bộ clerk", (Role.CLERK, Role.RECEPTION))
    plan = Plan(
        day=office.house.today(),
        place=TITLE,
        officer="Cán bộ reception",
        signers=(SIGNER,),
        counts={COPY: 2},
    )
    made = await village_plan.make(office.house, there, clerk, plan)
    found = await village_days.day(office.house, there, clerk, made)
    return str(made), str(found.sheets[0].block)


async def _key(office: Office) -> str:
    """A key of the one who asks, for everything a key can be for."""
    asked = Asked(place="api_key", subject="Thử")
    return await api_keys.create(
        office.house,
        await desk(office.house, SLUG),
        name="Thử",
        scopes=tuple(api_keys.Scope),
        expires_on=None,
        asked=asked,
    )


async def _work(office: Office, slug: str, first: dict[str, Any]) -> dict[str, Any]:
    """A visit of two papers, the first worked through; one with the sample plugin's table."""
    answer = await office.ask(
        "POST",
        "/receptions",
        by="reception",
        slug=slug,
        json={"papers": [first, listing(first["applicant"])]},
    )
    assert answer.status_code == 201, answer.text
    visit: dict[str, Any] = answer.json()
    dossier = visit["dossiers"][0]
    where = await desk(office.house, slug)
    name = SIGNER if slug == OTHER else "Người Ký"
    await assign_signer(office.house, where, full_name=name, title="Chủ tịch", act="QĐ 1")
    for step_id, role, data in (
        ("T08", "reception", {}),
        ("T16", "field", {}),
        ("T18", "leader", {"signer": name}),
        ("T19", "clerk", {}),
        ("T20", "reception", {"received_by": "Người nhận", "way": "counter"}),
    ):
        taken = await office.ask(
            "POST",
            f"/dossiers/{dossier['id']}/transitions",
            by=role,
            slug=slug,
            json={"transition": step_id, "version": dossier["version"], "data": data},
        )
        assert taken.status_code == 200, taken.text
        dossier = dossier | {"version": taken.json()["version"]}
    return visit


@pytest.fixture
async def admin(
    server: ScratchServer, database: ScratchDatabase
) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(server.admin.with_database(database.app_dsn.database).url)
    yield connection
    await connection.close()


async def walled(admin: asyncpg.Connection) -> list[str]:
    """The tables that hold rows of tenants."""
    tables = classify(await admin.fetch(TABLES_SQL))
    return [one.table for one in tables if one.kind in {"tenant", "derived"}]


async def sums(admin: asyncpg.Connection, tenant: int) -> dict[str, str]:
    """What a tenant has in each table, as a checksum; counts of attempts are nobody's thing."""
    sql = "select md5(coalesce(string_agg(t::text, '' order by t::text), '')) from {} t"
    return {
        table: await admin.fetchval(sql.format(f'"{table}"') + " where tenant_id = $1", tenant)
        for table in await walled(admin)
        if table != "rate_limit"
    }


async def still_signed_in(office: Office, world: World) -> set[str]:
    """Who of those that asked can still ask: a tour of nobodies would prove nothing."""
    found = set()
    for role, token in world.tokens.items():
        headers = {"Authorization": f"Bearer {token}"}
        answer = await office.ask("GET", "/calendar", slug=world.own, headers=headers)
        found |= {role} if answer.status_code == 200 else set()
    return found


# ---- through the application ----


async def test_no_route_gives_or_changes_what_is_another_tenants(
    office: Office,
    world: World,
    admin: asyncpg.Connection,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await chores.once(office.house)  # the application's own, whenever the tour takes so long
    before = await sums(admin, TENANT_B)

    tried = await tour(office.app, office.client, world)

    assert not tried.found, "\n".join(tried.found[:20])
    assert await still_signed_in(office, world) == {*ROLES, KEY}
    assert await sums(admin, TENANT_B) == before
    assert tried.tried >= least(office.app, world) > len(targets(office.app))
    with capsys.disabled():
        print(f"\n{tried.tried} combinations of route, method, role and thing tried")  # noqa: T201 - for the log of the run


async def test_a_route_without_a_wall_is_found(
    office: Office, world: World, admin: asyncpg.Connection, database: ScratchDatabase
) -> None:
    """Each forgets something: whose thing it is, who asks, or to say what it takes."""
    opts: dict[str, Any] = {"opt": {"anonymous": True}, "exclude_from_csrf": True}

    @get("/t/{slug:str}/lo/{thing:str}", **opts)
    async def tells(thing: FromPath[str]) -> dict[str, Any]:
        owner = await asyncpg.connect(database.owner_dsn.url)
        rows = await owner.fetch("select applicant from dossier where id::text = $1", thing)
        await owner.close()
        return {"found": [row[0] for row in rows]}

    @get("/t/{slug:str}/dem", **opts)
    async def counts(request: Request[Any, Any, Any]) -> int:
        del request
        return 3

    @delete("/t/{slug:str}/xoa/{thing:str}", status_code=204, **opts)
    async def deletes(thing: FromPath[str]) -> None:
        async with work(office.house.engine, TENANT_B) as writing:
            await writing.execute("delete from dossier_document where dossier_id::text = $1", thing)

    class Unheard(msgspec.Struct):
        anything: str = ""

    @post("/t/{slug:str}/gui", status_code=200, **opts)
    async def takes(data: JSONBody[Unheard]) -> None:
        del data

    before = await sums(admin, TENANT_B)
    extra = Litestar([tells, counts, deletes, takes], openapi_config=None)
    transport = httpx.ASGITransport(extra)  # type: ignore[arg-type] # httpx and Litestar word the same protocol differently
    async with httpx.AsyncClient(transport=transport, base_url="http://test.local") as client:
        findings = (await tour(extra, client, world)).found

    returned = world.things[0]
    assert any(f"/lo/{returned}" in one and HIDDEN["name"] in one for one in findings)
    assert any(f"GET /t/{OTHER}/dem" in one and "200 at another" in one for one in findings)
    assert any(f"DELETE /t/{SLUG}/xoa/" in one for one in findings)
    assert any("POST /t/{slug}/gui: takes a body nobody described" in one for one in findings)
    after = await sums(admin, TENANT_B)
    assert [table for table in after if after[table] != before[table]] == ["dossier_document"]


async def test_lists_counts_and_figures_do_not_move_with_another_tenant(office: Office) -> None:
    async def seen() -> list[Any]:
        paths = ("/dossiers", "/dossiers?state=received", "/figures", "/procedures", "/calendar")
        return [(await office.ask("GET", path, by="reception")).json() for path in paths]

    before = await seen()
    for _ in range(3):
        await office.received(OTHER)

    assert await seen() == before


async def test_a_number_is_taken_from_ones_own_series(office: Office) -> None:
    mine = await office.received()
    for _ in range(3):
        await office.received(OTHER)
    next_one = await office.received()

    assert int(next_one["code"][-4:]) == int(mine["code"][-4:]) + 1
    assert int(next_one["visit"]["receipt"][-6:]) == int(mine["visit"]["receipt"][-6:]) + 1


async def test_a_repeated_request_gives_no_answer_of_another_tenant(office: Office) -> None:
    body = {"papers": [hidden_paper()]}
    theirs = await office.ask(
        "POST", "/receptions", by="reception", slug=OTHER, key="mot-khoa", json=body
    )

    mine = await office.ask("POST", "/receptions", by="reception", key="mot-khoa", json=body)

    assert mine.status_code == theirs.status_code == 201
    assert mine.json()["dossiers"][0]["id"] != theirs.json()["dossiers"][0]["id"]
    assert "idempotency-replayed" not in mine.headers


async def test_a_token_opens_its_own_tenant_only(office: Office) -> None:
    token = await office.token("reception")
    headers = {"Authorization": f"Bearer {token}"}

    assert (await office.ask("GET", "/dossiers", headers=headers)).status_code == 200
    assert (await office.ask("GET", "/dossiers", slug=OTHER, headers=headers)).status_code == 401


# ---- past the application ----


async def test_no_row_can_be_written_for_another_tenant(
    office: Office, world: World, admin: asyncpg.Connection, province: int
) -> None:
    del world
    before = await sums(admin, TENANT_B)
    refused = []

    for table in await walled(admin):
        sql = await insert_sql(admin, table, TENANT_B, province)
        with tenant_scope(TENANT_A), pytest.raises(asyncpg.InsufficientPrivilegeError):
            await office.house.engine.execute(sql)
        refused.append(table)

    assert refused == await walled(admin)
    assert await sums(admin, TENANT_B) == before


FOREIGN_KEYS = """
select k.conrelid::regclass::text as table, k.confrelid::regclass::text as target,
       (select array_agg(attname::text order by place)
          from unnest(k.conkey) with ordinality n (num, place)
          join pg_attribute on attrelid = k.conrelid and attnum = num) as columns,
       (select array_agg(attname::text order by place)
          from unnest(k.confkey) with ordinality n (num, place)
          join pg_attribute on attrelid = k.confrelid and attnum = num) as target_columns
from pg_constraint k
where k.contype = 'f' and k.confrelid::regclass::text = any($1)
  and k.conrelid::regclass::text = any($1)
"""


async def test_no_row_can_point_at_another_tenants_row(
    office: Office, world: World, admin: asyncpg.Connection
) -> None:
    """Row-level security does not see foreign keys: only keys led by the tenant help."""
    del world
    pointed = 0
    for key in await admin.fetch(FOREIGN_KEYS, await walled(admin)):
        own, theirs = key["columns"][1:], key["target_columns"][1:]
        some = "select {} from {} where tenant_id = {} limit 1"
        # A book has the same name everywhere: only what the tenant has not itself is foreign.
        names = ", ".join(theirs)
        foreign = await admin.fetchrow(
            f"select {names} from {key['target']} where tenant_id = $1 except"  # noqa: S608 - made of the catalogue
            f" select {names} from {key['target']} where tenant_id = $2 limit 1",
            TENANT_B,
            TENANT_A,
        )
        row = await admin.fetchval(some.format("ctid", key["table"], TENANT_A))
        if foreign is None or row is None:
            continue
        changes = ", ".join(f"{name} = ${n}" for n, name in enumerate(own, start=1))
        sql = "update {} set {} where ctid = '({},{})'".format(key["table"], changes, *row)  # noqa: S608 - made of the catalogue
        with (
            tenant_scope(TENANT_A),
            pytest.raises((asyncpg.ForeignKeyViolationError, asyncpg.InsufficientPrivilegeError)),
        ):
            await office.house.engine.execute(sql, *foreign)
        pointed += 1

    assert pointed >= 10
