"""The units of 2018 for tests of imports and reports: real rules and database."""

import datetime as dt
from collections.abc import Iterable

import msgspec

from core.services.shop import Shop, open_shop
from motcua.domain.calendar import VN
from motcua.services.histories import History
from motcua.services.importing import Imported, import_histories
from motcua.storage.dsn import Dsn
from motcua.storage.engine import TenantEngine
from motcua.storage.tenants import apply_tenants, read_tenants, sample_folder

UNITS = ("vo-cuong-2018", "kinh-bac-2018", "vo-cuong")
LONG_AFTER = dt.datetime(2026, 12, 1, 9, 0, tzinfo=VN)


async def open_archive(engine: TenantEngine, owner: Dsn) -> Shop:
    """A shop with the sample units; the plugins work at :data:`UNITS`."""
    await apply_tenants(owner, read_tenants(sample_folder()))
    shop = await open_shop(engine, owner, slugs=UNITS)
    shop.clock.now = LONG_AFTER
    return shop


def lines(histories: Iterable[History]) -> list[bytes]:
    """*histories* as the lines of an import file."""
    return [msgspec.json.encode(each) for each in histories]


async def imported(shop: Shop, histories: Iterable[History]) -> Imported:
    """Import *histories*."""
    return await import_histories(shop.house, lines(histories))
