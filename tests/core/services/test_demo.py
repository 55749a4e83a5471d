"""What the demonstration adds: dossiers of today, accounts, signers, anchors."""

import msgspec
import pytest

from core.services.archive import imported, open_archive
from core.services.shop import Shop
from motcua.domain.dossier import STAFF_ROLES, WORKED_BY, Role, State
from motcua.services import demo, payments
from motcua.services.booking import days, slots
from motcua.services.console_roles import ABOVE
from motcua.services.demo_plan import load_activity, six_months
from motcua.services.demo_staff import PASSWORD, accounts, colleagues, held, title
from motcua.services.importing import import_histories
from motcua.services.signin import sign_in
from motcua.services.signin_log import COMMAND_LINE
from motcua.storage.engine import TenantEngine
from motcua.storage.work import work
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

WARD = "vo-cuong"
OLD = "vo-cuong-2018"


@pytest.fixture(scope="module")
async def archive(engine: TenantEngine, database: ScratchDatabase) -> Shop:
    shop = await open_archive(engine, database.owner_dsn)
    await accounts(shop.house, [WARD, OLD])
    return shop


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
    made = await accounts(archive.house, ["kinh-bac"])

    again = await accounts(archive.house, ["kinh-bac"])
    desk = await archive.desk("kinh-bac")
    signed_in = await sign_in(archive.house, desk, "field-2.kinh-bac", PASSWORD, COMMAND_LINE)

    assert (made, again) == (len(colleagues("kinh-bac")) - 1, 0)
    assert signed_in.roles == ("field",)


async def test_every_account_that_is_printed_counts_where_it_signs_in(archive: Shop) -> None:
    slugs = {role: demo.account(role).partition(".")[2] for role in STAFF_ROLES}
    await accounts(archive.house, set(slugs.values()))

    above = await archive.desk(slugs[Role.SUPERVISOR])
    name = demo.account(Role.SUPERVISOR)
    signed_in = await sign_in(archive.house, above, name, PASSWORD, COMMAND_LINE)

    assert {slug for role, slug in slugs.items() if role is not Role.SUPERVISOR} == {WARD}
    assert above.kind in ABOVE
    assert signed_in.roles == ("supervisor",)


async def test_both_leaders_may_sign_and_are_assigned_once(archive: Shop) -> None:
    await accounts(archive.house, ["kinh-bac-2018"])
    await accounts(archive.house, ["kinh-bac-2018"])

    signers = await archive.rows(
        "select s.capacity, s.valid_to, f.username from signer s join staff f"
        " on f.tenant_id = s.tenant_id and f.id = s.staff_id where s.tenant_id = $1 order by 3",
        slug="kinh-bac-2018",
    )

    assert [(each["username"], each["capacity"]) for each in signers] == [
        ("leader-2.kinh-bac-2018", "deputy"),
        ("leader.kinh-bac-2018", "own"),
    ]
    assert all(each["valid_to"] is not None for each in signers)


async def test_whoever_worked_on_a_dossier_holds_it_once(archive: Shop) -> None:
    assert await held(archive.house, WARD) > 0
    assert await held(archive.house, WARD) == 0


async def test_nothing_in_the_demonstration_contradicts_its_own_accounts(archive: Shop) -> None:
    whole = load_activity()
    shares = tuple(msgspec.structs.replace(each, dossiers=4) for each in whole.procedure)
    published = msgspec.structs.replace(whole.published, dossiers=4 * len(shares))
    some = msgspec.structs.replace(whole, units={OLD: 1.0}, procedure=shares, published=published)
    first = published.first
    in_force = archive.house.catalogue.in_force
    definitions = {
        each.code: in_force(each.code, first, simulation=True).definition for each in shares
    }
    calendar = (await archive.desk(OLD)).calendar
    await imported(archive, six_months(some, definitions, calendar))

    for slug in (WARD, OLD):
        for wrong, question in CONTRADICTIONS.items():
            found = [dict(each) for each in await archive.rows(question, slug=slug)]
            assert found == [], f"{slug}: {wrong}"


