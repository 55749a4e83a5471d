"""Supervision asked through HTTP: figures of a province, nothing of its people."""

import datetime as dt
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from fakes.html import Element, parse
from fakes.office import APPLICANT, OTHER, SLUG, Office, hire, opened
from fakes.officer import Officer
from motcua.services import standing, supervision
from motcua.testing.database import (
    TENANT_A,
    TENANT_B,
    ScratchDatabase,
    ScratchServer,
)

pytestmark = pytest.mark.anyio
PROVINCE_SLUG = "tinh-thu"
HERE = f"/t/{PROVINCE_SLUG}/giam-sat"
FIGURES = """
insert into daily_figure
  (tenant_id, province_id, day, procedure_code, channel, field, received, early, on_time, late,
   no_limit)
values ({tenant}, 100, '{day}', '2.000815', '{channel}', 'chung-thuc', {counts})
"""
CITY = """
insert into tenant select (jsonb_populate_record(t, jsonb_build_object(
  'id', n, 'slug', s, 'name', v, 'kind', k, 'parent_id', p,
  'archived', true, 'closed_on', '2025-07-01'))).*
from tenant t, (values (200, 'tp-cu', 'Thành phố Cũ', 'city', null),
                       (201, 'phuong-cu', 'Phường Cũ', 'ward', 200)) as w (n, s, v, k, p)
where t.slug = 'xa-hai';
insert into daily_figure
select 201, 200, d, '2.000815', 'direct', 'chung-thuc', n, 100, 190, 10, 0
from (values ('2018-02-05'::date, 300), ('2018-03-05', 300), ('2018-04-05', 302)) w (d, n);
insert into daily_figure
values (201, 200, '2018-05-02', '2.000815', 'direct', 'chung-thuc', 0, 2, 0, 0, 0);
"""
RATED = """
insert into rating_figure
select {tenant}, 100, '2026-11-20', '2.000815', q, a, n
from (values ('overall', 'rat-hai-long', 5), ('overall', 'khong-hai-long', 1),
             ('visits', '1', 4), ('on_date', 'co', 3), ('on_date', 'khong', 2)) said (q, a, n)
"""
FEW = """
insert into rating_figure
values ({tenant}, 100, '2026-11-20', '2.000815', 'overall', 'khong-hai-long', 3)
"""


@pytest.fixture(scope="module")
async def office(
    server: ScratchServer,
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    home: Path = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home) as office:
        await hire(office.house, PROVINCE_SLUG)
        for tenant, day, channel, counts in (
            (TENANT_A, "2026-11-20", "direct", "10, 4, 3, 1, 0"),
            (TENANT_A, "2026-11-20", "online", "30, 20, 0, 0, 0"),
            (TENANT_B, "2026-11-10", "direct", "5, 0, 1, 3, 0"),
            (TENANT_B, "2026-10-30", "direct", "700, 700, 0, 0, 0"),
        ):
            sql = FIGURES.format(tenant=tenant, day=day, channel=channel, counts=counts)
            server.run(sql, dsn=database.owner_dsn)
        server.run(CITY, dsn=database.owner_dsn)
        server.run(RATED.format(tenant=TENANT_A), dsn=database.owner_dsn)
        server.run(FEW.format(tenant=TENANT_B), dsn=database.owner_dsn)
        yield office


async def see(office: Office, path: str = "", role: str = "supervisor") -> Element:
    """A page of supervision as somebody at the province sees it."""
    answer = await ask(office, path, role)
    assert answer.status_code == 200, answer.text[-2000:]
    return parse(answer.text)


async def ask(
    office: Office, path: str = "", role: str = "supervisor", slug: str = PROVINCE_SLUG
) -> httpx.Response:
    """Ask for a page of supervision."""
    cookie = f"motcua_quay={await office.token(role, slug)}"
    return await office.client.get(f"/t/{slug}/giam-sat{path}", headers={"cookie": cookie})


