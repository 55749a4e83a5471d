"""What the demonstration adds: dossiers of today, accounts, signers, anchors."""

import pytest

from core.services.archive import open_archive
from core.services.shop import Shop
from motcua.domain.dossier import STAFF_ROLES, Role, State
from motcua.services import demo, payments
from motcua.services.console_roles import ABOVE
from motcua.services.importing import import_histories
from motcua.services.signin import sign_in
from motcua.services.signin_log import COMMAND_LINE
from motcua.storage.engine import TenantEngine
from motcua.storage.work import work
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

WARD = "vo-cuong"


@pytest.fixture(scope="module")
async def archive(engine: TenantEngine, database: ScratchDatabase) -> Shop:
    return await open_archive(engine, database.owner_dsn)


async def test_a_ward_of_today_holds_dossiers_in_every_state_once(archive: Shop) -> None:
    lines = await demo.live_lines(archive.house, WARD, archive.house.now())
    await import_histories(archive.house, lines)

    rows = await archive.rows("select state from dossier where tenant_id = $1", slug=WARD)
    assert {row["state"] for row in rows} == set(State) - {State.DRAFT}
    assert await demo.live_lines(archive.house, WARD, archive.house.now()) == []


async def test_what_was_received_today_is_paid_and_what_was_imported_as_done_is_not_owed(
    archive: Shop,
) -> None:
    ward = await archive.desk(WARD)
    ready = "select id from dossier where tenant_id = $1 and state = 'result_ready'"
    before = await archive.rows(ready, slug=WARD)
    gone = await archive.rows(ready.replace("result_ready", "returned"), slug=WARD)
    async with work(archive.house.engine, ward.id) as reading:
        owed = await payments.balances(reading, [each["id"] for each in (*before, *gone)])

    made = await demo.paid(archive.house, WARD)
    again = await demo.paid(archive.house, WARD)

    async with work(archive.house.engine, ward.id) as reading:
        after = await payments.balances(reading, [each["id"] for each in before])
    assert all(owed[each["id"]].due for each in before)
    assert not any(owed[each["id"]].due for each in gone)
    assert not any(each.due for each in after.values())
    assert made > 0
    assert again == 0


async def test_every_role_can_sign_in_and_a_second_start_adds_nobody(archive: Shop) -> None:
    made = await demo.accounts(archive.house, [WARD])

    again = await demo.accounts(archive.house, [WARD])
    desk = await archive.desk(WARD)
    signed_in = await sign_in(archive.house, desk, f"clerk.{WARD}", demo.PASSWORD, COMMAND_LINE)

    assert (made, again) == (len(STAFF_ROLES), 0)
    assert signed_in.roles == ("clerk",)


async def test_every_account_that_is_printed_counts_where_it_signs_in(archive: Shop) -> None:
    slugs = {role: demo.account(role).partition(".")[2] for role in STAFF_ROLES}
    await demo.accounts(archive.house, set(slugs.values()))

    above = await archive.desk(slugs[Role.SUPERVISOR])
    name = demo.account(Role.SUPERVISOR)
    signed_in = await sign_in(archive.house, above, name, demo.PASSWORD, COMMAND_LINE)

    assert {slug for role, slug in slugs.items() if role is not Role.SUPERVISOR} == {WARD}
    assert above.kind in ABOVE
    assert signed_in.roles == ("supervisor",)


async def test_the_leader_may_sign_and_is_assigned_once(archive: Shop) -> None:
    await demo.accounts(archive.house, ["kinh-bac-2018"])
    await demo.accounts(archive.house, ["kinh-bac-2018"])

    (signer,) = await archive.rows(
        "select s.full_name, s.valid_to, f.username from signer s join staff f"
        " on f.tenant_id = s.tenant_id and f.id = s.staff_id where s.tenant_id = $1",
        slug="kinh-bac-2018",
    )

    assert signer["username"] == "leader.kinh-bac-2018"
    assert signer["valid_to"] is not None


async def test_what_was_imported_is_anchored_once(archive: Shop) -> None:
    first = await demo.sealed(archive.house, [WARD])

    assert first == 1
    assert await demo.sealed(archive.house, [WARD]) == 0


async def test_the_wards_of_today_have_contacts_that_are_plainly_invented(archive: Shop) -> None:
    await demo.contacts(archive.house)
    await demo.contacts(archive.house)

    contact = (await archive.desk(WARD)).settings["contact"]
    assert contact["phone"] == "0000 000 000"
    assert "dữ liệu giả định" in contact["address"]


def test_each_role_has_a_title() -> None:
    assert all(demo.title(role) for role in STAFF_ROLES)
