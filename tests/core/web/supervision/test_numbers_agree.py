"""One unit, one moment: whoever counts its open and overdue dossiers says the same number."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fakes.html import Element, parse
from fakes.office import SLUG, Office, hire, opened
from motcua.services import standing
from motcua.testing.database import TENANT_A, ScratchDatabase, ScratchServer

pytestmark = pytest.mark.anyio
PROVINCE = "tinh-thu"


@pytest.fixture(scope="module")
async def office(
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    """Received, paused, signed and ended dossiers, all of them past their day."""
    home: Path = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home) as office:
        await hire(office.house, PROVINCE)
        for steps in ((), (), ("T08", "T09"), ("T08", "T16", "T18"), ("T08", "T16", "T18", "T19")):
            dossier = await office.received()
            for step in steps:
                dossier = await walked(office, dossier, step)
        office.clock.advance(days=3)
        office.tokens.clear()
        await standing.refresh(office.house, TENANT_A)
        yield office


ROLES = {"T08": "reception", "T09": "field", "T16": "field", "T18": "leader", "T19": "clerk"}


async def walked(office: Office, dossier: dict[str, str], step: str) -> dict[str, str]:
    said = {"data": {"items": ["Giấy tờ"]}, "reason": "Thiếu"} if step == "T09" else {}
    answer = await office.step(dossier, step, ROLES[step], **said)
    assert answer.status_code == 200, answer.text
    after: dict[str, str] = answer.json()
    return after


async def told(office: Office, path: str, role: str = "", slug: str = SLUG) -> Element:
    headers = {"accept": "text/html"}
    if role:
        headers["cookie"] = f"motcua_quay={await office.token(role, slug)}"
    answer = await office.client.get(f"/t/{slug}{path}", headers=headers)
    assert answer.status_code == 200, answer.text[-800:]
    return parse(answer.text)


def figures(page: Element) -> dict[str, str]:
    """The figures at the head of a page, in small letters: what each means, and the number."""
    names, numbers = page.all("dt"), page.all("dd")
    return {name.text.lower(): value.text for name, value in zip(names, numbers, strict=True)}


async def test_what_is_open_and_what_is_overdue_is_one_number_everywhere(office: Office) -> None:
    dashboard = figures(await told(office, "/quay/so-lieu", "head"))
    console = figures(await told(office, "/admin/", "admin"))
    public = figures(await told(office, "/cong-khai"))
    above = await told(office, f"/giam-sat/don-vi/{SLUG}", "supervisor", PROVINCE)
    listed = await told(office, "/quay/?nhom=open", "head")
    late = await told(office, "/quay/?nhom=open&han=qua", "head")
    morning = await told(office, "/quay/sang", "head")

    tabs = {each.get("href"): each.text for each in listed.one("nav", "tabs").all("a")}
    tiles = {
        each.one("span").text: each.one("b").text for each in morning.one("ul", "tiles").all("li")
    }
    assert (
        next(text for href, text in tabs.items() if href and "nhom=open" in href) == "Chưa xong 5"
    )
    assert {page["đang giải quyết"] for page in (dashboard, console, figures(above))} == {"4"}
    overdue = {page["đang quá hạn"] for page in (dashboard, console, public, figures(above))}
    assert overdue | {tiles["đang quá hạn"]} == {"3"}
    assert "3 hồ sơ trên trang này" in late.text


async def test_no_share_is_a_hundred_percent_where_something_is_overdue(office: Office) -> None:
    pages = [
        await told(office, "/quay/so-lieu", "head"),
        await told(office, "/cong-khai"),
        await told(office, f"/giam-sat/don-vi/{SLUG}", "supervisor", PROVINCE),
        await told(office, "/giam-sat", "supervisor", PROVINCE),
    ]

    today = f"{office.house.today():%d/%m/%Y}"
    listed = parse((await office.client.get(f"/?from=1/11/2026&to={today}")).text)

    shares = [figures(page)["trước và đúng hạn"] for page in pages]
    assert shares == ["25,0 %"] * 4, "one signed in time, three overdue"
    line = next(row for row in listed.all("tr") if "Phường Một" in row.text)
    assert [cell.text for cell in line.all("td")] == ["5", "3", "25,0 %"]
    pages.append(listed)
    assert not any("100,0" in cell.text for page in pages for cell in page.one("main").all("td"))


async def test_what_is_overdue_counts_where_the_period_has_no_figures_yet(office: Office) -> None:
    """As on the first day of a month: nothing received, nothing finished, three too late."""
    today = f"{office.house.today():%d/%m/%Y}"
    days = f"?from={today}&to={today}"
    listed = parse((await office.client.get(f"/{days}")).text)
    public = await told(office, f"/cong-khai{days}")
    above = await told(office, f"/giam-sat{days}", "supervisor", PROVINCE)

    line = next(row for row in listed.all("tr") if "Phường Một" in row.text)
    assert [cell.text for cell in line.all("td")] == ["0", "3", "0,0 %"]
    field = next(row for row in public.all("tr") if "Chứng thực" in row.text)
    assert [cell.text for cell in field.all("td")][-2:] == ["3", "0,0 %"]
    for page in (public, above):
        assert figures(page)["đang quá hạn"] == "3"
        assert figures(page)["trước và đúng hạn"] == "0,0 %"


async def test_communes_with_dossiers_stand_before_those_without(office: Office) -> None:
    today = f"{office.house.today():%d/%m/%Y}"
    listed = parse((await office.client.get(f"/?from=1/11/2026&to={today}")).text)

    for table in listed.all("table"):
        received = [row.all("td")[0].text for row in table.one("tbody").all("tr")]
        assert received == sorted(received, key=lambda words: words == "0")


async def test_periods_that_are_over_tell_nothing_of_now(office: Office) -> None:
    """Else the figures of a month would be others every day."""
    pages = [
        await told(office, "/quay/so-lieu?ky=2026-10", "head"),
        await told(office, "/cong-khai?from=1/10/2026&to=31/10/2026"),
        await told(office, "/giam-sat?from=1/10/2026&to=31/10/2026", "supervisor", PROVINCE),
    ]

    assert not any({"đang quá hạn", "đang giải quyết"} & set(figures(page)) for page in pages)


async def test_a_unit_with_an_end_to_come_is_open_and_says_until_when(
    office: Office, server: ScratchServer, database: ScratchDatabase
) -> None:
    server.run(ENDS, dsn=database.owner_dsn)

    home = await told(office, "/")
    units = parse((await office.client.get("/")).text)

    assert "Đơn vị này làm việc đến hết ngày 30/06/2027" in home.text
    assert "kết thúc hoạt động" not in home.text
    line = next(row for row in units.all("tr") if "Phường Một" in row.text)
    assert "Đến hết ngày 30/06/2027." in line.text
    assert "Nộp trực tuyến" in (await told(office, "/thu-tuc/1.004873")).text


ENDS = """
update tenant set closed_on = '2027-07-01', config_version = config_version + 1
where slug = 'phuong-mot'
"""