def rows(page: Element) -> dict[str, list[str]]:
    """The numbers of the table of units, by name."""
    table = next(each for each in page.all("table") if each.all("tfoot"))
    return {
        row.one("th").text: [cell.text for cell in row.all("td")] for row in table.all("tr")[1:]
    }


async def test_each_unit_stands_there_with_its_figures(office: Office) -> None:
    page = await see(office, "?ky=last_month")

    assert page.one("h1").text == "Giám sát Tỉnh Thử"
    found = rows(page)
    assert found["Phường Một"][:8] == ["40", "28", "24", "3", "1", "96,4 %", "75,0 %", "2,7"]
    assert found["Xã Hai"][:8] == ["5", "4", "0", "1", "3", "25,0 %", "0,0 %", "–"]
    assert found["Tổng cộng"][:5] == ["45", "32", "24", "4", "4"]


async def test_the_address_chooses_days_and_order(office: Office) -> None:
    found = rows(await see(office, "?from=1/10/2026&to=30/11/2026&xep=-received"))
    turned = rows(await see(office, "?from=2026-10-01&to=2026-11-30&xep=received"))

    assert [next(iter(found)), found["Xã Hai"][0]] == ["Xã Hai", "705"]
    assert next(iter(turned)) == "Phường Một"


async def test_units_without_work_are_counted_and_stand_behind_a_disclosure(
    office: Office,
) -> None:
    page = await see(office, "?from=1/10/2026&to=31/10/2026")

    resting = page.one("ul", "idle-units").all("a")
    assert list(rows(page)) == ["Xã Hai", "Tổng cộng"]
    assert {"Phường Một", "Xã Cũ"} <= {each.text for each in resting}
    assert f"{len(resting)} đơn vị không có hồ sơ trong kỳ: hiện tất cả" in page.text
    assert f"{len(resting) + 1} đơn vị, 1 đơn vị có việc trong kỳ" in page.text


async def test_every_number_leads_to_where_it_comes_from(office: Office) -> None:
    page = await see(office, "?ky=last_month")

    line = next(each for each in page.all("tr") if each.text.startswith("Phường Một"))
    links = {link.text: link.get("href") for cell in line.all("td") for link in cell.all("a")}
    assert links["40"].endswith(f"/don-vi/{SLUG}?ky=last_month#thu-tuc")
    assert links["2,7"].endswith("#hai-long")
    assert all(each.one("dd").one("a").get("href") for each in page.one("dl", "kpi--9").all("div"))
    day = page.with_id("ngay-f").one("tbody").all("a")[0]
    assert day.get("href").endswith("from=2026-11-10&to=2026-11-10")


async def test_one_field_of_law_can_be_looked_at_alone(office: Office) -> None:
    whole = await see(office, "?ky=last_month")
    link = whole.with_id("linh-vuc-f").one("tbody").all("a")[0]

    page = await see(office, "?ky=last_month&linh_vuc=ho-tich")
    unit = await see(office, f"/don-vi/{SLUG}?ky=last_month&linh_vuc=chung-thuc")

    assert (link.text, link.get("href")) == (
        "Chứng thực",
        f"{HERE}?linh_vuc=chung-thuc&ky=last_month",
    )
    assert list(rows(page)) == ["Tổng cộng"]
    assert "Chỉ xem lĩnh vực Hộ tịch" in page.text
    assert rows(unit)["Tổng cộng"][:2] == ["40", "28"]
    assert "hài lòng" not in [each.text for each in unit.all("dt")]


async def test_shares_stand_month_by_month_beside_the_trend(office: Office) -> None:
    figure = (await see(office, "?ky=last_month")).with_id("thang-f")

    lines = [
        [row.one("th").text, *(cell.text for cell in row.all("td"))]
        for row in figure.one("tbody").all("tr")
    ]
    assert lines == [
        ["10/2026", "700", "700", "700", "0", "0", "100,0 %"],
        ["11/2026", "45", "32", "24", "4", "4", "87,5 %"],
    ]
    assert "Trước và đúng hạn từng tháng: 10/2026 100,0 %, 11/2026 87,5 %" in figure.text


