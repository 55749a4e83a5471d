"""Receiving visits through the form that a definition generates."""

import io
from uuid import UUID

import pytest
from pypdf import PdfReader

from core.web.counter.conftest import Hire
from fakes.office import Office
from fakes.officer import COPY_TYPED, fields_of, received

pytestmark = pytest.mark.anyio
NO_LIMIT = "2.002516"
PARTIES = "2.000913"
SAMPLE = "9.999001"
FACTS = {
    "nguoi.name": "Nguyễn Thị An",
    "g0.event_kind": "khai sinh",
    "g0.registered_at": "Xã Hai, 1990",
    "g0.content": "Ngày sinh",
    "g0.purpose": "Hồ sơ hưu trí",
    "g0.copies": "1",
    "g0.evidence": "1",
}


async def test_a_certified_copy_gets_its_code_fee_due_time_and_secret(at_desk: Hire) -> None:
    officer = await at_desk("reception")

    await received(officer)

    page = officer.page.text
    assert officer.heading.startswith("Biên nhận 2026-")
    assert "99001-261201-" in page
    assert "12.000 đ" in page.replace("\xa0", " ")
    assert officer.page.one("time", "leaf")["datetime"] == "2026-12-01T17:00+07:00"
    secret = officer.page.all("tr")[1].all("td")[-1].text
    assert len(secret) == 16
    assert "http://test.local/t/phuong-mot/tra-cuu" in page


