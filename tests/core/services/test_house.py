"""What a running process knows of its tenants and of the published procedures."""

import datetime as dt

import asyncpg
import msgspec
import pytest

from core.services.shop import COPY, Shop, copy
from motcua.services.catalogue import UnknownVersionError
from motcua.services.house import NoUnitCodeError
from motcua.services.receive import ReceptionNotBegunError, submit

OPENED = "update tenant set opened_on = $1 where id = 102"
CODES = "update tenant set codes = $1 where id = 102"

pytestmark = pytest.mark.anyio

_EARLIER = """
insert into procedure_version
select id || '-x', code, field, owner, definition, valid_from, valid_to, assumed,
       published_at - interval '1 second'
  from procedure_version where code = $1 limit 1 returning id
"""


async def test_a_version_committed_late_under_an_earlier_stamp_is_seen(shop: Shop) -> None:
    await shop.desk()
    connection = await asyncpg.connect(shop.owner.url)
    version = await connection.fetchval(_EARLIER, COPY)
    await connection.close()

    await shop.desk()

    assert shop.house.catalogue.version(version).definition.code == COPY


async def test_a_version_nobody_published_is_named_and_no_crash(shop: Shop) -> None:
    await shop.desk()

    with pytest.raises(UnknownVersionError) as error:
        shop.house.catalogue.version("khong-co")

    assert error.value.fields == {"version": "khong-co"}


async def test_a_unit_without_a_code_receives_nothing(shop: Shop) -> None:
    """Its slug has hyphens, which part a dossier's code."""
    codes = (await shop.desk("xa-hai")).codes
    await shop.configure("xa-hai", CODES, "[]")

    with pytest.raises(NoUnitCodeError):
        await shop.received(copy(), slug="xa-hai")
    with pytest.raises(NoUnitCodeError):
        await submit(shop.house, await shop.desk("xa-hai"), copy())

    await shop.configure("xa-hai", CODES, msgspec.json.encode(codes).decode())
    assert (await shop.received(copy(), slug="xa-hai")).code.startswith("99002-")


async def test_a_unit_that_has_not_begun_receives_nothing(shop: Shop) -> None:
    begun = (await shop.desk("xa-hai")).opened_on
    tomorrow = shop.clock.now.date() + dt.timedelta(days=1)
    await shop.configure("xa-hai", OPENED, tomorrow)

    with pytest.raises(ReceptionNotBegunError) as refused:
        await shop.received(copy(), slug="xa-hai")

    assert refused.value.fields["opened_on"] == tomorrow.isoformat()
    await shop.configure("xa-hai", OPENED, shop.clock.now.date())
    assert (await shop.received(copy(), slug="xa-hai")).state == "received"
    await shop.configure("xa-hai", OPENED, begun)
