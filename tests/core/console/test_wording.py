"""Messages and slips in a unit's own words: checked, previewed, used, told."""

import uuid

import pytest

from core.console.conftest import Come
from fakes.console import hidden
from fakes.office import SLUG, Office
from motcua.services import codes
from motcua.services.house import desk
from motcua.services.messages import PHONE, Reach, latest

pytestmark = pytest.mark.anyio

OWN = "Phuong Mot: ma cua ban {mã}, dung trong {số phút} phut."


async def test_a_message_goes_out_in_the_units_own_words(office: Office, come: Come) -> None:
    visitor = await come()

    preview = await visitor.post("tin-nhan", {"code": OWN, "lam": "xem"})
    before = (await desk(office.house, SLUG)).settings.get("messages")
    kept = await visitor.post("tin-nhan", {"code": OWN, "lam": "ghi"})

    assert "Phuong Mot: ma cua ban 123456, dung trong 10 phut." in preview.text
    assert "1 tin ngắn" in preview.text
    assert (before, kept.status_code) == (None, 303)
    here = await desk(office.house, SLUG)
    await codes.send(office.house, here, "draft", uuid.uuid4(), Reach(PHONE, "0912345678"))
    body = (await latest(office.house, here))[0].body
    assert "{code}" in here.settings["messages"]["code"]
    assert body.startswith("Phuong Mot: ma cua ban ")
    assert "10 phut" in body
    history = (await visitor.get("nhat-ky")).text
    assert OWN in history
    assert "Mã xác nhận số điện thoại" in history
    await visitor.post("tin-nhan", {"code": "", "lam": "ghi"})
    assert "messages" not in (await desk(office.house, SLUG)).settings


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Mã của bạn", "Tin này phải có {mã}"),
        ("{mã} {ho_ten}", "Không dùng được chỗ điền {ho_ten}"),
        ("{mã.x}", "Không dùng được chỗ điền {mã.x}"),
        ("{mã", "Dấu ngoặc nhọn chưa đúng"),
        ("{mã}" + "ằ" * 250, "Hãy viết ngắn lại"),
    ],
)
async def test_words_that_cannot_be_sent_are_refused_and_kept_in_the_form(
    come: Come, body: str, words: str
) -> None:
    answer = await (await come()).post("tin-nhan", {"code": body, "lam": "ghi"})

    assert answer.status_code == 422
    assert words in answer.text
    assert f">{body}</textarea>" in answer.text


async def test_slips_say_what_the_unit_adds(office: Office, come: Come) -> None:
    visitor = await come()
    seen = hidden(await visitor.get("chu-phieu"), "thay")
    form = {"opening": "Xin cảm ơn", "contact": "Hỏi quầy số 1", "note": "Mang theo căn cước"}

    long = await visitor.post("chu-phieu", form | {"note": "ă" * 141})
    kept = await visitor.post("chu-phieu", form | {"thay": seen})
    second = await visitor.post("chu-phieu", {"note": "khác", "thay": seen})

    assert (long.status_code, kept.status_code, second.status_code) == (422, 303, 409)
    assert (await desk(office.house, SLUG)).settings["slip_texts"] == form
    assert "Mang theo căn cước" in (await visitor.get("nhat-ky")).text


async def test_the_second_of_two_sees_what_the_first_changed_and_decides(
    office: Office, come: Come
) -> None:
    visitor = await come()
    seen = hidden(await visitor.get("chu-phieu"), "thay")
    await visitor.post("chu-phieu", {"note": "Của người thứ nhất"})

    refused = await visitor.post("chu-phieu", {"note": "Của tôi", "thay": seen})
    mine = hidden(refused, "note")
    kept = await visitor.post("chu-phieu", {"note": mine})

    assert refused.status_code == 409
    assert "Cán bộ admin đã thay đổi" in refused.text
    assert "<ins>Của người thứ nhất</ins>" in refused.text
    assert mine == "Của tôi"
    assert kept.status_code == 303
    assert (await desk(office.house, SLUG)).settings["slip_texts"] == {"note": "Của tôi"}
