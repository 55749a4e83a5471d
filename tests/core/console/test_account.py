"""The account that fees go to: checked, kept, told, and taken away again."""

import pytest

from core.console.conftest import Come
from fakes.console import hidden
from fakes.office import PASSWORD, SLUG, Office
from motcua.domain.transfer import BankAccount
from motcua.services.house import desk
from motcua.services.transfers import account_of

pytestmark = pytest.mark.anyio

FORM = {"bank": "Ngân hàng Thử", "bin": "970 499", "number": "1234 5678", "holder": "UBND XÃ MỘT"}
SURE = {"mat_khau": PASSWORD}


async def test_an_account_is_kept_shown_with_a_code_and_taken_away(
    office: Office, come: Come
) -> None:
    visitor = await come()
    before = (await visitor.get("tai-khoan")).text
    assert 'class="qr"' not in before

    refused = await visitor.post("tai-khoan", FORM | {"mat_khau": "khac"})
    assert "Mật khẩu hoặc mã không đúng" in refused.text
    assert refused.status_code == 422
    kept = await visitor.post("tai-khoan", FORM | SURE)

    assert kept.headers["location"].endswith("?xong=account")
    found = account_of(office.house, await desk(office.house, SLUG))
    assert found == BankAccount(
        bank="Ngân hàng Thử", bin="970499", number="12345678", holder="UBND XÃ MỘT"
    )
    page = await visitor.get("tai-khoan")
    assert 'class="qr"' in page.text
    told = (await visitor.get("nhat-ky")).text
    for words in ("Tài khoản thu phí", "Chủ tài khoản", "12345678"):
        assert words in told
    assert "console.place" not in told
    assert "console.column" not in told
    empty = dict.fromkeys(FORM, "") | SURE | {"thay": hidden(page, "thay")}
    await visitor.post("tai-khoan", empty)
    assert account_of(office.house, await desk(office.house, SLUG)) is None
    late = await visitor.post("tai-khoan", FORM | SURE | {"thay": hidden(page, "thay")})
    assert late.status_code == 409


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"bin": "97049"}, "Mã BIN có đúng 6 chữ số."),
        ({"number": "12-34"}, "Số tài khoản có từ 1 đến 19"),
        ({"holder": ""}, "Nhập ô này, hoặc để trống cả bốn ô."),
    ],
)
async def test_half_an_account_or_a_wrong_number_is_refused(
    office: Office, come: Come, wrong: dict[str, str], said: str
) -> None:
    answer = await (await come()).post("tai-khoan", FORM | SURE | wrong)

    assert answer.status_code == 422
    assert said in answer.text
    assert account_of(office.house, await desk(office.house, SLUG)) is None
