"""Several dossiers at once: chosen, confirmed, answered one by one."""

import re

import pytest

from core.web.counter.conftest import Hire
from fakes.office import Office
from fakes.officer import Officer, received

pytestmark = pytest.mark.anyio


async def chosen(office: Office, count: int, **how: str) -> dict[str, str]:
    """Receive *count* copies and take them so far; answers what ticking them sends."""
    found = {}
    for _ in range(count):
        dossier = await office.received()
        for step, by in how.items():
            answer = await office.step(dossier, step, by)
            assert answer.status_code == 200, answer.text
            dossier = answer.json()
        found[f"chon.{dossier['id']}"] = str(dossier["version"])
    return found


async def posted(officer: Officer, step: str, boxes: dict[str, str]) -> None:
    """Tick boxes of a list and press a button of it."""
    if not any("/viec" in each.get("action") for each in officer.page.all("form")):
        await officer.open("/?nhom=open")
    fields = {"_csrf_token": _token(officer), "ve": "/t/phuong-mot/quay/?nhom=open"}
    sent = fields | boxes | {"buoc": step}
    answer = await officer.client.post(f"{officer.base}/viec", data=sent)
    officer.read(answer, 200)


def _token(officer: Officer) -> str:
    return next(
        each.get("value") for each in officer.page.all("input") if each.get("name") == "_csrf_token"
    )


async def test_what_was_chosen_is_listed_then_done_and_answered_one_by_one(
    office: Office, at_desk: Hire
) -> None:
    boxes = await chosen(office, 3, T08="reception")
    field = await at_desk("field")

    await posted(field, "T16", boxes)

    assert field.heading == "Trình lãnh đạo: 3 hồ sơ"
    await field.send(form="/viec")
    assert field.heading == "Trình lãnh đạo: xong 3 hồ sơ"
    assert len(field.page.all("a", "code")) == 3


async def test_the_clerk_reads_the_numbers_the_books_gave(office: Office, at_desk: Hire) -> None:
    boxes = await chosen(office, 2, T08="reception", T16="field", T18="leader")
    several, single = [{name: version} for name, version in boxes.items()]
    clerk = await at_desk("clerk")

    await posted(clerk, "T19", several)
    await clerk.send(form="/viec")
    numbered = clerk.page.one("tbody").text
    await clerk.open(f"/ho-so/{next(iter(single)).removeprefix('chon.')}")
    await clerk.send(form="/buoc/T19")

    assert re.search(r"Số vào sổ: \d+/2026 SCT/BS", numbered)
    assert re.search(r"Đã xong: Vào sổ, đóng dấu\. .*\d+.*SCT/BS", clerk.page.text)


async def test_one_that_changed_meanwhile_is_refused_with_the_reason_and_the_others_are_done(
    office: Office, at_desk: Hire
) -> None:
    boxes = await chosen(office, 2, T08="reception")
    field = await at_desk("field")
    await posted(field, "T16", boxes)
    first = next(iter(boxes)).removeprefix("chon.")
    taken = await office.step({"id": first, "version": int(boxes[f"chon.{first}"])}, "T16", "field")
    assert taken.status_code == 200

    await field.send(form="/viec")

    assert field.heading == "Trình lãnh đạo: xong 1 hồ sơ"
    assert "1 hồ sơ chưa làm được" in field.page.text
    assert "vừa được người khác cập nhật" in field.page.text


async def test_sending_a_batch_again_does_nothing_again(office: Office, at_desk: Hire) -> None:
    boxes = await chosen(office, 2, T08="reception")
    field = await at_desk("field")
    await posted(field, "T16", boxes)
    confirmed = field.page
    await field.send(form="/viec")
    field.page = confirmed

    await field.send(form="/viec")

    assert field.heading == "Trình lãnh đạo: xong 2 hồ sơ"
    dossier = next(iter(boxes)).removeprefix("chon.")
    events = (await office.ask("GET", f"/dossiers/{dossier}/events", by="field")).json()
    assert [each["transition"] for each in events["events"]].count("T16") == 1


async def test_a_step_that_is_not_the_officers_is_refused_before_anything_is_done(
    office: Office, at_desk: Hire
) -> None:
    boxes = await chosen(office, 1, T08="reception", T16="field")
    field = await at_desk("field")

    await posted(field, "T18", boxes)

    assert "Không làm được với 1 hồ sơ" in field.page.text
    assert "Việc của: Lãnh đạo." in field.page.text
    assert field.page.all(css="btn--go") == []


async def test_what_was_forwarded_together_is_taken_back_together_while_nobody_acted(
    office: Office, at_desk: Hire
) -> None:
    boxes = await chosen(office, 2)
    reception = await at_desk("reception")
    await posted(reception, "T08", boxes)
    await reception.send(form="/viec")

    await reception.send(form="/viec", buoc="T38")

    assert reception.heading == "Rút lại việc chuyển thẩm định: xong 2 hồ sơ"
    dossier = next(iter(boxes)).removeprefix("chon.")
    now = (await office.ask("GET", f"/dossiers/{dossier}", by="reception")).json()
    assert now["state"] == "received"


async def test_taking_is_one_press_and_what_another_holds_is_refused(
    office: Office, at_desk: Hire
) -> None:
    boxes = await chosen(office, 2, T08="reception")
    field = await at_desk("field")
    await posted(field, "nhan", boxes)
    assert "Bạn đã nhận 2 hồ sơ." in field.page.text
    await field.open("/?nhom=open&giu=toi")
    assert len(field.page.all("a", "code")) == 2

    head = await at_desk("head")
    await head.open("/?nhom=open")
    now = {name: str(int(version) + 1) for name, version in boxes.items()}
    await posted(head, "T37", now)
    assert head.heading == "Giao người giữ: 2 hồ sơ"
    await head.send(form="/viec", status=422)
    assert head.faults == ["Chưa chọn người giữ."]
    await head.send(form="/viec", ai="field.phuong-mot")

    assert head.heading == "Giao người giữ: xong 2 hồ sơ"


async def test_filters_stand_in_the_address_and_hold_for_the_tabs(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await received(officer)

    await officer.open("/?nhom=received&thu_tuc=2.000815&han=nay&giu=khong")

    tabs = officer.page.one("nav", "tabs").all("a")
    assert all("thu_tuc=2.000815" in each["href"] for each in tabs)
    await officer.open("/?nhom=received&thu_tuc=khong&han=la&giu=ai")
    assert officer.heading == "Việc theo hạn trả"


async def test_nothing_chosen_or_nothing_there_is_said_with_a_way_back(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await received(officer)
    await officer.open("/?nhom=open")
    stranger = {"chon.00000000-0000-7000-8000-000000000001": "1"}

    await officer.send(422, form="/viec", buoc="T08")
    assert officer.heading == "Chưa chọn hồ sơ nào"
    for step in ("T08", "T37", "T18", "nhan"):
        await officer.open("/?nhom=open")
        await posted(officer, step, stranger)
        assert officer.answer.status_code == 200