async def test_every_month_told_is_whole(office: Office) -> None:
    figure = (await see(office, "?from=1/10/2026&to=12/11/2026")).with_id("thang-f")

    last = figure.one("tbody").all("tr")[-1]
    assert [last.one("th").text, last.all("td")[0].text] == ["11/2026", "45"]
    assert last.one("a").get("href").endswith("from=2026-11-01&to=2026-11-30")


async def test_what_people_said_is_told_question_by_question_with_how_many(
    office: Office,
) -> None:
    table = (await see(office, f"/don-vi/{SLUG}?ky=last_month")).with_id("hai-long")

    lines = {
        row.one("th").text: [cell.text for cell in row.all("td")] for row in table.all("tr")[1:]
    }
    assert len(lines) == 8
    assert lines["Nhìn chung, bạn có hài lòng không?"] == ["2,7", "83,3 %", "6"]
    assert lines["Kết quả có đúng ngày hẹn không?"] == ["–", "60,0 %", "5"]
    assert lines["Bạn phải đến quầy mấy lần?"] == ["–", "–", "dưới 5"]


async def test_what_people_said_is_told_of_whole_months_that_have_ended(office: Office) -> None:
    """Two periods a day apart would tell what one person said; so would a sum less its parts."""
    today = f"{office.house.today():%d/%m/%Y}"
    whole = [await see(office, f"?from={days}") for days in ("1/11/2026&to=30/11/2026",)]
    whole += [await see(office, f"?from=15/10/2026&to={today}")]
    cut = [await see(office, f"?from={days}") for days in ("1/11/2026&to=29/11/2026",)]
    cut += [await see(office, f"?from=2/11/2026&to={today}")]

    for page in whole:
        assert rows(page)["Tổng cộng"][7] == "2,7", "three answers of another unit are not in it"
        assert "2,7 83,3 % 6" in " ".join(page.with_id("hai-long").text.split())
    for page in cut:
        assert rows(page)["Phường Một"][7] == rows(page)["Tổng cộng"][7] == "–"
        assert not page.with_id("hai-long").all("table")
        assert "không có tháng trọn vẹn nào" in page.with_id("hai-long").text


async def test_days_that_cannot_be_read_are_told_beside_the_usual_ones(office: Office) -> None:
    answer = await ask(office, "?from=mai&to=1/1/2026")

    assert answer.status_code == 422
    assert "mai" in answer.text


async def test_a_units_procedures_lie_one_click_deeper(office: Office) -> None:
    page = await see(office, f"/don-vi/{SLUG}?ky=last_month")

    assert page.one("h1").text == "Phường Một"
    assert rows(page)["Tổng cộng"][:2] == ["40", "28"]
    assert any(name.startswith("Chứng thực bản sao") for name in rows(page))
    assert (await ask(office, "/don-vi/khong-co")).status_code == 404


async def test_a_city_kept_to_be_read_shows_the_months_it_worked(office: Office) -> None:
    page = await see(office, "?noi=tp-cu")

    assert page.one("h1").text == "Giám sát Thành phố Cũ"
    assert "Từ 01/02/2018 đến 30/04/2018" in page.text
    assert rows(page)["Phường Cũ"][:6] == ["902", "900", "300", "570", "30", "96,7 %"]
    assert [each.text for each in page.all("dd")][5] == "300,7"
    assert (
        "Đầu kỳ còn 0 hồ sơ, nhận 902, xong 900, cuối kỳ còn 2 đang giải quyết."
        " Đến nay cả 2 hồ sơ ấy đều đã xong, sau kỳ này."
    ) in page.text


async def test_the_table_can_be_taken_along(office: Office) -> None:
    answer = await ask(office, "/bang?ky=last_month")

    book = zipfile.ZipFile(io.BytesIO(answer.content))
    assert "Phường Một" in book.read("xl/sharedStrings.xml").decode()
    assert "giam-sat-tinh-thu-2026-11-01" in answer.headers["content-disposition"]


