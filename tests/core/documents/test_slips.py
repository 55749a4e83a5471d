"""Slips: the set of forms by the day of issue (rules §13.10), QR, barcode, sizes, words."""

import datetime as dt
import io
import re
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader

from fakes.papers import CREST
from motcua.documents.papers import Sheet, draw
from motcua.documents.slips import (
    FORMS,
    Form,
    barcode,
    form_set,
    form_sets,
    framed,
    qr,
    templates,
)
from motcua.domain.tenant import SlipTexts

AT = dt.datetime(2026, 11, 26, 9, 0, tzinfo=dt.UTC)
MM = 72 / 25.4
PERSON = {
    "name": "Nguyễn Thị Ánh",
    "id_number": "027190001234",
    "address": "Số 12 đường Lê Thái Tổ",
    "phone": "0912345678",
    "email": "anh@example.vn",
}
PRINCIPAL = {
    "name": "Trần Văn Ủy",
    "id_number": "027150004321",
    "address": "Thôn Đông",
    "phone": "0987654321",
    "email": "uy@example.vn",
}


def moment(day: str, hour: str = "17") -> dict[str, str]:
    return {"hour": hour, "minute": "05", "day": day, "month": "11", "year": "2026"}


def told(form: Form, size: str = "a5", **changes: Any) -> dict[str, Any]:
    forms = form_sets()[-1]
    return {
        "size": size,
        "test": False,
        "again": False,
        "title": forms.titles[form],
        "number": f"0031{forms.suffixes[form]}",
        "above": "UBND Phường Một",
        "desk": forms.desk,
        "unit": f"{forms.desk} phường Một",
        "place": "Một",
        "issued": moment("19"),
        "code": "09190-261119-0031",
        "request": "Xác nhận tình trạng hôn nhân (1.004873)",
        "officer": "Lê Thị Tiếp",
        "phone": "0222 3811 811",
        "lookup": "https://motcua.example/t/phuong-mot/tra-cuu",
        "secret": "abcdefgh23456777",
        "qr": qr("https://motcua.example/"),
        "digits": "091902611190031",
        "barcode": barcode("091902611190031"),
        "person": PERSON,
        "principal": PRINCIPAL,
        "authority": "Giấy ủy quyền 15/2026",
        "items": ["Tờ khai", "Trích lục ly hôn"],
        "limit": "3 ngày làm việc",
        "received": moment("19", "09"),
        "due": moment("25"),
        "promised": moment("24"),
        "until": moment("23"),
        "provisional": True,
        "way": "Quầy số 2",
        "reason": "Thiếu bản chính",
        "agency": "UBND xã Hai",
    } | changes


ITEMS = [
    {"name": "Tờ khai", "originals": 1, "copies": 0},
    {"name": "Trích lục ly hôn", "originals": 1, "copies": 2},
    {"name": "Căn cước", "originals": 0, "copies": 0},
]


def pdf(form: Form, size: str = "a5", **changes: Any) -> PdfReader:
    if form == "F01":
        changes = {"items": ITEMS} | changes
    sheet = Sheet(template=f"slips/{form.lower()}.typ", data=told(form, size, **changes))
    return PdfReader(io.BytesIO(draw(templates(), [sheet], "Phiếu", AT)))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