async def test_all_faults_are_told_at_once_and_nothing_typed_is_lost(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/1.001193")
    typed = {
        "nguoi.name": "Nguyễn Thị Ánh",
        "nguoi.id_number": "0271900012",
        "g0.child_birth_date": "31/2/2026",
        "g0.copy_count": "hai",
        "g0.mother.birth": "1/1/2030",
    }

    await officer.send_all(typed, 422, press="luu")

    assert officer.faults == [
        "Người nộp – Số định danh: số định danh cá nhân gồm đúng 12 chữ số.",
        "Quan hệ với người được khai sinh: chưa nhập.",
        "Họ, chữ đệm, tên người được khai sinh: chưa nhập.",
        "Ngày, tháng, năm sinh: hãy gõ một ngày có thật, ví dụ 03/09/1994.",
        "Giới tính: chưa nhập.",
        "Dân tộc: chưa nhập.",
        "Quốc tịch: chưa nhập.",
        "Nơi sinh: chưa nhập.",
        "Quê quán: chưa nhập.",
        "Thông tin về người mẹ – Họ, chữ đệm và tên: chưa nhập.",
        "Thông tin về người mẹ – Ngày hoặc năm sinh: không được sau ngày hôm nay.",
        "Đã xem: Giấy chứng sinh hoặc giấy tờ thay thế: chưa nhập.",
        "Số lượng bản sao: chưa đúng kiểu; số thì chỉ gõ chữ số, ví dụ 2 hoặc 2.000.",
    ]
    assert officer.page.one("title").text.startswith("Lỗi: ")
    kept = fields_of(officer.form())
    assert {name: kept[name] for name in typed} == typed


async def test_every_fault_leads_to_a_field_that_is_there(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open(f"/tiep-nhan/{NO_LIMIT}")

    await officer.send(422, press="luu")

    links = [link["href"] for link in officer.page.one("div", "errors").all("a")]
    for link in links:
        assert officer.page.with_id(link.removeprefix("#")).tag in {"input", "select", "textarea"}
    assert "#g0_due-day" in links


async def test_every_procedure_has_a_form_that_can_be_drawn_and_sent_back(
    office: Office, at_desk: Hire
) -> None:
    """The whole catalogue: every kind of field, condition and repeat in it."""
    officer = await at_desk("reception")
    codes = [each.definition.code for each in office.house.catalogue.current(office.house.today())]

    for code in codes:
        await officer.open(f"/tiep-nhan/{code}")
        await officer.send(422, press="luu")
        assert officer.faults, code
    assert len(codes) >= 75


async def test_a_procedure_without_a_limit_asks_for_a_date_and_its_ground(at_desk: Hire) -> None:
    """Rules §15.1: a limit is never guessed."""
    officer = await at_desk("reception")
    await officer.open(f"/tiep-nhan/{NO_LIMIT}")

    await officer.send_all(FACTS, 422, press="luu")
    assert officer.faults == [
        "Ngày hẹn trả do cán bộ ấn định – Ngày: chưa nhập.",
        "Căn cứ của ngày hẹn: chưa nhập.",
    ]
    await officer.send_all({"g0_due-day": "32/12/2026"}, 422, press="luu")
    assert "ngày có thật" in officer.faults[0]
    await officer.send_all(
        {"g0_due-day": "10/12/2026", "g0_due-hour": "9h30", "g0_due-ground": "Công văn 12"},
        press="luu",
    )

    assert officer.page.one("time", "leaf")["datetime"] == "2026-12-10T09:30+07:00"
    await officer.open(officer.link("/ho-so/"))
    assert "Công văn 12" in officer.page.text


async def test_a_later_time_agreed_in_writing_needs_date_and_paper(at_desk: Hire) -> None:
    """Decree 23/2015 art. 21: longer by written agreement."""
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")

    await officer.send_all(COPY_TYPED | {"g0_v-agreed": "1"}, 422, press="luu")
    assert officer.faults == [
        "Thời điểm trả theo thỏa thuận – Ngày: chưa nhập.",
        "Văn bản thỏa thuận: chưa nhập.",
    ]
    (seen,) = [each for each in officer.page.all("details", "more") if "thỏa thuận" in each.text]
    assert "open" in seen.attributes
    await officer.send_all(
        {"g0_agreed-day": "4/12/2026", "g0_agreed-paper": "Phiếu hẹn 7"}, press="luu"
    )

    assert officer.page.one("time", "leaf")["datetime"] == "2026-12-04T17:00+07:00"


async def test_fees_and_due_time_are_shown_before_anything_is_stored(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")

    await officer.send_all(COPY_TYPED | {"g0.foreign_issued": "1"}, press="tinh")

    text = officer.page.text.replace("\xa0", " ")
    assert "Phải thu 12.000 đ" in text
    assert "hợp pháp hóa lãnh sự" in text
    assert officer.page.one("time", "leaf")["datetime"] == "2026-12-01T17:00+07:00"
    assert officer.path == "/tiep-nhan/2.000815"


async def test_several_papers_make_one_visit_with_one_receipt_and_one_total(
    at_desk: Hire,
) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")

    await officer.send_all(COPY_TYPED, press="them-giay")
    second = {
        "g1.document_type": "giấy tờ xe",
        "g1.document_title": "Đăng ký xe",
        "g1.page_count": "1",
    }
    await officer.send_all(second, 422, press="luu")
    assert officer.faults == ["Giấy 2 – Số bản sao: chưa nhập."]
    await officer.send_all({"g1.copy_count": "1"}, press="luu")

    assert len(officer.page.all("a", "code")) == 2
    assert "14.000 đ" in officer.page.text.replace("\xa0", " ")
    assert "Mỗi hồ sơ một giấy hẹn, 2 trang trong một tệp in." in officer.page.text
    answer = await officer.client.get(officer.base + officer.link("/phieu.pdf"))
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 2


async def test_a_paper_taken_out_leaves_the_others_as_they_were(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED, press="them-giay")
    await officer.send_all({"g1.document_title": "Bằng"}, press="them-giay")
    await officer.send_all({"g2.document_title": "Sổ"}, press="bo-giay:0")

    kept = fields_of(officer.form())

    assert [kept["g0.document_title"], kept["g1.document_title"]] == ["Bằng", "Sổ"]
    assert kept["so"] == "2"


async def test_rows_of_a_repeated_field_can_be_added_and_taken_out(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open(f"/tiep-nhan/{PARTIES}")
    await officer.send_all({"g0.parties[0].name": "Bà Một"}, press="them:g0.parties")
    await officer.send_all({"g0.parties[1].name": "Ông Hai"}, press="bo:g0.parties:0")

    kept = fields_of(officer.form())

    assert kept["g0.parties[0].name"] == "Ông Hai"
    assert kept["g0.parties#"] == "1"
    assert "g0.parties[1].name" not in kept


@pytest.mark.parametrize("press", ["them:g0.khong-co", "bo:g0.parties:x", "bo-giay:7", "la"])
async def test_a_button_that_does_not_exist_changes_nothing(at_desk: Hire, press: str) -> None:
    officer = await at_desk("reception")
    await officer.open(f"/tiep-nhan/{PARTIES}")

    await officer.send_all({"g0.parties[0].name": "Bà Một"}, press=press)

    assert fields_of(officer.form())["g0.parties[0].name"] == "Bà Một"


async def test_a_field_is_asked_only_where_its_condition_holds(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open(f"/tiep-nhan/{SAMPLE}")
    assert "Chỉ khi" in officer.page.with_id("g0-place-only").text

    await officer.send(422, press="luu")
    assert not any("Địa chỉ nhận" in fault for fault in officer.faults)
    await officer.send_all({"g0.way": "bưu chính"}, 422, press="luu")

    assert "Địa chỉ nhận: chưa nhập." in officer.faults


async def test_a_double_click_receives_once(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    form = officer.page

    await officer.send_all(COPY_TYPED, press="luu")
    first = officer.heading
    officer.page = form
    await officer.send_all(COPY_TYPED, press="luu")

    assert officer.heading == first


async def test_a_slip_is_shown_to_its_officer_only(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await received(officer)
    slip = officer.path
    other = await at_desk("head")

    await other.open(slip, 404)

    assert other.heading == "Không còn biên nhận này"
    await officer.open("/phieu/khong-co", 404)
    assert officer.link("/tiep-nhan") == "/tiep-nhan"


async def test_a_search_finds_procedures_without_accents_and_by_code(at_desk: Hire) -> None:
    officer = await at_desk("reception")

    await officer.open("/tiep-nhan?q=khai+sinh")
    names = [each.text for each in officer.page.all("ul", "chooser")[0].all("a")]
    await officer.open("/tiep-nhan?q=2.000815")

    assert all("khai sinh" in name.lower() for name in names)
    assert officer.path == "/tiep-nhan/2.000815"
    await officer.open("/tiep-nhan?q=xyzxyz")
    assert "Không thấy thủ tục nào" in officer.page.text


async def test_whoever_is_not_at_the_reception_is_told_and_led_back(at_desk: Hire) -> None:
    officer = await at_desk("field")

    await officer.open("/tiep-nhan", 403)

    assert "Vai trò của bạn" in officer.page.text
    assert officer.link("/quay/") == "/"


async def test_an_unknown_procedure_is_told_with_a_way_back(at_desk: Hire) -> None:
    officer = await at_desk("reception")

    await officer.open("/tiep-nhan/9.123456", 404)

    assert "9.123456" in officer.page.text
    assert officer.link("/quay/") == "/"


async def test_same_again_adds_a_paper_like_the_one_before(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED, press="lai-giay")
    await officer.send_all({"g1.document_title": "Học bạ"}, press="lai-giay")

    kept = fields_of(officer.form())
    assert [kept[f"g{at}.document_title"] for at in range(3)] == [
        "Giấy khai sinh",
        "Học bạ",
        "Học bạ",
    ]
    assert {kept[f"g{at}.copy_count"] for at in range(3)} == {"3"}

    await officer.send(press="luu")

    rows = officer.page.one("table").all("tr")
    assert len(rows) == 4
    assert "36.000 đ" in officer.page.text.replace("\xa0", " ")


async def test_several_people_with_one_payer_get_one_receipt(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED, press="lai-giay")
    await officer.send_all(
        {"g1_nguoi.name": "Trần Văn Bình", "nguoi_tra": "Công ty Thử"}, press="luu"
    )

    page = officer.page.text
    assert officer.heading.startswith("Biên nhận")
    assert "Trần Văn Bình" in page
    assert "Công ty Thử" in page
    assert page.count("Nguyễn Thị Ánh") == 1


async def test_what_is_wrong_about_another_person_stands_at_their_field(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED, press="lai-giay")

    await officer.send_all(
        {"g1_nguoi.name": "Trần Văn Bình", "g1_nguoi.id_number": "12"}, 422, press="luu"
    )

    (fault,) = officer.faults
    assert fault.startswith("Giấy 2 – Người yêu cầu khác với người nộp – Số định danh:")


async def test_an_exemption_asks_for_its_proof_and_the_receipt_names_it(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.001035")
    deed = {
        "nguoi.name": "Nguyễn Thị Ánh",
        "g0.transaction_type": "thế chấp",
        "g0.parties_a[0].name": "Nguyễn Thị Ánh",
        "g0.parties_b[0].name": "Ngân hàng Thử",
        "g0.asset_type": "động sản",
        "g0.draft": "1",
        "g0.copy_count": "2",
        "g0_x-rural-loan": "1",
    }

    await officer.send_all(deed, 422, press="luu")
    assert officer.faults[0].endswith("hãy ghi tên hoặc số giấy tờ chứng minh được miễn.")
    (link,) = officer.page.one("div", "errors").all("a")
    assert officer.page.with_id(link["href"].removeprefix("#")).tag == "input"

    await officer.send_all({"g0_p-rural-loan": "Giấy xác nhận 15/XN"}, press="luu")

    assert "Miễn theo: Giấy xác nhận 15/XN" in officer.page.text


async def test_odd_digits_and_zero_characters_are_no_reason_to_fall_over(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    for path in ("/?xong=²", "/tiep-nhan?q=²", f"/tiep-nhan?q={'9' * 5000}"):
        await officer.open(path)
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED, press="bo-giay:²")
    await officer.send_all({"khoa": "x", f"tra.{UUID(int=1)}": "²"}, press="bo:g0.x:²")

    await officer.send_all(COPY_TYPED | {"nguoi.name": "Nguyễn\x00 Ánh"}, press="luu")

    assert "Nguyễn Ánh" in officer.page.text


async def test_a_return_of_an_odd_version_hands_nothing_over(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    dossier = (await received(officer)).split("/")[-1]
    await officer.open("/tra")
    token = {"_csrf_token": officer.client.cookies["motcua_csrf"]}
    sent = token | {"xem": dossier, f"tra.{dossier}": "²", "ten": "Nguyễn Thị Ánh"}

    officer.read(await officer.client.post(f"{officer.base}/tra", data=sent), 422)

    assert officer.faults[0] == "Chưa chọn kết quả nào để giao."
