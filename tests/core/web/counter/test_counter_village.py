"""A village day at the counter: made, printed, entered line by line, closed."""

import pytest

from core.services.shop import COPY
from core.web.counter.conftest import Hire
from fakes.office import SLUG, Office
from fakes.officer import Officer, fields_of
from motcua.services import offers
from motcua.services.house import desk
from motcua.services.village_days import Number, Sheet, VillageDay
from motcua.web.counter.village_lines import SheetForm

pytestmark = pytest.mark.anyio

PLAN = {
    "ngay": "01/12/2026",
    "noi": "Nhà văn hóa thôn Đông",
    "so.2.000815": "4",
    "so.2.000884": "2",
}


async def test_a_village_day_at_the_counter(at_desk: Hire) -> None:
    clerk, officer = await at_desk("clerk"), await at_desk("reception")
    await clerk.open("/so")
    await clerk.open(clerk.link("/luu-dong"))
    await clerk.send_all(PLAN, form="/luu-dong")
    assert clerk.heading == "Ngày lưu động 01/12/2026, Nhà văn hóa thôn Đông"
    await officer.open("/so")
    assert "SCT/CK,ĐC Sổ" in officer.page.text
    assert "(còn 4 số) Ngày lưu động" in officer.page.text
    await officer.open(clerk.path)
    assert not [each for each in officer.page.all("form") if "/dong" in each["action"]]
    await officer.open(officer.link("/to/1"))
    assert officer.heading.startswith("Tờ 1: Chứng thực bản sao")
    numbers = [each.text for each in officer.page.all("th") if each.get("scope") == "row"]
    assert numbers == ["1", "2", "3", "4"]

    await officer.send_all({}, form="/to/1", press="luu")
    assert "Chưa có dòng nào được điền." in officer.page.text
    wrong = (
        copy(1, "0740", "Trần Thị An", "027190001234")
        | same(2, "25:99")
        | same(3, "8h10")
        | {"d2.g0.page_count": "0", "d3.g0.page_count": "0"}
    )
    await officer.send_all(wrong, 422, form="/to/1", press="luu")

    lines = [each.partition(":")[0] for each in officer.faults]
    assert lines == ["Số 2", "Số 2", "Số 3"]  # the hour, and what else is wrong with it
    assert "Ghi 1 dòng đúng, dòng lỗi để lại" in officer.page.text
    assert fields_of(officer.form("/to/1")).items() >= wrong.items()
    sheet = officer.form("/to/1")
    good = fields_of(sheet) | dict.fromkeys(same(2, ""), "") | {"lam": "dung"}
    for _ in range(2):  # pressed twice, what has faults stays
        officer.read(await officer.client.post(sheet["action"], data=good), 422)
        assert "Đã ghi 1 dòng" in officer.page.text
        assert [each.partition(":")[0] for each in officer.faults] == ["Số 3"]
        assert "data-unsaved" in officer.answer.text
        assert "dòng đúng, dòng lỗi để lại" not in officer.page.text
    passport = {"d3.g0.page_count": "2", "d3.nguoi.id_number": "C1234567"}
    await officer.send_all(passport, form="/to/1", press="luu")
    assert officer.path.endswith("/to/1")
    assert [row.text for row in officer.page.all("b") if row.text == "Trần Thị An"] == [
        "Trần Thị An"
    ] * 2


def copy(number: int, at: str, name: str, id_number: str = "") -> dict[str, str]:
    """A line of the sheet of copies."""
    said = {
        "gio": at,
        "nguoi.name": name,
        "nguoi.id_number": id_number,
        "g0.document_type": "giấy khai sinh",
        "g0.page_count": "2",
        "g0.copy_count": "3",
    }
    return {f"d{number}.{field}": value for field, value in said.items()}


def same(number: int, at: str) -> dict[str, str]:
    """A line that says what the one above it says, but for its time."""
    return dict.fromkeys(copy(number, "", ""), '"') | {f"d{number}.gio": at}


async def made(officer: Officer) -> str:
    """The address of a village day that was just made."""
    await officer.open("/luu-dong")
    await officer.send_all(PLAN, form="/luu-dong")
    return officer.path


async def test_a_sheet_sent_twice_is_entered_once_and_a_colleague_is_told(at_desk: Hire) -> None:
    roles = ("clerk", "reception", "reception")
    clerk, officer, colleague = [await at_desk(role) for role in roles]
    day = await made(clerk)
    for each in (officer, colleague):
        await each.open(f"{day}/to/1")
    first, second = (
        copy_of(officer, "0740", "Lê Văn Một"),
        copy_of(officer, "0750", "Lê Thị Hai", 1),
    )
    sheet = officer.form("/to/1")
    whole = fields_of(sheet) | first | second | {"lam": "luu"}

    for _ in range(2):
        officer.read(await officer.client.post(sheet["action"], data=whole), 200)
        assert "Đã ghi 2 dòng" in officer.page.text
    await colleague.send_all(first | second, 422, form="/to/1", press="luu")

    assert len(colleague.faults) == 2
    assert "đã được nhập: hồ sơ 99001-261201-" in colleague.faults[0]
    assert "Lê Văn Một. Vừa gõ ở dòng này: Lê Văn Một." in colleague.faults[0]
    assert not colleague.has(next(iter(first)))