WRITTEN: dict[Form, tuple[str, ...]] = {
    "F01": (
        "UBND PHƯỜNG MỘT",
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        "Số: 0031/TTPVHCC",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập – Tự do – Hạnh phúc",
        "Một, ngày 19 tháng 11 năm 2026",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "Mã hồ sơ: 09190-261119-0031",
        "Trung tâm Phục vụ hành chính công phường Một",
        *PERSON.values(),
        *PRINCIPAL.values(),
        "Giấy tờ ủy quyền: Giấy ủy quyền 15/2026",
        "Nội dung yêu cầu giải quyết: Xác nhận tình trạng hôn nhân (1.004873)",
        "1. Tờ khai: 1 bản chính",
        "2. Trích lục ly hôn: 1 bản chính, 2 bản sao",
        "3. Căn cước Số lượng",
        "(bộ)",
        "theo quy định: 3 ngày làm việc",
        "nhận hồ sơ: 09 giờ 05 phút, ngày 19/11/2026",
        "trả kết quả: 17 giờ 05 phút, ngày 25/11/2026 (thứ Tư)",
        "tạm tính",
        "nhận kết quả tại: Quầy số 2",
        "Quyển số",
        "Số thứ tự",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        "Lê Thị Tiếp",
        "abcdefgh23456777",
    ),
    "F02": (
        "/PBS-TTPVHCC",
        "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
        "Hồ sơ của: Nguyễn Thị Ánh",
        "Nội dung yêu cầu giải quyết: Xác nhận",
        "Số 12 đường Lê Thái Tổ",
        "0912345678",
        "anh@example.vn",
        "1. Tờ khai",
        "Lý do: Thiếu bản chính",
        "bổ sung trước: 17 giờ 05 phút, ngày 23/11/2026",
        "liên hệ Lê Thị Tiếp, số điện thoại 0222 3811 811",
        "NGƯỜI HƯỚNG DẪN",
    ),
    "F03": (
        "/PTC-TTPVHCC",
        "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        *PERSON.values(),
        "Mã hồ sơ: 09190-261119-0031",
        "Nội dung yêu cầu giải quyết: Xác nhận",
        "Thiếu bản chính",
        "UBND xã Hai",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
    ),
    "F04": (
        "/PXL",
        "PHIẾU XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
        "Kính gửi: Nguyễn Thị Ánh",
        "Ngày 19/11/2026, Trung tâm Phục vụ hành chính công phường Một",
        "Xác nhận tình trạng hôn nhân (1.004873)",
        "027190001234",
        "Mã hồ sơ: 09190-261119-0031",
        "hẹn trả kết quả: 17 giờ 05 phút, ngày 24/11/2026",
        "chưa có kết quả giải quyết",
        "Lý do: Thiếu bản chính",
        "xin lỗi Ông/Bà và hẹn trả kết quả vào: 17 giờ 05 phút, ngày 25/11/2026 (thứ Tư)",
        "tạm tính",
        "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ",
    ),
}
"""The fields of each form (rules §3.1–3.4)."""


@pytest.mark.parametrize("form", FORMS)
def test_every_field_of_a_form_stands_on_it(form: Form) -> None:
    found = words(pdf(form))

    assert [each for each in WRITTEN[form] if each not in found] == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("size", "wide", "high"), [("a5", 148, 210), ("a4", 210, 297)])
def test_a_slip_is_one_page_of_its_size(form: Form, size: str, wide: int, high: int) -> None:
    reader = pdf(form, size)

    (page,) = reader.pages
    assert (round(page.mediabox.width / MM), round(page.mediabox.height / MM)) == (wide, high)


def test_a_reprint_and_invented_data_say_so() -> None:
    plain, marked = words(pdf("F01")), words(pdf("F01", test=True, again=True))

    assert "DỮ LIỆU THỬ" not in plain
    assert "DỮ LIỆU THỬ – KHÔNG CÓ GIÁ TRỊ" in marked
    assert "(Bản in lại)" not in plain
    assert "(Bản in lại)" in marked


def test_what_is_not_known_is_left_for_the_pen() -> None:
    nobody = dict.fromkeys(PERSON, "") | {"name": "An"}

    found = words(
        pdf("F01", person=nobody, principal=None, due=None, items=[], barcode="", qr="", secret="")
    )

    assert re.search(r"Số điện thoại: \.{5}", found)
    assert re.search(r"Thời gian trả kết quả: \.{5}", found)
    assert "Theo ủy quyền" not in found
    assert "mã bí mật" not in found


