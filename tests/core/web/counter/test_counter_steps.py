"""Taking steps with a dossier through its page."""

import pytest

from core.web.counter.conftest import Hire
from fakes import forms
from fakes.office import APPLICANT, COPY, COPY_ANSWERS, PASSWORD, SLUG, Office
from fakes.officer import Officer, handed_over, received
from motcua.services import staff
from motcua.services.house import desk
from motcua.storage.work import work
from motcua_general_procedures import plugin as general

pytestmark = pytest.mark.anyio


async def step(officer: Officer, dossier: str, transition: str, **typed: str) -> None:
    """Take a step the way its button does, with what is typed into its form."""
    await officer.open(dossier)
    if transition in ("T08", "T19"):
        await officer.send(form=transition)
        return
    await officer.open(officer.link(f"/buoc/{transition}"))
    await officer.send_all(typed, form=transition)


async def walked(at_desk: Hire, *steps: tuple[str, str]) -> str:
    """A certified copy after *steps*: pairs of role and transition."""
    officer = await at_desk("reception")
    dossier = await received(officer)
    for role, transition in steps:
        await step(await at_desk(role), dossier, transition)
    return dossier


async def test_a_certified_copy_goes_from_reception_to_return(at_desk: Hire) -> None:
    """T02 → T08 → T16 → T18 → T19 → T20 (rules §2.3), one filled button at a time."""
    officer = await at_desk("reception")
    dossier = await received(officer)
    for role, transition, filled in (
        ("reception", "T08", "Chuyển thẩm định"),
        ("field", "T16", "Trình lãnh đạo"),
        ("leader", "T18", "Phê duyệt"),
        ("clerk", "T19", "Vào sổ, đóng dấu"),
    ):
        officer = await at_desk(role)
        await officer.open(dossier)
        assert officer.button == [filled]
        await step(officer, dossier, transition)
        assert f"Đã xong: {filled}." in officer.page.all("div", "toast")[0].text
    officer = await at_desk("reception")
    await officer.open(dossier)
    assert officer.button == ["Trả kết quả"]
    await handed_over(officer, dossier)
    await officer.open(dossier)

    history = [each.text for each in officer.page.one("ol", "hist").all("li")]
    assert len(history) == 7
    paid = history.pop(0)
    assert "Đã thu, biên lai 2026-" in paid
    assert "Người nhận kết quả: Nguyễn Thị Ánh" in history[0]
    assert "Cách nhận: Tại quầy" in history[0]
    assert "SCT/BS" in officer.page.text


async def test_forbidden_steps_are_shown_with_whose_they_are(at_desk: Hire) -> None:
    dossier = await walked(at_desk)
    officer = await at_desk("clerk")

    await officer.open(dossier)

    why = officer.page.one("dl", "why")
    assert why.all("dt")[0].text == "Chuyển thẩm định"
    assert "Việc của: Tiếp nhận và trả kết quả." in why.text
    assert officer.button == []


async def test_a_step_tells_all_it_needs_and_keeps_what_was_typed(at_desk: Hire) -> None:
    dossier = await walked(at_desk, ("reception", "T08"))
    officer = await at_desk("field")
    await officer.open(f"{dossier}/buoc/T09")

    await officer.send_all({"until-day": "32/1/2027"}, 422)
    assert officer.faults == [
        "Giấy tờ cần bổ sung, hoàn thiện: chưa nhập.",
        "Hạn bổ sung: hãy gõ một ngày có thật, ví dụ 03/09/1994.",
        "Lý do: chưa nhập.",
    ]
    assert officer.page.with_id("until-day")["value"] == "32/1/2027"
    typed = {"items": "Bản chính\nGiấy ủy quyền", "until-day": "8/12/2026", "reason": "Thiếu"}
    await officer.send_all(typed)

    assert officer.path == dossier
    assert "Giấy tờ cần bổ sung, hoàn thiện: Bản chính; Giấy ủy quyền" in officer.page.text
    assert "Hạn bổ sung: 08/12/2026 17:00" in officer.page.text
    assert "Tạm dừng: chờ bổ sung" in officer.page.text