def copy_of(officer: Officer, at: str, name: str, place: int = 0) -> dict[str, str]:
    """A line of the sheet that is open, by its place."""
    numbers = [int(each.text) for each in officer.page.all("th") if each.get("scope") == "row"]
    return copy(numbers[place], at, name)


async def test_a_day_is_printed_and_closed_with_reasons_for_spoilt_lines(at_desk: Hire) -> None:
    clerk, officer = await at_desk("clerk"), await at_desk("reception")
    day = await made(clerk)
    await officer.open(f"{day}/to/1")
    await officer.send_all(copy_of(officer, "0740", "Lê Văn Một"), form="/to/1", press="luu")
    pdf = await clerk.client.get(f"{clerk.base}{day}/to-giay.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    await clerk.open(day)
    spoilt = next(each["name"] for each in clerk.page.all("input") if "hong." in each.get("name"))

    await clerk.send_all({"ly_do": " "}, 422, form="/dong")
    assert clerk.faults == ["Lý do: chưa nhập."]
    await clerk.send_all({"ly_do": "Không dùng", spoilt: "Viết hỏng"}, form="/dong")
    assert "5 số dưới đây sẽ bị hủy" in clerk.page.text
    assert "Tờ này chưa nhập dòng nào" in clerk.page.text
    numbers = [each.text for each in clerk.page.all("li") if ", SCT/" in each.text]
    assert len(numbers) == 5
    assert sum(each.endswith(": Viết hỏng") for each in numbers) == 1
    await clerk.send_all({}, form="/dong")

    assert "Hủy 2 số:" in clerk.page.text
    assert "Đã dùng 1 Đã hủy 5 Chưa dùng 0 Tiền mặt phải có 12.000 đ" in clerk.page.text
    await clerk.open("/so/trang?so=SCT/BS&nam=2026")
    assert "Hủy: Viết hỏng" in clerk.page.text
    await officer.open(f"{day}/to/1")
    assert "d2.gio" not in fields_of(officer.form("/to/1"))


async def test_only_the_reception_enters_and_only_those_who_keep_books_make_one(
    at_desk: Hire,
) -> None:
    clerk, officer = await at_desk("clerk"), await at_desk("reception")
    day = await made(clerk)

    await clerk.open(f"{day}/to/1", 403)
    await officer.open("/luu-dong")
    assert not [each for each in officer.page.all("form") if each["action"].endswith("/luu-dong")]
    for path in ("/luu-dong/khong-phai", f"{day}/to/9"):
        await officer.open(path, 404)
    await clerk.open("/luu-dong")
    await clerk.send_all({"ngay": "hôm nay", "so.2.000815": "x"}, 422, form="/luu-dong")
    assert len(clerk.faults) == 2
    await clerk.send_all({"ngay": "01/12/2020", "noi": ""}, 422, form="/luu-dong")


async def test_what_holds_for_every_line_is_said_once(office: Office, at_desk: Hire) -> None:
    clerk, officer = await at_desk("clerk"), await at_desk("reception")
    day = await made(clerk)
    await officer.open(f"{day}/to/2")
    (first, *_) = [int(each.text) for each in officer.page.all("th") if each.get("scope") == "row"]
    line = {
        "gio": "0745",
        "nguoi.name": "Hồ Thị Ký",
        "g0.document_title": "Giấy ủy quyền",
        "g0.signing_mode": "ký",
        "g0.signer_count": "1",
        "g0.document_count": "2",
    }
    typed = {f"d{first}.{name}": value for name, value in line.items()}
    typed |= {"chung.g0.outside_office": "1", "chung.g0.outside_place": "Thôn Đông"}

    await officer.send_all(typed, 422, form="/to/2", press="luu")
    assert "Mỗi dòng chỉ ghi một số, việc này cần 2 × SCT/CK" in officer.faults[0]
    await officer.send_all({f"d{first}.g0.document_count": "1"}, form="/to/2", press="luu")

    dossier = officer.link("/ho-so/").rpartition("/")[2]
    told = (await office.ask("GET", f"/dossiers/{dossier}", by="field")).json()["answers"]
    assert (told["outside_office"], told["outside_place"]) == (True, "Thôn Đông")


async def test_a_signer_who_is_not_of_the_day_is_a_fault_and_nobody_elses_name_is_booked(
    office: Office,
) -> None:
    house = office.house
    here = await desk(house, SLUG)
    definition = offers.procedure(house, here, COPY).definition
    number = Number(number=1, status="reserved")
    now = house.now()
    sheet = Sheet(
        procedure=COPY,
        block=house.new_id(),
        book="SCT/BS",
        year=2026,
        reserved_at=now,
        closed=False,
        numbers=(number,),
    )
    one = VillageDay(
        id=house.new_id(),
        place="Thôn Đông",
        officer="Lê Thị Tiếp",
        day=now.date(),
        signers=("Trần Văn Ký", "Lê Thị Ký"),
        made_at=now,
        made_by="",
        closed_at=None,
        closed_by="",
        sheets=(sheet,),
    )
    typed = copy(1, "0740", "Trần Thị An") | {"d1.ky": "Phạm Văn Lạ"}
    _, wrong = SheetForm(here, definition, one, one.leaves[0], typed).lines()

    assert [(each.field, each.fault) for each in wrong[1]] == [("ky", "village.signer-day")]
