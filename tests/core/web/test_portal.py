"""The portal's pages, as a browser without scripts gets them."""

import datetime as dt

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from core.web.conftest import Visit
from fakes.html import parse
from fakes.portal import CODE, SECRET, WANTED, FakeReads
from motcua.registry.loading import load_registry
from motcua.web.portal.catalogue import papers


def test_the_first_page_lists_the_communes_with_their_figures(visit: Visit) -> None:
    page = visit("/")

    assert page.one("h1").text == "Thủ tục hành chính của xã, phường, ngay trên điện thoại"
    tables = page.all("table")
    assert tables[1].one("tfoot").text == "Cả thành phố 11.738 101 99,1 %"
    assert tables[1].all("a")[0]["href"] == "/t/don-vi-0-2018/"
    assert "258,7 hồ sơ một tháng" in page.one("div", "lift").text


def test_figures_are_not_invented_where_nothing_was_processed(visit: Visit) -> None:
    today = visit("/").all("table")[0]

    assert today.one("tfoot").text == "Cả ba phường 0 0 –"


def test_the_period_is_chosen_by_two_dates(visit: Visit, reads: FakeReads) -> None:
    page = visit("/?from=2018-03-01&to=31/3/2018")

    assert reads.period == (dt.date(2018, 3, 1), dt.date(2018, 3, 31))
    assert "Kỳ 01/03/2018–31/03/2018" in page.one("div", "lift").text


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("from=1/2/2018&to=31/2/2018", "to", "“31/2/2018” không phải là ngày"),
        ("from=1/1/2026&to=31/12/9999", "to", "“31/12/9999” không phải là ngày"),
        ("from=1/3/2018&to=1/2/2018", "to", "Ngày cuối phải sau ngày đầu"),
        ("from=1/3/2018", "to", "Hãy cho cả ngày đầu và ngày cuối"),
        ("to=1/3/2018", "from", "Hãy cho cả ngày đầu và ngày cuối"),
    ],
)
def test_a_wrong_period_keeps_what_was_typed_and_says_what_is_wrong(
    visit: Visit, query: str, field: str, words: str
) -> None:
    page = visit(f"/?{query}", status=422)

    assert page.one("title").text.startswith("Lỗi: ")
    assert page.one("div", "errors").one("a")["href"] == f"#{field}"
    assert words in page.with_id(f"{field}-err").text
    assert "open" in page.one("details", "more").attributes


def test_communes_are_found_without_accents(visit: Visit) -> None:
    page = visit("/?q=dap+cau")

    assert [each.text for each in page.one("tbody").all("a")] == ["Phường Đáp Cầu"]
    assert not page.all("tfoot")


def test_two_units_of_one_name_are_told_apart_by_when_one_ended(visit: Visit) -> None:
    today, ended = visit("/?q=vo+cuong").all("tbody")

    assert today.one("th").text == "Phường Võ Cường"
    assert ended.one("th").text.endswith("Đã kết thúc 30/06/2025; nay thuộc Phường Võ Cường")
    assert [each["href"] for each in ended.one("th").all("a")] == [
        "/t/don-vi-5-2018/",
        "/t/vo-cuong/",
    ]


def test_an_ended_unit_without_a_known_successor_leads_to_the_list(visit: Visit) -> None:
    told = visit("/t/tp-bac-ninh-2018/").all("div", "note")[0]

    assert "chưa ghi đơn vị nào thay" in told.text
    assert told.one("a")["href"] == "/"


def test_a_search_without_result_offers_the_way_back(visit: Visit) -> None:
    page = visit("/?q=ha+noi")

    assert page.one("div", "empty").one("a")["href"] == "/"


