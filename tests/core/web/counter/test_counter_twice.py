"""Two officers at once, and one form sent twice: what was done is told, nothing typed is lost.

What two officers may do at once is made from the table of transitions.
"""

import pytest

from core.web.counter.conftest import Hire
from core.web.counter.test_counter_paper_day import HOURS, block
from core.web.counter.test_counter_returns import ready
from core.web.counter.test_counter_steps import step, walked
from fakes.html import parse
from fakes.office import Office
from fakes.officer import COPY_TYPED, Officer, fields_of, received, ticked
from motcua.domain.dossier import TRANSITIONS, Need, Role, Transition

pytestmark = pytest.mark.anyio
TITLE = "Phiếu này đã gửi rồi"
MINE = "Lời tôi đã gõ"
VIEWED = {Role.ADMIN, Role.SUPERVISOR, Role.SYSTEM, Role.CITIZEN}
"""Whose acts are no form at the counter."""


def acts() -> list[tuple[str, str]]:
    """Every step with a dossier that was received, and a role that takes it."""
    return [
        (row.id, next(role.value for role in row.roles if role not in VIEWED))
        for row in TRANSITIONS.values()
        if row.sources and row.id not in ("T08", "T20") and set(row.roles) - VIEWED
    ]


def typed(row: Transition) -> dict[str, str]:
    """Everything the step asks for."""

    def of(need: Need) -> dict[str, str]:
        if need.kind == "moment":
            return {f"{need.name}-day": "4/12/2026", f"{need.name}-hour": "16:00"}
        named = {"amount": "2000", "refusal_ground": "damaged"}
        fits = named.get(need.kind) or named.get(need.name) or (*need.options, MINE)[0]
        return {need.name: fits}

    told = {name: value for need in row.needs for name, value in of(need).items()}
    return told | ({"reason": MINE} if row.needs_reason or not told else {})


async def test_every_step_tells_what_the_other_did_and_keeps_what_was_typed(
    office: Office, at_desk: Hire
) -> None:
    reception = await at_desk("reception")
    dossier = await received(reception)
    await step(reception, dossier, "T08")
    officers = {role: await at_desk(role) for role in {role for _, role in acts()}}
    wrong = []

    for name, role in acts():
        sent = typed(TRANSITIONS[name])
        for asked in (sent | {"xac_nhan": "1"}, {}):
            officer = officers[role]
            token = officer.client.cookies["motcua_csrf"]
            fields = {**asked, "version": "1", "khoa": f"{name}-{len(asked)}", "_csrf_token": token}
            address = f"{officer.base}{dossier}/buoc/{name}"
            answer = await officer.client.post(address, data=fields)
            page = parse(answer.text)
            kept = {each["name"]: each["value"] for each in page.all("input")}
            if (
                answer.status_code != 409
                or "Hồ sơ vừa thay đổi" not in page.one("h1").text
                or "Cán bộ reception" not in page.one("ol", "hist").text
                or {name: kept.get(name) for name in asked if name != "xac_nhan"}
                != {name: value for name, value in asked.items() if name != "xac_nhan"}
                or not [each for each in page.all("a") if each["href"].endswith(dossier)]
            ):
                wrong.append((name, role, asked, answer.status_code, page.one("h1").text))

    assert wrong == []
    assert len(acts()) > 25
    found = (await office.ask("GET", f"/dossiers/{dossier[7:]}", by="reception")).json()
    assert (found["state"], found["version"]) == ("appraising", 2)


async def test_a_result_that_changed_at_the_return_desk_is_shown_anew_with_what_was_typed(
    office: Office, at_desk: Hire
) -> None:
    dossier = await ready(office)
    officer = await at_desk("reception")
    await officer.open(f"/tra?ho_so={dossier['id']}")
    moved = await office.step(dossier, "T37", "head", data={"holder": "head.phuong-mot"})
    assert moved.status_code == 200, moved.text

    sent = ticked(officer) | {"nhan": "thay", "ten": MINE, "so": "001099000001", "giay": "Giấy 1"}
    await officer.send_all(sent, 422, form="/tra")

    assert officer.faults[0].startswith("Hồ sơ vừa được người khác cập nhật")
    assert MINE in {each.get("value") for each in officer.page.all("input")}


# ---- one form, sent twice ----


def differs(officer: Officer) -> dict[str, tuple[str, str]]:
    """What the page says was kept and is typed now, by its label."""
    rows = [row for body in officer.page.all("tbody") for row in body.all("tr")]
    return {row.one("th").text: (row.all("td")[0].text, row.all("td")[1].text) for row in rows}


