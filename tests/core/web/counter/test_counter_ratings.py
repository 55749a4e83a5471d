"""What people said of the work, read at the counter and by everybody."""

import datetime as dt

import pytest

from core.web.counter.conftest import Hire
from fakes.citizen import Citizen
from fakes.office import Office
from motcua.storage.work import work

pytestmark = pytest.mark.anyio

_RATE = """
insert into rating (tenant_id, mark, procedure_code, day, answers, note)
select 101, sha256(n::text::bytea), '2.000815', $1,
  '{"overall": "hai-long", "visits": "2"}', 'Chị ở quầy hai' from generate_series(1, 6) n
"""
_COUNT = """
insert into rating_figure (tenant_id, province_id, day, procedure_code, rated, satisfied)
select 101, parent_id, $1, '2.000815', 6, 6 from tenant where id = 101
"""


async def test_who_leads_reads_the_averages_and_everybody_the_sum(
    office: Office, at_desk: Hire
) -> None:
    day = office.clock().date().replace(day=1) - dt.timedelta(days=9)
    head, reception, citizen = await at_desk("head"), await at_desk("reception"), Citizen(office)
    await head.open("/so-lieu/danh-gia")
    assert "Chưa có đánh giá nào" in head.page.text
    await citizen.open("/cong-khai")
    assert "lượt đánh giá" not in citizen.page.text
    async with work(office.house.engine, 101) as writing:
        await writing.execute(_RATE, day)
        await writing.execute(_COUNT, day)

    await head.open("/so-lieu/danh-gia")
    await reception.open("/so-lieu/danh-gia", 403)
    await citizen.open("/cong-khai")

    assert head.heading == "Người dân đánh giá"
    cells = [each.text for each in head.page.one("table").one("tbody").all("td")]
    assert cells[:4] == ["6", "100,0 %", "–", "2,0"]
    assert "Chị ở quầy hai" not in head.page.text
    words = citizen.page.one("main").text
    assert "6" in [each.text for each in citizen.page.all("dd")]
    assert "lượt đánh giá" in words
    await citizen.client.aclose()