async def test_a_unit_counts_itself_and_the_province_reads_numbers(office: Office) -> None:
    """Late dossiers, signers whose term is over and silent days come as numbers only."""
    await office.received(OTHER)
    office.clock.moment += dt.timedelta(days=15)
    office.tokens.clear()
    days = f"?from=1/11/2026&to={office.house.today():%d/%m/%Y}"
    before = rows(await see(office, days))
    assert [before[name][8] for name in ("Xã Hai", "Tổng cộng")] == ["–", "–"], "not counted yet"
    assert before["Xã Hai"][5] == "–"
    for tenant in (TENANT_A, TENANT_B):
        await standing.refresh(office.house, tenant)

    answer = await ask(office, days)
    running, over = [
        parse((await ask(office, f"?ky={days}")).text) for days in ("month", "last_month")
    ]
    office.clock.moment -= dt.timedelta(days=15)
    office.tokens.clear()

    found = rows(parse(answer.text))
    assert found["Xã Hai"][8] == "1"
    assert "ngày làm việc chưa nhận hồ sơ" in found["Phường Một"][9]
    assert found["Xã Hai"][9].startswith("1 hồ sơ đang quá hạn; ")
    assert "Xã Cũ" not in found
    assert rows(running)["Phường Một"][9], "without dossiers in the period, but to be looked at"
    assert ", 1 đơn vị có việc trong kỳ" in running.text
    assert "Cần xem" in running.text
    assert "đếm lúc" in running.text
    assert len(rows(over)["Phường Một"]) == 8, "nothing of now in a period that is over"
    assert "Cần xem" not in over.text
    assert "đếm lúc" not in over.text
    assert APPLICANT["name"] not in answer.text
    assert APPLICANT["id_number"] not in answer.text


@pytest.mark.parametrize("role", ["reception", "field", "leader", "head"])
async def test_who_does_not_supervise_is_told_so(office: Office, role: str) -> None:
    assert (await ask(office, role=role)).status_code == 403


async def test_a_commune_supervises_nobody(office: Office) -> None:
    assert (await ask(office, role="admin", slug=SLUG)).status_code == 404


async def test_supervision_leads_through_the_sign_in_and_back(office: Office) -> None:
    somebody = Officer(office, "supervisor", PROVINCE_SLUG)
    answer = await somebody.client.get("/giam-sat/")
    somebody.page = parse(answer.text)

    await somebody.sign_in()

    assert somebody.answer.url.path.rstrip("/") == HERE
    assert somebody.heading == "Giám sát Tỉnh Thử"


async def test_whoever_is_signed_in_is_led_home_and_a_stranger_chooses(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address of all cannot see a session; it sees a cookie that only names the province."""
    monkeypatch.setattr(supervision, "places", several)
    somebody = Officer(office, "supervisor", PROVINCE_SLUG)
    await somebody.sign_in(status=403)

    cookie = next(each for each in somebody.client.cookies.jar if each.name == "motcua_giam_sat")
    home = await somebody.client.get("/giam-sat/", follow_redirects=False)
    strange = await office.client.get("/giam-sat/", headers={"cookie": "motcua_giam_sat=la"})

    assert (cookie.value, cookie.path) == (PROVINCE_SLUG, "/giam-sat")
    assert home.headers["location"] == HERE
    assert strange.status_code == 200
    assert "chọn tỉnh" in strange.text
    await somebody.open("/tai-khoan")
    await somebody.send(form="dang-xuat")
    assert (await somebody.client.get("/giam-sat/", follow_redirects=False)).status_code == 200


async def several(*_: object) -> list[tuple[str, str, bool]]:
    return [(PROVINCE_SLUG, "Tỉnh Thử", False), ("hai", "Tỉnh Hai", False), ("cu", "Phố Cũ", True)]


async def test_where_more_than_one_serves_what_is_kept_of_older_ones_stands_with_them(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "places", several)
    page = parse((await office.client.get("/giam-sat/")).text)

    assert {f"/t/{slug}/giam-sat" for slug in (PROVINCE_SLUG, "hai", "cu")} <= {
        link.get("href") for link in page.all("a")
    }