async def test_two_officers_at_once_see_what_the_other_did_and_lose_nothing(
    at_desk: Hire,
) -> None:
    dossier = await walked(at_desk, ("reception", "T08"))
    first, second = await at_desk("field"), await at_desk("field")
    await first.open(f"{dossier}/buoc/T16")
    await second.open(f"{dossier}/buoc/T28")
    await second.send_all({"until-day": "4/12/2026", "ground": "Thỏa thuận"})

    await first.send(409, opinion="Đủ điều kiện, đề nghị ký")

    assert first.heading == "Hồ sơ vừa thay đổi"
    assert "Kéo dài có căn cứ" in first.page.one("ol", "hist").text
    assert "Đủ điều kiện, đề nghị ký" in first.page.text
    await first.send(press="xem")
    assert first.page.with_id("opinion").text == "Đủ điều kiện, đề nghị ký"
    await first.send()
    assert "Đã xong: Trình lãnh đạo." in first.page.text


async def test_a_step_the_other_made_impossible_is_not_offered_again(at_desk: Hire) -> None:
    dossier = await walked(at_desk, ("reception", "T08"))
    first, second = await at_desk("field"), await at_desk("field")
    await first.open(f"{dossier}/buoc/T16")
    await step(second, dossier, "T16")

    await first.send(409, opinion="Muộn")

    assert "Vẫn làm" not in first.page.text
    assert first.link("/ho-so/") == dossier


async def test_a_double_click_takes_a_step_once(at_desk: Hire) -> None:
    dossier = await walked(at_desk)
    officer = await at_desk("reception")
    before = await officer.open(dossier)

    await officer.send(form="T08")
    officer.page = before
    await officer.send(form="T08")

    assert officer.path == dossier
    history = officer.page.one("ol", "hist").text
    assert (history.count("Chuyển thẩm định"), history.count("Đã thu, biên lai")) == (1, 1)


async def test_stopping_is_confirmed_before_it_is_done(at_desk: Hire) -> None:
    dossier = await walked(at_desk, ("reception", "T08"))
    officer = await at_desk("leader")
    await officer.open(f"{dossier}/buoc/T23")

    await officer.send(422)
    assert officer.faults == ["Căn cứ: chưa nhập.", "Lý do: chưa nhập."]
    await officer.send(ground="Quyết định 7", reason="Người nộp đã mất")
    assert officer.heading == "Xác nhận: Dừng giải quyết"
    assert "Quyết định 7" in officer.page.text
    await officer.send(press="xem")
    assert officer.page.with_id("reason").text == "Người nộp đã mất"
    await officer.send()
    await officer.send()

    assert "Đã dừng giải quyết" in officer.page.text
    assert "Hồ sơ đã kết thúc" in officer.page.text


async def test_a_new_date_too_late_is_told_in_the_form(at_desk: Hire) -> None:
    """Rules T21: re-appointed at least a day before the due date."""
    dossier = await walked(at_desk, ("reception", "T08"))
    officer = await at_desk("leader")
    await officer.open(f"{dossier}/buoc/T21")

    await officer.send_all({"new_due-day": "1/11/2026", "reason": "Vắng người ký"}, 422)

    assert len(officer.faults) == 1
    assert officer.page.with_id("reason").text == "Vắng người ký"


async def test_a_step_of_others_is_refused_with_a_way_back(at_desk: Hire) -> None:
    dossier = await walked(at_desk)
    officer = await at_desk("clerk")

    await officer.open(f"{dossier}/buoc/T08", 403)
    assert officer.link("/ho-so/") == dossier
    await officer.open(f"{dossier}/buoc/T20", 409)
    assert officer.link("/ho-so/") == dossier
    await officer.open(f"{dossier}/buoc/T99", 422)

    assert "T99" in officer.page.text


@pytest.mark.parametrize("dossier", ["khong-co", "01930000-0000-7000-8000-000000000000"])
async def test_an_unknown_dossier_is_told_with_a_way_back(at_desk: Hire, dossier: str) -> None:
    officer = await at_desk("field")

    await officer.open(f"/ho-so/{dossier}", 404)

    assert "Không tìm thấy hồ sơ" in officer.page.text
    assert officer.link("/quay/") == "/"


async def test_the_page_masks_numbers_until_they_are_asked_for(at_desk: Hire) -> None:
    dossier = await walked(at_desk)
    officer = await at_desk("field")

    await officer.open(dossier)
    assert "027190001234" not in officer.page.text
    await officer.open(officer.link("hien=du"))

    assert "027190001234" in officer.page.text


