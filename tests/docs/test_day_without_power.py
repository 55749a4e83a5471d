"""The example of the guide on a day without power is entered."""

import re
from pathlib import Path

import msgspec
import pytest

from core.services.bookshop import block
from core.services.shop import open_shop
from motcua.domain.dossier import Role
from motcua.services.blocks import LaterEntry, enter
from motcua.storage.engine import TenantEngine
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

GUIDE = Path(__file__).parents[2] / "docs/how-to/day-without-power.md"


async def test_the_example_is_entered(engine: TenantEngine, database: ScratchDatabase) -> None:
    shop = await open_shop(engine, database.owner_dsn)
    (example,) = re.findall(r"```json\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    entry = msgspec.json.decode(example, type=LaterEntry)
    reserved = await block(shop, 2)

    entered = await enter(
        shop.house, await shop.desk(), shop.person(Role.CLERK), reserved.id, entry
    )

    assert (entered.state, entered.numbers) == ("returned", (1,))
