"""The money of one dossier at the counter: taken, given back, undone, each with its own entry."""

import pytest

from core.web.counter.conftest import Hire
from fakes.office import Office
from fakes.officer import COPY_TYPED, Officer
from motcua.plugin.texts import text

pytestmark = pytest.mark.anyio


async def money(officer: Officer, way: str) -> str:
    """Receive a certified copy paid by *way*; answers the address of its money."""
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED | {"tra": way}, press="luu")
    address = f"{officer.link('/ho-so/')}/tien"
    await officer.open(address)
    return address


def said(officer: Officer) -> str:
    return officer.page.text.replace("\xa0", " ")


async def test_what_was_left_open_is_taken_with_change(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await money(officer, "later")

    await officer.send_all({"tien_dua": "10"}, 422, press="thu")
    assert officer.faults == ["Tiền khách đưa chưa đủ: phải thu 12.000 đồng."]
    await officer.send_all({"tien_dua": "20"}, press="thu")

    assert "Đã thu đủ" in said(officer)
    assert "Trả lại 8.000 đ" in said(officer)


async def test_money_is_given_back_with_a_reason_of_a_withdrawn_dossier(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    address = await money(officer, "cash")
    await officer.open(address.replace("/tien", "/buoc/T22"))
    await officer.send_all({"reason": "Đổi ý"})
    await officer.send_all({}, press="")
    await officer.open(address)

    await officer.send_all({"ly_do": ""}, 422, press="hoan")
    assert officer.faults == ["Lý do: chưa nhập."]
    await officer.send_all({"ly_do": "Rút hồ sơ", "so_tien": "12.000"}, press="hoan")

    assert "Hoàn tiền, phiếu 2026-000001" in said(officer)
    assert "Rút hồ sơ" in said(officer)


async def test_a_day_on_which_more_went_out_than_came_in_can_be_closed(
    office: Office, at_desk: Hire
) -> None:
    officer = await at_desk("reception")
    address = await money(officer, "cash")
    await officer.open("/chot-ngay")
    await officer.send_all({"dem": "12000", "ly_do": "Dọn quỹ"}, form="/chot-ngay")
    office.clock.advance(days=1)
    try:
        cashier = await at_desk("cashier")
        await cashier.open(address)
        await cashier.send_all({"ly_do": "Thu thừa", "so_tien": "5.000"}, press="hoan")
        await cashier.open("/chot-ngay")
        await cashier.send_all({"dem": "20"}, 422, form="/chot-ngay")
        assert cashier.faults == ["Tiền đếm được lệch 25.000 đ: hãy ghi lý do."]
        await cashier.send_all({"dem": "0", "ly_do": "Lấy tiền lẻ"}, form="/chot-ngay")
    finally:
        office.clock.advance(days=-1)

    assert "Lấy tiền lẻ" in said(cashier)
    assert "\N{MINUS SIGN}5.000 đ" in said(cashier)


async def test_what_came_by_transfer_goes_back_so_unless_said_otherwise(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await money(officer, "transfer")

    await officer.send_all({"ly_do": "Thu thừa", "so_tien": "5.000"}, press="hoan")
    transferred, cash = text("counter.pay.transfer"), text("counter.pay.cash")
    assert transferred in said(officer).split("Hoàn tiền, phiếu")[1]
    await officer.send_all({"ly_do": "Thu nhầm", "so_tien": "1.000", "tra": "cash"}, press="hoan")

    assert cash in said(officer).split("Hoàn tiền, phiếu")[2]


async def test_a_receipt_entered_wrongly_is_undone_and_taken_anew(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    address = await money(officer, "cash")
    (which,) = [each for each in officer.page.all("select") if each["name"] == "khoan"]
    receipt = which.all("option")[0]["value"]

    await officer.send_all({"khoan": receipt, "ly_do": "Nhầm người"}, press="huy")

    assert "đã hủy" in said(officer)
    assert "Chưa thu 12.000 đ" in said(officer)
    await officer.open(address)
    await officer.send_all({"khoan": receipt, "ly_do": "x"}, 422, press="huy")
    assert "đã hủy hoặc đã hoàn tiền" in officer.faults[0]


@pytest.mark.parametrize(("way", "asked"), [("cash", False), ("later", True)])
async def test_the_dossiers_page_tells_what_is_paid_and_asks_for_it_no_more(
    at_desk: Hire, way: str, asked: bool
) -> None:
    officer, field = await at_desk("reception"), await at_desk("field")
    address = (await money(officer, way)).removesuffix("/tien")
    await officer.open(address)
    await officer.send(form="/buoc/T08")

    await field.open(address)

    assert ("Chưa thu 12.000 đ" in said(field)) is asked
    assert ("Đã thu 12.000 đ, biên lai 2026-" in said(field)) is not asked
    assert ("Đã thu, biên lai 2026-" in said(field)) is not asked
    links = [each.get("href") for each in field.page.all("a")]
    assert any("/buoc/T12" in each for each in links) is asked


async def test_who_takes_no_money_is_told_whose_it_is(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    address = await money(officer, "later")
    other = await at_desk("field")
    await other.open(address)

    await other.send_all({}, 422, press="thu")

    assert "Thu tiền: công chức tiếp nhận hoặc thủ quỹ" in other.faults[0]


async def test_a_double_submit_takes_it_once(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await money(officer, "later")
    form = officer.page

    await officer.send_all({}, press="thu")
    officer.page = form
    await officer.send_all({}, press="thu")

    assert said(officer).count("Đã thu, biên lai") == 1


async def test_money_asked_for_anew_on_a_page_that_was_sent_already_is_not_called_done(
    at_desk: Hire,
) -> None:
    officer = await at_desk("reception")
    await money(officer, "cash")
    page = officer.page
    back = {"ly_do": "Thu nhầm", "so_tien": "2.000"}
    await officer.send_all(back, press="hoan")
    officer.page = page

    await officer.send_all(back | {"so_tien": "4.000"}, 422, press="hoan")

    assert officer.faults[0].startswith("Trang này đã gửi một lần")
    assert "2.000 đ" in said(officer)
    assert "4.000 đ" not in said(officer)