_DESKS = ", ".join(f"('{state.value}', '{role.value}')" for state, role in WORKED_BY.items())
CONTRADICTIONS = {
    "an officer in a history who has no account with that role": """
        select e.transition, e.actor, e.role from dossier_event e
        where e.tenant_id = $1 and e.role not in ('citizen', 'system') and not exists (
          select from staff s where s.tenant_id = e.tenant_id and s.full_name = e.actor
            and s.active and e.role = any(s.roles))""",
    "a holder who cannot act where the dossier lies": """
        select d.code, d.state, d.holder_id from dossier d
        where d.tenant_id = $1 and d.holder_id is not null and d.finished_at is null
          and not exists (
            select from staff s join (values DESKS) w (state, role) on w.state = d.state
            where s.tenant_id = d.tenant_id and s.id = d.holder_id and s.active
              and s.roles && array[w.role, 'head'])""".replace("DESKS", _DESKS),
    "a signature by somebody who was no signer then": """
        select e.actor, e.at from dossier_event e
        where e.tenant_id = $1 and e.transition = 'T18' and not exists (
          select from signer s where s.tenant_id = e.tenant_id and s.full_name = e.actor
            and s.valid_from <= e.at and (s.valid_to is null or e.at < s.valid_to))""",
    "somebody who signs what they appraised": """
        select a.actor from dossier_event a join dossier_event b using (tenant_id, dossier_id)
        where a.tenant_id = $1 and a.transition = 'T16' and b.transition = 'T18'
          and a.actor = b.actor""",
    "an act before the one that went before, or before the unit was there": """
        select e.transition, e.at from dossier_event e join tenant t on t.id = e.tenant_id
          left join dossier_event p on p.tenant_id = e.tenant_id
            and p.dossier_id = e.dossier_id and p.seq = e.seq - 1
        where e.tenant_id = $1 and (e.at < p.at or e.at < t.opened_on or e.at >= t.closed_on)""",
    "a result signed, or money taken, before the reception": """
        select d.code from dossier d where d.tenant_id = $1 and (
          exists (select from dossier_event e where e.tenant_id = d.tenant_id
            and e.dossier_id = d.id and e.transition in ('T18', 'T19', 'T20')
            and (d.received_at is null or e.at < d.received_at))
          or exists (select from payment_part t join payment p
              on p.tenant_id = t.tenant_id and p.id = t.payment_id
            where t.tenant_id = d.tenant_id and t.dossier_id = d.id
              and (d.received_at is null or p.at < d.received_at)))""",
    "a dossier that waits for money it has": """
        select d.code from dossier d where d.tenant_id = $1 and d.state = 'awaiting_payment'
          and coalesce((select sum(f.amount) from fee_line f
              where f.tenant_id = d.tenant_id and f.dossier_id = d.id), 0)
            <= coalesce((select sum(t.amount) from payment_part t
              where t.tenant_id = d.tenant_id and t.dossier_id = d.id), 0)""",
    "money taken by nobody": """
        select p.staff from payment p where p.tenant_id = $1 and not exists (
          select from staff s where s.tenant_id = p.tenant_id and s.id = p.staff_id
            and s.full_name = p.staff and s.roles && array['reception', 'cashier'])""",
    "two people of one name": """
        select full_name from staff where tenant_id = $1 group by 1 having count(*) > 1""",
    "a number in a book that is older than the one before": """
        select r.number from register_entry r join register_entry b
          on b.tenant_id = r.tenant_id and b.register = r.register and b.year = r.year
            and b.number = r.number - 1
        where r.tenant_id = $1 and r.taken_at < b.taken_at""",
}
"""What no unit's database may answer to, by what would be wrong."""


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


async def test_the_wards_of_today_take_bookings(archive: Shop) -> None:
    await demo.contacts(archive.house)

    ward = await archive.desk(WARD)
    last = days(archive.house, ward)[-1]

    assert {each.free for each in await slots(archive.house, ward, last)} == {demo.PER_SLOT}


def test_each_role_has_a_title() -> None:
    assert all(title(role) for role in STAFF_ROLES)
