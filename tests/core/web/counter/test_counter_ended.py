"""The counter of a unit that has ended."""

import asyncpg
import pytest

from core.web.counter.conftest import Hire
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

END = """
update tenant set name = 'Phường Một', closed_on = '2026-01-01', successors = '["Phường Một"]',
  config_version = config_version + 1 where slug = 'xa-hai'
"""


async def test_an_ended_unit_leads_to_the_counter_of_its_successor(
    at_desk: Hire, database: ScratchDatabase
) -> None:
    officer = await at_desk("reception", "xa-hai")
    connection = await asyncpg.connect(database.owner_dsn.url)
    await connection.execute(END)
    await connection.close()

    await officer.open("/tiep-nhan", 409)

    rail = [each["href"] for each in officer.page.one("nav", "rail").all("a")]
    assert "/t/xa-hai/quay/tiep-nhan" not in rail
    assert "/t/phuong-mot/quay/" in [each["href"] for each in officer.page.all("a")]
    await officer.open("/tiep-nhan/2.000815", 409)
    assert "/t/phuong-mot/quay/" in [each["href"] for each in officer.page.all("a")]