def test_many_items_go_on_over_the_page_with_its_number() -> None:
    reader = pdf("F02", items=[f"Giấy tờ thứ {n} phải nộp lại" for n in range(1, 61)])

    assert len(reader.pages) > 1
    assert "09190-261119-0031 Trang 2" in words(reader)


def test_each_slip_of_a_visit_has_pages_of_its_own() -> None:
    one = Sheet(template="slips/f03.typ", data=told("F03"))

    reader = PdfReader(io.BytesIO(draw(templates(), [one, one], "Phiếu", AT)))

    assert len(reader.pages) == 2
    assert "Trang" not in words(reader)


@pytest.mark.parametrize(
    ("issued", "which"),
    [
        (dt.date(2018, 2, 1), "2018"),
        (dt.date(2018, 11, 23), "2018"),
        (dt.date(2025, 9, 14), "2018"),
        (dt.date(2025, 9, 15), "2025"),
        (dt.date(2026, 11, 26), "2025"),
    ],
)
def test_the_day_of_issue_chooses_the_set(issued: dt.date, which: str) -> None:
    assert form_set(issued, {}).id == which


def test_a_unit_may_begin_a_set_on_another_day() -> None:
    later = {"2025": dt.date(2025, 10, 1)}

    assert form_set(dt.date(2025, 9, 30), later).id == "2018"
    assert form_set(dt.date(2025, 10, 1), later).id == "2025"


def test_each_set_names_its_source_and_every_form() -> None:
    for each in form_sets():
        assert "TT-VPCP" in each.source
        assert set(each.titles) == set(each.suffixes) == set(FORMS)
    assert "hẹn lại ngày trả kết quả" in form_sets()[0].titles["F04"]


def test_the_barcode_is_code_128_of_the_digits() -> None:
    """Start C, pairs of digits, their weighted sum, stop: ISO/IEC 15417."""
    modules = _modules(barcode("2611190031"))

    widths = [len(run.group()) for run in re.finditer(r"(.)\1*", modules)]
    symbols = ["".join(map(str, widths[at : at + 6])) for at in range(0, len(widths) - 7, 6)]
    assert symbols[0] == "211232"
    assert symbols[1:6] == [_C["26"], _C["11"], _C["19"], _C["00"], _C["31"]]
    assert "".join(map(str, widths[-7:])) == "2331112"
    assert modules[0] == modules[-1] == "1"


_C = {"26": "321221", "11": "231212", "19": "221132", "00": "212222", "31": "212321"}
"""The patterns of the pairs in code set C, as widths of bars and spaces."""


def _modules(svg: str) -> str:
    """The bars of *svg*, without quiet zones, as ones and noughts."""
    black = {int(each) for each in re.findall(r"M(\d+) 0h1v", svg)}
    quiet = min(black)
    assert quiet == 10
    return "".join("1" if at in black else "0" for at in range(quiet, max(black) + 1))


def longest() -> dict[str, str]:
    """What a unit may add at most: as many letters as are taken, in long Vietnamese words."""
    said = "Nghiêng nghiêng thượng phường khuếch trương "
    limits = msgspec.json.schema(SlipTexts)["$defs"]["SlipTexts"]["properties"]
    most = {name: (said * 9)[: each["maxLength"]] for name, each in limits.items()}
    return {"opening": most["opening"], "ask": most["contact"], "note": most["note"]}


@pytest.mark.parametrize("form", FORMS)
def test_the_longest_words_of_a_unit_leave_a_slip_on_one_page(form: Form) -> None:
    added: dict[str, Any] = dict(longest())
    added |= {"items": [*ITEMS, ITEMS[0]]} if form == "F01" else {}

    reader = pdf(form, "a5", crest=framed(CREST, "image/png"), principal=None, **added)

    assert len(reader.pages) == 1
    for each in longest().values():
        assert each.split()[-2] in words(reader)
