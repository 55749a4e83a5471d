"""No table of the database, core's or plugin's, has a hole in the wall between tenants."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from motcua.plugin.tables import TENANT_SETTING, derived, protect, reference
from motcua.storage.protect import TABLES_SQL, classify, grants_sql
from motcua.testing.database import ScratchDatabase, ScratchServer
from motcua.testing.walls import Breach, breaches

pytestmark = pytest.mark.anyio

COLUMNS = "(tenant_id int NOT NULL REFERENCES tenant, id int, n int, PRIMARY KEY (tenant_id, id));"
KEYED = f"CREATE TABLE bad {COLUMNS}"
WALLED = KEYED + protect("bad")
GOOD = f"CREATE TABLE good {COLUMNS}" + protect("good")
MARKED = KEYED + "COMMENT ON TABLE bad IS 'motcua:tenant';"
ENABLED = MARKED + "ALTER TABLE bad ENABLE ROW LEVEL SECURITY;"
BAD = {
    "unclassified": KEYED,
    "row-level security is off": WALLED + "ALTER TABLE bad DISABLE ROW LEVEL SECURITY;",
    "row-level security is forced on the owner": WALLED
    + "ALTER TABLE bad FORCE ROW LEVEL SECURITY;",
    "no policy": ENABLED,
    "policy p": ENABLED + f"CREATE POLICY p ON bad USING (tenant_id = (SELECT {TENANT_SETTING}));",
    "policy more": WALLED + "CREATE POLICY more ON bad FOR SELECT USING (true);",
    "key bad_pkey": WALLED.replace("(tenant_id, id)", "(id, tenant_id)"),
    "key bad_n": WALLED + "CREATE UNIQUE INDEX bad_n ON bad (n);",
    "foreign key bad_x": GOOD
    + WALLED
    + "ALTER TABLE bad ADD CONSTRAINT bad_x FOREIGN KEY (n, id) REFERENCES good (tenant_id, id);",
    "constant default of n": WALLED + "ALTER TABLE bad ALTER n SET DEFAULT 7;",
    "trigger t": WALLED + "CREATE TRIGGER t BEFORE UPDATE ON bad FOR EACH ROW"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger();",
    "no tenant_id": "CREATE TABLE bad (n int); COMMENT ON TABLE bad IS 'motcua:tenant';",
    "rights": KEYED + "GRANT SELECT ON bad TO {app};",
    "view": GOOD + "CREATE VIEW bad AS SELECT * FROM good; GRANT SELECT ON bad TO {app};",  # noqa: S608 - constants
}
"""A table with one hole each, by what the catalogue is to say of it."""


@pytest.fixture
async def owner(database: ScratchDatabase) -> AsyncIterator[Any]:
    """The owner inside a transaction that is rolled back."""
    connection = await asyncpg.connect(database.owner_dsn.url)
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()


async def test_no_table_of_core_or_plugins_has_a_hole(
    owner: Any, database: ScratchDatabase
) -> None:
    assert await breaches(owner, database.app_dsn.user) == []


async def test_the_catalogue_knows_every_kind_of_table(owner: Any) -> None:
    kinds = {one.kind for one in classify(await owner.fetch(TABLES_SQL))}

    assert kinds == {"reference", "tenant", "derived", "infrastructure"}


@pytest.mark.parametrize("what", BAD)
async def test_a_hole_is_found(owner: Any, database: ScratchDatabase, what: str) -> None:
    await owner.execute(BAD[what].replace("{app}", f'"{database.app_dsn.user}"'))

    assert Breach("bad", what) in await breaches(owner, database.app_dsn.user)


async def test_protected_tables_have_no_hole(owner: Any, database: ScratchDatabase) -> None:
    role = database.app_dsn.user
    history = f"CREATE TABLE good {COLUMNS}" + protect("good", append_only=True)
    figures = f"CREATE TABLE figures {COLUMNS}".replace("n int", "province_id int")
    known = "CREATE TABLE known (code text, n int);" + reference("known", updatable=("n",))
    await owner.execute(history + figures + derived("figures") + known)
    await owner.execute(grants_sql(classify(await owner.fetch(TABLES_SQL)), role))
    rights = {
        f"{verb} {table}": await owner.fetchval(
            "SELECT has_any_column_privilege($1, $2, $3)", role, table, verb
        )
        for table in ("good", "known")
        for verb in ("SELECT", "INSERT", "UPDATE")
    }

    assert await breaches(owner, role) == []
    assert rights == {
        "SELECT good": True, "INSERT good": True, "UPDATE good": False,
        "SELECT known": True, "INSERT known": False, "UPDATE known": True,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["Bad", "a b", "x; DROP TABLE y", "", "é"])
def test_only_plain_names_become_sql(name: str) -> None:
    with pytest.raises(ValueError, match="plain lower-case"):
        protect(name)


async def test_the_server_of_the_tests_is_new_enough(server: ScratchServer) -> None:
    connection = await asyncpg.connect(server.admin.url)
    version = connection.get_server_version().major
    await connection.close()

    assert version >= 15
