"""The examples of the guide on a day without power are entered."""

import re
from pathlib import Path

import msgspec
import pytest

from core.services.bookshop import block
from core.services.shop import open_shop
from motcua.domain.dossier import Role
from motcua.services.blocks import LaterEntry, enter
from motcua.services.books import lines
from motcua.storage.engine import TenantEngine
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

GUIDE = Path(__file__).parents[2] / "docs/how-to/day-without-power.md"


async def test_the_examples_are_entered(engine: TenantEngine, database: ScratchDatabase) -> None:
    shop = await open_shop(engine, database.owner_dsn)
    examples = re.findall(r"```json\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    reserved = await block(shop, 2)
    tenant, officer = await shop.desk(), shop.person(Role.RECEPTION)

    entered = [
        await enter(
            shop.house, tenant, officer, reserved.id, msgspec.json.decode(each, type=LaterEntry)
        )
        for each in examples
    ]

    assert [(each.state, each.numbers) for each in entered] == [
        ("returned", (1,)),
        ("withdrawn", (2,)),
    ]
    found = await lines(shop.house, tenant, shop.person(Role.CLERK), "SCT/BS", 2026)
    assert [each.status for each in found] == ["issued", "void"]
