"""Portal, interface and counter say the same of what a tenant takes, and within which limit."""

import asyncpg
import pytest

from fakes.office import OTHER, Office
from motcua.domain.limit import TimeLimit
from motcua.services import offers
from motcua.services.house import desk
from motcua.testing.database import ScratchDatabase
from motcua.ui.site import HelpDesk
from motcua.web.counter.picks import Picks
from motcua.web.portal.reads import ServiceReads

pytestmark = pytest.mark.anyio

SINGLE = "1.004873"
OVERRIDE = """
insert into procedure_override
values (102, $1, $2, '{"amount": 1, "unit": "working_day", "ground": "Quyết định 6"}', 'QĐ 5')
on conflict (tenant_id, code) do update set offered = $2
"""


async def overridden(database: ScratchDatabase, *, offered: bool) -> None:
    connection = await asyncpg.connect(database.owner_dsn.url)
    await connection.execute(OVERRIDE, SINGLE, offered)
    await connection.execute("update tenant set config_version = config_version + 1")
    await connection.close()


async def test_a_limit_of_the_tenants_own_holds_everywhere(
    office: Office, database: ScratchDatabase
) -> None:
    await overridden(database, offered=True)
    here = await desk(office.house, OTHER)
    reads = ServiceReads(office.house, HelpDesk(name="Trợ giúp"))

    at_portal = await reads.procedure(OTHER, SINGLE, office.house.now())
    at_interface = offers.procedure(office.house, here, SINGLE)
    at_counter = Picks(here, at_interface.definition, {}, "p")

    assert at_portal is not None
    assert isinstance(at_portal.limit, TimeLimit)
    assert at_portal.limit.amount == 1
    assert at_portal.limit == at_interface.limit
    assert not at_counter.limit_missing


async def test_what_the_tenant_does_not_take_is_named_nowhere(
    office: Office, database: ScratchDatabase
) -> None:
    await overridden(database, offered=False)
    here = await desk(office.house, OTHER)
    reads = ServiceReads(office.house, HelpDesk(name="Trợ giúp"))

    assert await reads.procedure(OTHER, SINGLE, office.house.now()) is None
    assert not offers.procedure(office.house, here, SINGLE).offered
    listed = offers.procedures(office.house, here).procedures
    assert SINGLE not in {each.code for each in listed}
    assert {each.definition.code for each in await reads.procedures(OTHER)} == {
        each.code for each in listed
    }