async def test_the_due_date_is_explained_day_by_day(at_desk: Hire) -> None:
    dossier = await walked(at_desk)
    officer = await at_desk("field")

    await officer.open(dossier)

    assert "Hạn trả, trước 17:00" in officer.page.one("ol", "days").text
    assert officer.page.all("li", "day--due")


async def test_the_stages_of_an_adoption_are_ended_on_its_page(
    office: Office, at_desk: Hire
) -> None:
    """T32: the stage at work is chosen; the one that follows it begins."""
    (adoption,) = [each for each in general.procedures() if each.code == "2.001263"]
    asked = {"procedure": adoption.code, "applicant": APPLICANT, "answers": forms.filled(adoption)}
    sent = await office.ask(
        "POST",
        "/receptions",
        by="reception",
        key="adoption",
        json={"channel": "counter", "papers": [asked]},
    )
    dossier = f"/ho-so/{sent.json()['dossiers'][0]['id']}"
    officer = await at_desk("field")
    await officer.open(dossier)
    assert "chưa bắt đầu – tính từ ngày có ý kiến đồng ý" in officer.page.text
    assert "Chờ trả lời" not in officer.page.text

    await step(officer, dossier, "T32", stage="opinions")

    await officer.open(dossier)
    assert "chưa bắt đầu" not in officer.page.text
    await officer.open(officer.link("/buoc/T32"))
    options = [each["value"] for each in officer.page.one("select").all("option")]
    assert [each for each in options if each] == ["registration"]


async def submitted(office: Office) -> str:
    """A certified copy sent online; the address of its dossier at the counter."""
    sent = await office.ask(
        "POST",
        "/dossiers",
        json={"procedure": COPY, "applicant": APPLICANT, "answers": COPY_ANSWERS},
    )
    return f"/ho-so/{sent.json()['id']}"


async def test_an_online_submission_is_received_with_a_slip(office: Office, at_desk: Hire) -> None:
    dossier = await submitted(office)
    officer = await at_desk("reception")
    await officer.open("/?nhom=submitted")
    assert officer.page.all("a", "code")

    await step(officer, dossier, "T03", **{"chon_v-complex": "1"})

    assert officer.heading.startswith("Biên nhận")
    assert "đã báo khi nộp" in officer.page.text
    assert officer.page.one("time", "leaf")["datetime"] == "2026-12-03T17:00+07:00"


async def test_a_submission_tells_fee_and_due_time_before_it_is_received(
    office: Office, at_desk: Hire
) -> None:
    dossier = await submitted(office)
    officer = await at_desk("reception")
    await officer.open(f"{dossier}/buoc/T03")
    first = officer.page.one("time", "leaf")["datetime"]
    assert "đ" in officer.page.one("p", "total").text

    await officer.send_all({"chon_v-complex": "1"}, press="xem")

    assert officer.heading == "Tiếp nhận hồ sơ trực tuyến"
    assert first < officer.page.one("time", "leaf")["datetime"] == "2026-12-03T17:00+07:00"


async def test_an_agreed_time_of_a_submission_is_asked_in_full(
    office: Office, at_desk: Hire
) -> None:
    dossier = await submitted(office)
    officer = await at_desk("reception")
    await officer.open(f"{dossier}/buoc/T03")

    await officer.send_all({"chon_v-agreed": "1"}, 422)

    assert len(officer.faults) == 2
    assert [each["href"] for each in officer.page.one("div", "errors").all("a")] == [
        "#chon_agreed-day",
        "#chon_agreed-paper",
    ]


async def test_an_online_submission_is_sent_back_or_refused(office: Office, at_desk: Hire) -> None:
    officer = await at_desk("reception")
    lacking, wrong = await submitted(office), await submitted(office)

    await step(officer, lacking, "T04", items="Bản chính", reason="Ảnh mờ")
    assert "Chờ bổ sung trước tiếp nhận" in officer.page.text
    await step(officer, wrong, "T07", reason="Sai nơi", right_agency="Xã Hai")
    await officer.send()

    assert "Từ chối tiếp nhận" in officer.page.text
    assert "Cơ quan có thẩm quyền: Xã Hai" in officer.page.text


