"""A visit as a basket: who came by their card, papers of several kinds, money and change."""

import pytest

from core.web.counter.conftest import Hire
from fakes.officer import COPY_TYPED, Officer, fields_of, received

pytestmark = pytest.mark.anyio
SIGNATURE = "2.000884"
CARD = "027190001234|123456789|Nguyen Thi Anh|01011990|Nữ|P. Mot|01012021"


def text(officer: Officer) -> str:
    return officer.page.text.replace("\xa0", " ")


async def test_a_card_of_somebody_known_fills_them_in_and_names_the_source(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await received(officer)
    code = officer.page.all("a", "code")[0].text
    await officer.open("/tiep-nhan")

    await officer.send(q=CARD)

    kept = fields_of(officer.form())
    assert (kept["nguoi.id_number"], kept["nguoi.name"]) == ("027190001234", "Nguyễn Thị Ánh")
    assert f"Lấy từ hồ sơ {code}" in text(officer)
    assert officer.form()["action"].endswith("/tiep-nhan/2.000815")


async def test_of_an_unknown_card_only_the_digits_are_trusted(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")

    await officer.send_all({"nguoi.id_number": CARD.replace("1234|", "9999|")}, press="tinh")

    kept = fields_of(officer.form())
    assert (kept["nguoi.id_number"], kept["nguoi.name"]) == ("027190009999", "")
    assert "gõ họ tên như trên thẻ" in text(officer)
    assert officer.faults == []


async def test_another_card_takes_the_place_of_the_person(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await received(officer)
    await officer.open("/tiep-nhan/2.000815")
    person = {"nguoi.name": "Người Khác", "nguoi.phone": "0912000111", "nguoi.id_number": "1"}

    await officer.send_all(person | {"quet": CARD}, press="quet")

    kept = fields_of(officer.form())
    assert (kept["nguoi.name"], kept["nguoi.phone"]) == ("Nguyễn Thị Ánh", "")


async def test_words_in_the_choice_are_searched_and_a_digit_is_the_usual_procedure(
    at_desk: Hire,
) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan")
    await officer.send(q="khai sinh")
    assert officer.answer.url.params["q"] == "khai sinh"

    await officer.open("/tiep-nhan")
    await officer.send(q="1")

    assert officer.path == "/tiep-nhan/2.000815"


async def test_papers_of_two_procedures_make_one_visit_and_one_receipt(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED | {"tt_moi": SIGNATURE}, press="them-giay")
    signature = {
        "g1.document_title": "Sơ yếu lý lịch",
        "g1.signing_mode": "ký",
        "g1.signer_count": "1",
        "g1.document_count": "1",
        "tien_dua": "50",
    }

    await officer.send_all(signature, press="tinh")
    assert "Trả lại 28.000 đ" in text(officer)
    assert ", 6 trang" in text(officer)
    await officer.send(press="luu")

    assert len(officer.page.all("a", "code")) == 2
    said = text(officer)
    assert ", 6 trang" in said
    assert "Đã thu, biên lai 2026-" in said
    assert "22.000 đ" in said
    assert "28.000 đ" in said


async def test_a_title_left_empty_says_the_kind_of_paper(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")

    await officer.send_all(COPY_TYPED | {"g0.document_title": ""}, press="luu")
    await officer.open(officer.link("/ho-so/"))

    assert officer.page.text.count("giấy khai sinh") >= 2


async def test_too_little_money_receives_nothing_and_says_what_is_due(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")

    await officer.send_all(COPY_TYPED | {"tien_dua": "10"}, 422, press="luu")

    assert officer.faults == ["Tiền khách đưa chưa đủ: phải thu 12.000 đồng."]
    await officer.send_all({"tien_dua": "hai mươi"}, 422, press="luu")
    assert officer.page.with_id("tien_dua")["aria-invalid"] == "true"
    await officer.send_all({"tien_dua": ""}, press="luu")
    assert officer.heading.startswith("Biên nhận")


async def test_money_that_is_paid_later_is_not_in_the_ledger(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")

    await officer.send_all(COPY_TYPED | {"tra": "later"}, press="luu")

    assert "Chưa thu 12.000 đ" in text(officer)
    assert "biên lai" not in text(officer)


async def test_a_double_submit_takes_the_money_once(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    form = officer.page

    await officer.send_all(COPY_TYPED | {"tien_dua": "20"}, press="luu")
    first = text(officer)
    officer.page = form
    await officer.send_all(COPY_TYPED | {"tien_dua": "20"}, press="luu")

    assert text(officer) == first
    assert first.count("Đã thu") == 1


async def test_the_sums_follow_while_faults_are_not_told_yet(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED, press="them-giay")

    await officer.send(press="xem")

    assert officer.faults == []
    assert officer.page.with_id("tong")["data-total"] == "12000"
    assert "Còn 1 giấy chưa nhập đủ" in text(officer)


async def test_an_unknown_procedure_of_a_paper_counts_as_that_of_the_page(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")

    await officer.send_all(COPY_TYPED | {"g0_tt": "9.123456"}, press="luu")

    assert officer.heading.startswith("Biên nhận")
