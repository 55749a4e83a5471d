"""The shop of the service tests: one a module, a day for each test."""

import pytest

from core.services.shop import Shop, open_shop
from motcua.storage.engine import TenantEngine
from motcua.testing.database import ScratchDatabase


@pytest.fixture(scope="module")
async def opened(engine: TenantEngine, database: ScratchDatabase) -> Shop:
    return await open_shop(engine, database.owner_dsn)


@pytest.fixture
def shop(opened: Shop) -> Shop:
    """The module's shop at nine o'clock of a working day no test has had."""
    opened.next_day()
    return opened