async def test_an_own_error_is_corrected_in_a_new_dossier(at_desk: Hire) -> None:
    """T25: the returned dossier stays, a new one with its own clock is free of charge."""
    dossier = await walked(
        at_desk,
        ("reception", "T08"),
        ("field", "T16"),
        ("leader", "T18"),
        ("clerk", "T19"),
    )
    officer = await at_desk("reception")
    await handed_over(officer, dossier)

    await step(officer, dossier, "T25", reason="Ghi sai số trang")
    assert officer.heading.startswith("Biên nhận")
    await officer.open(dossier)

    assert "Hồ sơ đính chính 1" in officer.page.text


async def test_a_failed_write_gives_the_form_back_to_be_sent_again(
    at_desk: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    with monkeypatch.context() as broken:

        async def fail(*_: object, **__: object) -> None:
            raise ConnectionError

        broken.setattr("motcua.web.counter.reception.receive.receive", fail)
        await officer.send_all(
            {"nguoi.name": "Bà Bền", **{f"g0.{k}": str(v) for k, v in COPY_ANSWERS.items()}},
            503,
            press="luu",
        )

    assert "Những gì bạn nhập vẫn còn" in officer.page.text
    await officer.send()

    assert "Bà Bền" in officer.page.text
    assert officer.heading.startswith("Biên nhận")


async def test_nobody_approves_what_they_appraised(office: Office, at_desk: Hire) -> None:
    """Rules §2.3: the same person may not appraise and approve, unless the tenant allows it."""
    here = await desk(office.house, SLUG)
    name = f"both.{SLUG}"
    await staff.create(
        office.house, here, username=name, password=PASSWORD, roles=["field", "leader"]
    )
    dossier = await walked(at_desk, ("reception", "T08"))
    officer = Officer(office, "both")
    await officer.sign_in()
    await step(officer, dossier, "T16", opinion="Đủ điều kiện")

    assert "Bạn đã thẩm định hồ sơ này" in officer.page.one("dl", "why").text
    assert officer.button == []
    await officer.open(f"{dossier}/buoc/T18", 403)
    assert "Bạn đã thẩm định hồ sơ này" in officer.page.text


async def test_a_leader_signs_in_the_name_of_an_assigned_signer(
    office: Office, at_desk: Hire
) -> None:
    """Signers are dated data: one without an account signed on paper."""
    here = await desk(office.house, SLUG)
    async with work(office.house.engine, here.id) as writing:
        await writing.execute(_SIGNER, here.id, office.house.new_id(), office.clock())
    dossier = await walked(at_desk, ("reception", "T08"), ("field", "T16"))
    leader = await at_desk("leader")
    await leader.open(f"{dossier}/buoc/T18")
    options = [each["value"] for each in leader.page.with_id("signer").all("option")]

    await leader.send(422)
    assert leader.faults
    await leader.send(signer=options[1])

    assert "Người ký: Hoàng Minh Quân" in leader.page.text
    async with work(office.house.engine, here.id) as writing:
        await writing.execute("delete from signer where tenant_id = $1", here.id)


_SIGNER = """
insert into signer (tenant_id, id, staff_id, full_name, title, act, scope,
                    authorised_certifier, valid_from, valid_to, capacity)
values ($1, $2, null, 'Hoàng Minh Quân', 'Chủ tịch', 'QĐ 1', '{}', false, $3, null,
        'own')
"""


async def test_a_payment_is_asked_for_and_confirmed(at_desk: Hire) -> None:
    """T12 pauses the clock, T13 lets it run on (rules §2.3)."""
    dossier = await walked(at_desk, ("reception", "T08"))
    field, cashier = await at_desk("field"), await at_desk("cashier")
    await field.open(f"{dossier}/buoc/T12")

    await field.send(422, amount="năm mươi", ground="Thông tư 226")
    assert "Số tiền (đồng): chưa đúng kiểu" in field.faults[0]
    await field.send(amount="50.000")
    assert "Tạm dừng: chờ nộp phí" in field.page.text
    await step(cashier, dossier, "T13", receipt="BL 7")

    assert "Số biên lai: BL 7" in cashier.page.text


async def test_a_limit_is_extended_by_a_case_of_the_procedure(at_desk: Hire) -> None:
    """Decree 23/2015 art. 21: up to two more working days."""
    dossier = await walked(at_desk, ("reception", "T08"))
    officer = await at_desk("field")

    await step(officer, dossier, "T28", variant="complex", ground="Nhiều trang")

    assert "Hạn kéo dài có căn cứ" in officer.page.text
    assert "thứ Năm 03/12/2026" in officer.page.text
