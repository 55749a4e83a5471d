"""What a commune makes public: numbers and codes, nobody's name."""

import pytest

from fakes.html import parse
from fakes.office import APPLICANT, OTHER, SLUG, Office

pytestmark = pytest.mark.anyio


async def test_the_board_tells_numbers_and_codes_but_no_names(office: Office) -> None:
    dossier = await office.received()
    await office.received(OTHER)

    answer = await office.client.get(f"/t/{SLUG}/cong-khai")

    page = parse(answer.text)
    assert answer.status_code == 200
    assert dossier["code"] in answer.text
    assert "Chứng thực" in page.all("table")[0].text
    assert next(each.text for each in page.all("dd")) == "1"
    assert not any(told in answer.text for told in APPLICANT.values())


async def test_the_footer_of_the_portal_leads_to_it(office: Office) -> None:
    page = parse((await office.client.get(f"/t/{SLUG}/")).text)

    assert any(link.get("href") == f"/t/{SLUG}/cong-khai" for link in page.all("a"))


async def test_days_without_dossiers_and_days_that_are_none(office: Office) -> None:
    empty = await office.client.get(f"/t/{SLUG}/cong-khai?from=1/1/2020&to=2/1/2020")
    wrong = await office.client.get(f"/t/{SLUG}/cong-khai?from=mai&to=2/1/2020")

    assert "Chưa có hồ sơ nào" in empty.text
    assert wrong.status_code == 422


async def test_what_is_overdue_now_is_counted_and_marked(office: Office) -> None:
    dossier = await office.received()
    office.clock.advance(days=2)

    page = parse((await office.client.get(f"/t/{SLUG}/cong-khai")).text)

    told = {
        each.text: value.text for each, value in zip(page.all("dt"), page.all("dd"), strict=True)
    }
    row = next(each for each in page.all("tr") if dossier["code"] in each.text)
    assert told["đang quá hạn"] != "0"
    assert "đã quá hạn" in row.text