async def test_a_reception_changed_after_it_was_sent_tells_what_was_kept(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    form = await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED, press="luu")
    slip, dossier = officer.path, officer.link("/ho-so/")

    officer.page = form
    changed = {"nguoi.name": "Trần Văn Đức", "g0.copy_count": "5", "tra": "later", "kenh": "post"}
    await officer.send_all(COPY_TYPED | changed, 409, press="luu")

    assert officer.heading == TITLE
    assert officer.link("/ho-so/") == dossier
    assert officer.link("/phieu/") == slip
    assert differs(officer) == {
        "Họ, chữ đệm và tên": ("Nguyễn Thị Ánh", "Trần Văn Đức"),
        "Số bản sao": ("3", "5"),
        "Người trả phí": ("Nguyễn Thị Ánh", "Trần Văn Đức"),
        "Cách nộp": ("Tại quầy", "Bưu chính"),
        "Cách trả": ("Tiền mặt", "Thu sau"),
    }
    await officer.send(form="/tiep-nhan")
    assert officer.page.one("h1").text != TITLE
    assert {each.get("value") for each in officer.page.all("input")} >= {"Trần Văn Đức", "5"}
    await officer.send(press="luu")
    assert officer.link("/ho-so/") != dossier


async def test_a_step_changed_after_it_was_taken_tells_what_was_kept(at_desk: Hire) -> None:
    dossier = await walked(at_desk, ("reception", "T08"))
    officer = await at_desk("field")
    form = await officer.open(f"{dossier}/buoc/T16")
    await officer.send(opinion="Đủ điều kiện")

    officer.page = form
    await officer.send(409, opinion="Chưa đủ điều kiện")

    assert officer.heading == TITLE
    assert officer.link("/ho-so/") == dossier
    assert list(differs(officer).values()) == [("Đủ điều kiện", "Chưa đủ điều kiện")]


async def test_the_same_step_in_two_windows_is_taken_once_and_told(at_desk: Hire) -> None:
    dossier = await walked(at_desk, ("reception", "T08"))
    leader = await at_desk("leader")
    one = await leader.open(f"{dossier}/buoc/T23")
    other = await leader.open(f"{dossier}/buoc/T23")
    leader.page = one
    await leader.send(ground="Quyết định 7", reason="Công dân không nộp nữa")
    await leader.send()

    leader.page = other
    await leader.send(409, ground="Quyết định 7", reason="Công dân đổi ý")

    assert leader.heading == TITLE
    assert list(differs(leader).values()) == [("Công dân không nộp nữa", "Công dân đổi ý")]


async def test_somebody_turned_away_twice_with_other_words_is_told(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    form = await officer.open("/khong-nhan/2.000815")
    sent = COPY_TYPED | {"viec": "T07", "reason": "Bản chính bị tẩy xóa"}
    await officer.send_all(sent, press="luu")
    slip = officer.path

    officer.page = form
    await officer.send_all(sent | {"reason": "Không đúng thẩm quyền"}, 409, press="luu")

    assert officer.heading == TITLE
    assert officer.link("/phieu?khoa").startswith(slip)
    assert list(differs(officer).values()) == [("Bản chính bị tẩy xóa", "Không đúng thẩm quyền")]
    await officer.send(form="/khong-nhan")
    assert officer.page.with_id("reason").text == "Không đúng thẩm quyền"


async def test_a_day_on_paper_entered_twice_with_other_hours_is_told(
    office: Office, at_desk: Hire
) -> None:
    reserved = await block(office)
    officer = await at_desk("reception")
    form = await officer.open(f"/nhap-sau/{reserved}/2.000815")
    await officer.send_all(COPY_TYPED | HOURS, form="/nhap-sau/", press="luu")

    officer.page = form
    changed = COPY_TYPED | HOURS | {"gio.T20": "08:30", "tra": "later"}
    await officer.send_all(changed, 409, form="/nhap-sau/", press="luu")

    assert officer.heading == TITLE
    assert list(differs(officer).values()) == [
        ("01/12/2026 08:10", "01/12/2026 08:30"),
        ("Tiền mặt", "Chưa thu, hoặc không có phí"),
    ]
    await officer.send(form="/nhap-sau/")
    assert officer.page.all("input", "")
    assert "08:30" in {each.get("value") for each in officer.page.all("input")}


async def test_a_day_closed_twice_with_another_sum_says_which_is_kept(at_desk: Hire) -> None:
    """The last one here: money that comes later is the next day's."""
    officer = await at_desk("head")
    form = await officer.open("/chot-ngay")
    counted = fields_of(officer.form("/chot-ngay"))["thay"]
    await officer.send_all({"dem": counted, "ly_do": "x"}, form="/chot-ngay")
    kept = officer.path

    officer.page = form
    await officer.send_all({"dem": counted, "ly_do": "x"}, form="/chot-ngay")
    assert "chưa được ghi" not in officer.page.one("main").text
    officer.page = form
    await officer.send_all({"dem": "1000000", "ly_do": "x"}, form="/chot-ngay")

    assert officer.path == kept
    assert "Số bạn vừa nhập, 1.000.000 đ, chưa được ghi." in officer.page.text.replace("\xa0", " ")
