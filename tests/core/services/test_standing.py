"""How a unit stands, as its province is told."""

import datetime as dt

import pytest

from core.services.shop import Shop
from motcua.services import standing
from motcua.services.configure import assign_signer

pytestmark = pytest.mark.anyio


async def assigned(shop: Shop, name: str, scope: str = "", *, ended: bool = False) -> None:
    now = shop.clock.now
    await assign_signer(
        shop.house,
        await shop.desk(),
        full_name=name,
        title="Chủ tịch UBND",
        act="Nghị quyết 1",
        scope=tuple(scope.split()),
        valid_from=now - dt.timedelta(days=40),
        valid_to=now - dt.timedelta(days=2) if ended else None,
    )


async def ended(shop: Shop) -> int:
    await standing.refresh(shop.house, (await shop.desk()).id)
    (row,) = await shop.rows("select signers_ended from unit_standing where tenant_id = $1")
    count: int = row["signers_ended"]
    return count


async def test_a_signer_is_missed_until_others_sign_all_that_they_signed(shop: Shop) -> None:
    await shop.configure("phuong-mot", "delete from signer")
    await assigned(shop, "Lê Văn Ký", "ho-tich chung-thuc", ended=True)
    await assigned(shop, "Hoàng Thị Ủy", ended=True)
    assert await ended(shop) == 2

    await assigned(shop, "Trần Văn Nối", "ho-tich")
    assert await ended(shop) == 2
    await assigned(shop, "Phạm Thị Tiếp", "chung-thuc")
    assert await ended(shop) == 1
    await assigned(shop, "Đỗ Văn Mới")
    assert await ended(shop) == 0


async def test_nobody_is_missed_where_a_unit_has_ended(shop: Shop) -> None:
    await shop.configure("phuong-mot", "delete from signer")
    await assigned(shop, "Lê Văn Ký", ended=True)
    assert await ended(shop) == 1

    await shop.configure("phuong-mot", CLOSED)
    assert await ended(shop) == 0


CLOSED = "update tenant set closed_on = '2020-01-01' where slug = 'phuong-mot'"
