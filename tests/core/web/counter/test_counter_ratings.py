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
  '{"overall": "hai-long", "visits": "2"}', n || $2 from generate_series(1, 6) n
"""
NOTE = " \u0645\u0631\u062d\u0628\u0627 <script>alert(1)</script> 👍🏽 Chị ở quầy hai"
_COUNT = """
insert into rating_figure (tenant_id, province_id, day, procedure_code, question, answer, n)
select 101, parent_id, $1, '2.000815', 'overall', 'hai-long', 6 from tenant where id = 101
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
        await writing.execute(_RATE, day, NOTE)
        await writing.execute(_COUNT, day)

    await head.open("/so-lieu/danh-gia")
    await reception.open("/so-lieu/danh-gia", 403)
    await citizen.open("/cong-khai")

    assert head.heading == "Người dân đánh giá"
    together, by_month = head.page.all("table")
    lines = [[cell.text for cell in row.all("td")] for row in together.one("tbody").all("tr")]
    assert (lines[0], lines[2]) == (["2,0", "100,0 %", "6"], ["2,0", "–", "6"])
    cells = [each.text for each in by_month.one("tbody").all("td")]
    assert cells[:4] == ["6", "2,0 6 trả lời", "–", "2,0 6 trả lời"]
    noted = head.page.one("ul", "said")
    assert len(noted.all("li")) == 6
    assert {each.get("dir") for each in noted.all("p", "said__w")} == {"auto"}
    assert not noted.all("script")
    assert NOTE in noted.text
    assert NOTE not in citizen.page.text
    words = citizen.page.one("main").text
    assert "6" in [each.text for each in citizen.page.all("dd")]
    assert "lượt đánh giá" in words
    await citizen.client.aclose()