def test_a_dossier_code_on_the_first_page_leads_to_its_commune(
    client: TestClient[Litestar],
) -> None:
    answer = client.get(f"/?q={CODE}", follow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/t/vo-cuong/tra-cuu?ma={CODE}"


def test_a_dossier_code_in_the_search_of_procedures_leads_to_the_dossier(
    client: TestClient[Litestar],
) -> None:
    answer = client.get(f"/t/vo-cuong?q={CODE.lower()}", follow_redirects=False)

    assert answer.headers["location"] == f"/t/vo-cuong/tra-cuu?ma={CODE}"


def test_a_commune_shows_what_is_often_asked_for_and_all_its_fields(visit: Visit) -> None:
    page = visit("/t/vo-cuong/")

    assert [each.one("b").text for each in page.all("a", "row")][1:] == [
        "Chứng thực chữ ký trong các giấy tờ, văn bản",
        "Đăng ký khai sinh",
    ]
    assert "Trong ngày · 2.000 đ một trang" in page.all("a", "row")[0].text
    assert [each.text for each in page.one("ul", "fields").all("a")] == [
        "Chứng thực 2",
        "Hộ tịch 2",
        "Tất cả 4",
    ]


def test_procedures_are_found_without_accents_in_any_order(visit: Visit) -> None:
    page = visit("/t/vo-cuong/?q=sinh+khai")

    assert [each["href"] for each in page.all("a", "row")] == ["/t/vo-cuong/thu-tuc/1.001193"]


def test_a_field_lists_its_procedures(visit: Visit) -> None:
    page = visit("/t/vo-cuong/?linh-vuc=ho-tich")

    assert len(page.all("a", "row")) == 2
    assert page.all("h3")[0].text == "Hộ tịch"


def test_an_ended_commune_names_its_successor(visit: Visit) -> None:
    page = visit("/t/vo-cuong-2018/")

    notice = page.one("div", "note")
    assert "kết thúc hoạt động ngày 30/06/2025" in notice.text
    assert notice.one("a")["href"] == "/t/vo-cuong/"
    assert "không nhận hồ sơ mới" in page.one("div", "empty").text


def test_a_procedure_says_limit_fee_and_the_date_if_sent_now(visit: Visit) -> None:
    page = visit("/t/vo-cuong/thu-tuc/2.000815")

    glance = page.one("dl", "glance").text
    assert "Thời hạn Trong ngày" in glance
    assert "chậm nhất 17:00 thứ Sáu 27/11/2026" in glance
    papers = page.all("ul", "need")[0].all("p")
    assert [each.text for each in papers] == [
        "Mang theo để xem, không phải nộp.",
        "Nộp 1 bản sao. Chỉ khi: cơ quan không có phương tiện để chụp.",
    ]
    assert "nhiều loại bản chính, nhiều trang: thêm 2 ngày làm việc" in page.text.replace(
        "Nhiều", "nhiều"
    )


def test_a_case_that_begins_with_only_if_says_so_once() -> None:
    definition = next(
        each.definition
        for each in load_registry().definitions()
        if each.definition.code == "2.000635"
    )
    (paper,) = [each for each in papers(definition) if "nơi cư trú theo khoản 2" in each.when]

    assert paper.lead == ""
    assert paper.when.startswith("Chỉ khi không khai thác được")


def test_the_look_up_explains_the_due_date_day_by_day(visit: Visit) -> None:
    page = visit(f"/t/vo-cuong/tra-cuu?ma={CODE}")

    assert page.one("time", "leaf")["datetime"] == "2026-11-25T17:00+07:00"
    assert page.one("span", "due").text == "Còn 1 ngày làm việc"
    assert page.one("div", "note").text == (
        "Hồ sơ đang chờ lãnh đạo ký. Kết quả trả chậm nhất 17:00 thứ Tư 25/11/2026. "
        "Bạn chưa phải làm gì."
    )
    assert len(page.one("ol", "days").all("li")) == 7
    assert [each.classes for each in page.one("ol", "tl").all("li")] == [
        ["done"],
        ["done"],
        ["done"],
        ["done"],
        ["now"],
        ["todo"],
    ]


def test_the_code_alone_shows_nothing_personal(visit: Visit) -> None:
    page = visit(f"/t/vo-cuong/tra-cuu?ma={CODE}")

    assert "Nguyễn Thị Ánh Tuyết" not in page.text
    assert page.one("form")["method"] == "post"


def sent(client: TestClient[Litestar], **typed: str) -> tuple[int, str]:
    """The look-up form as a browser sends it, with the token of the page before."""
    form = parse(client.get("/t/vo-cuong/tra-cuu").text).one("form")
    token = next(each["value"] for each in form.all("input") if each["name"] == "_csrf_token")
    answer = client.post("/t/vo-cuong/tra-cuu", data={"_csrf_token": token, **typed})
    return answer.status_code, answer.text


def test_a_pause_is_told_day_by_day_and_no_date_that_does_not_stand(visit: Visit) -> None:
    page = visit(f"/t/vo-cuong/tra-cuu?ma={WANTED.code}")

    counted = page.with_id("han")
    assert counted.one("h2").text == "Đã tính những ngày nào?"
    assert [each.text for each in counted.all("span", "day__n")] == [
        "chưa tính",
        "ngày 1",
        "không tính",
        "không tính",
    ]
    assert not counted.all("li", "day--due")
    assert "hẹn" not in page.one("ol", "tl").text


def test_the_secret_shows_who_applied_with_a_masked_number(client: TestClient[Litestar]) -> None:
    status, text = sent(client, ma=CODE, bi_mat=SECRET)

    assert status == 200
    facts = parse(text).one("dl", "facts").text
    assert facts == "Họ tên Nguyễn Thị Ánh Tuyết Số định danh 0271******12"


def test_a_wrong_secret_answers_like_an_unknown_code(client: TestClient[Litestar]) -> None:
    wrong = sent(client, ma=CODE, bi_mat="sai")
    unknown = sent(client, ma="09190-261119-9999", bi_mat="sai")

    assert wrong[0] == unknown[0] == 404
    assert parse(wrong[1]).with_id("ma-err").text == parse(unknown[1]).with_id("ma-err").text


def test_the_form_sent_back_can_be_sent_again(client: TestClient[Litestar]) -> None:
    _, text = sent(client, ma="không phải mã")
    form = parse(text).one("form")
    fields = {each["name"]: each.get("value") for each in form.all("input")}

    answer = client.post("/t/vo-cuong/tra-cuu", data={**fields, "ma": CODE})

    assert fields["ma"] == "không phải mã"
    assert answer.status_code == 200


def test_the_secret_is_never_written_back(client: TestClient[Litestar]) -> None:
    _, text = sent(client, ma="sai", bi_mat="bi-mat-cua-toi")

    assert "bi-mat-cua-toi" not in text


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ("", 422, "Gõ mã hồ sơ"),
        ("abc", 422, "Mã hồ sơ có dạng 09190-261119-0031"),
        ("09190-261119-9999", 404, "Không thấy hồ sơ có mã này ở đây"),
    ],
)
def test_a_look_up_that_fails_says_why_at_the_field(
    client: TestClient[Litestar], typed: str, status: int, words: str
) -> None:
    got, text = sent(client, ma=typed)

    assert got == status
    assert words in parse(text).with_id("ma-err").text
    assert parse(text).one("title").text.startswith("Lỗi: ")


def test_a_waiting_dossier_has_no_leaf_and_says_what_to_do(visit: Visit) -> None:
    page = visit("/t/vo-cuong/tra-cuu?ma=09190-261112-0003")

    assert not page.all("time", "leaf")
    assert page.one("span", "due").text == "Tạm dừng: chờ bổ sung"
    assert "Hãy nộp thêm giấy tờ" in page.one("div", "note").text


def test_pages_that_show_a_dossier_are_never_stored(client: TestClient[Litestar]) -> None:
    answer = client.get(f"/t/vo-cuong/tra-cuu?ma={CODE}")

    assert answer.headers["cache-control"] == "no-store"


def test_a_late_dossier_gets_an_apology(visit: Visit) -> None:
    page = visit("/t/vo-cuong/tra-cuu?ma=09190-261116-0044")

    assert "chúng tôi xin lỗi" in page.one("div", "note").text
    assert page.one("span", "due").text == "Quá hạn 2 ngày làm việc"
