"""Which units take dossiers, and who took over from one that ended."""

import pytest

from core.services.shop import Shop
from motcua.services import configure, units
from motcua.services.units import Successor

pytestmark = pytest.mark.anyio

END = """
update tenant set name = 'Phường Một', closed_on = '2026-01-01', successors = $1 where id = 102
"""
AGAIN = "update tenant set name = 'Xã Hai', closed_on = null, successors = $1 where id = 102"


async def test_a_unit_serves_while_it_is_open_and_offers_a_plugin(shop: Shop) -> None:
    here = await shop.desk()
    await configure.enable(shop.house, here, "certification")
    before = await units.serving(shop.house)

    for plugin in here.plugins.states | {"certification": None}:
        await configure.disable(shop.house, await shop.desk(), plugin)
    after = await units.serving(shop.house)

    assert here.slug in before
    assert here.slug not in after
    assert "tinh-thu" not in before


async def test_a_unit_that_offers_no_procedure_does_not_serve(shop: Shop) -> None:
    await configure.enable(shop.house, await shop.desk("xa-hai"), "certification")
    before = await units.serving(shop.house)

    here = await shop.desk("xa-hai")
    for each in shop.house.catalogue.current(shop.house.today()):
        code = each.definition.code
        await configure.set_override(
            shop.house, here, code, offered=False, time_limit=None, basis="Quyết định 1"
        )

    assert "xa-hai" in before
    assert "xa-hai" not in await units.serving(shop.house)


async def test_a_successor_of_the_same_name_is_the_one_that_is_open(shop: Shop) -> None:
    await shop.configure("xa-hai", END, '["Phường Một", "Xã Xa"]')
    found = await units.successors(shop.house, await shop.desk("xa-hai"))
    serving = await units.serving(shop.house)
    await shop.configure("xa-hai", AGAIN, "[]")

    assert found == (Successor("phuong-mot", "Phường Một"), Successor("", "Xã Xa"))
    assert "xa-hai" not in serving
