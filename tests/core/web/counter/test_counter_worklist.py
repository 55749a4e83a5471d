"""The work list: by deadline, by stage, by search."""

import pytest

from core.web.counter.conftest import Hire
from fakes.office import PASSWORD, Office, paper
from fakes.officer import Officer, received
from motcua.services import counter, staff
from motcua.services.house import desk
from motcua.web.counter import worklist

pytestmark = pytest.mark.anyio


async def test_nothing_to_do_is_said_with_a_way_on(at_desk: Hire) -> None:
    officer = await at_desk("cashier")

    assert "Không có việc nào đang chờ bạn" in officer.page.text
    assert officer.link("nhom=open") == "/?nhom=open"


async def test_everybody_sees_first_what_waits_for_them(at_desk: Hire) -> None:
    reception = await at_desk("reception")
    await received(reception)
    field = await at_desk("field")

    await reception.open("/")

    assert reception.page.one("nav", "tabs").all("a")[0].text.startswith("Việc của tôi 1")
    assert len(reception.page.all("a", "code")) == 1
    assert field.page.all("a", "code") == []
    await field.open("/?nhom=open")
    assert len(field.page.all("a", "code")) == 1


async def test_a_row_says_who_what_until_when_and_masks_the_number(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await received(officer)

    await officer.open("/?nhom=received")

    row = officer.page.all("tr")[-1].text
    assert "Nguyễn Thị Ánh" in row
    assert "0271******34" in row
    assert "027190001234" not in officer.page.text
    assert "Hôm nay 17:00" in row


async def test_a_whole_code_leads_straight_to_its_dossier(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await received(officer)
    code = officer.page.all("a", "code")[0].text

    await officer.open(f"/?q={code}")

    assert officer.path.startswith("/ho-so/")
    assert code in officer.heading


async def test_a_search_needs_no_accents_and_says_when_it_finds_nothing(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await received(officer, **{"nguoi.name": "Đỗ Thị Ngọc Hường"})

    await officer.open("/?q=do+thi+ngoc")
    assert "Đỗ Thị Ngọc Hường" in officer.page.text
    await officer.open("/?q=khong+co+ai+nhu+vay")

    assert "Không thấy hồ sơ nào khớp" in officer.page.text


async def test_late_work_stands_first_with_words_and_the_tab_shows_it(
    office: Office, at_desk: Hire
) -> None:
    officer = await at_desk("reception")
    await received(officer)
    office.clock.advance(days=2)
    officer = await at_desk("reception")
    await received(officer)

    await officer.open("/?nhom=open")
    office.clock.advance(days=-2)

    groups = [each.text for each in officer.page.all("tr", "grp")]
    assert groups[0].startswith("Quá hạn")
    assert groups[1].startswith("Hôm nay")
    assert "Quá hạn 2 ngày làm việc" in officer.page.text
    assert officer.page.one("nav", "tabs").all("span", "is-late")


async def test_a_long_list_is_paged_without_losing_or_repeating_anything(
    office: Office, at_desk: Hire
) -> None:
    await office.ask(
        "POST", "/receptions", by="reception", json={"papers": [paper() for _ in range(50)]}
    )
    officer = await at_desk("reception")
    await officer.open("/?nhom=received")
    seen = [each.text for each in officer.page.all("a", "code")]
    assert len(seen) == 50

    await officer.open(officer.link("sau="))

    seen += [each.text for each in officer.page.all("a", "code")]
    assert len(seen) == len(set(seen)) > 50
    assert officer.link("nhom=received")


async def test_an_unknown_tab_shows_the_usual_list(at_desk: Hire) -> None:
    officer = await at_desk("reception")

    await officer.open("/?nhom=khong-co&sau=khong-phai")

    assert officer.heading == "Việc theo hạn trả"


async def test_what_has_ended_stands_apart_and_waits_for_nobody(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    dossier = await received(officer)
    await officer.open(f"{dossier}/buoc/T22")
    await officer.send(reason="Đổi ý")
    await officer.send()

    await officer.open("/?nhom=done")

    assert officer.page.all("tr", "grp")[0].text.startswith("Đã kết thúc")
    assert "Đã rút hồ sơ" in officer.page.text


async def test_a_unit_that_has_ended_says_who_receives_now(office: Office) -> None:
    here = await desk(office.house, "xa-cu")
    await staff.create(
        office.house, here, username="reception.xa-cu", password=PASSWORD, roles=["reception"]
    )
    officer = Officer(office, "reception", "xa-cu")
    await officer.sign_in()

    await officer.open("/tiep-nhan", 409)

    assert officer.heading == "Đơn vị này đã kết thúc"
    assert "Hồ sơ mới tiếp nhận tại quầy của: phuong-mot" in officer.page.text


async def test_of_what_has_ended_no_more_is_counted_than_anybody_asks(
    at_desk: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter, "MOST_ENDED", 1)
    monkeypatch.setattr(worklist, "MOST_ENDED", 1)
    officer = await at_desk("reception")
    for _ in range(2):
        dossier = await received(officer)
        await officer.open(f"{dossier}/buoc/T22")
        await officer.send(reason="Đổi ý")
        await officer.send()

    await officer.open("/?nhom=done")

    assert officer.page.one("nav", "tabs").all("a")[-1].text == "Đã xong hơn 1"
    assert len(officer.page.all("a", "code")) >= 2
