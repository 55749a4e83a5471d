"""Keys in the console: shown once, withdrawn with a name, never another unit's."""

import re
from typing import Any

import pytest

from core.console.conftest import Come
from fakes.console import hidden
from fakes.office import OTHER, Office

pytestmark = pytest.mark.anyio


async def test_a_key_is_shown_once_and_withdrawn_with_a_name(come: Come) -> None:
    visitor = await come()
    seen = hidden(await visitor.get("khoa-api"), "thay")
    form = {"ten": "Cổng tỉnh", "pham_vi": "figures", "het_han": "31/12/2026", "thay": seen}
    made = await visitor.post("khoa-api", form)
    again = await visitor.post("khoa-api", form)
    (key,) = re.findall(r'id="khoa">([^<]+)<', made.text)
    page = await visitor.get("khoa-api")
    (number,) = re.findall(r'action="[^"]*/khoa-api/([0-9a-f-]{36})"', page.text)

    gone = await visitor.post(f"khoa-api/{number}", {"ten": "Cổng tỉnh"})

    assert (made.status_code, again.status_code, gone.status_code) == (200, 409, 303)
    assert made.headers["cache-control"] == "no-store"
    assert key not in page.text
    assert f"{key[:10]}…" in page.text
    after = (await visitor.get("khoa-api")).text
    assert "Đã thu hồi" in after
    assert "Cán bộ admin" in after
    history = (await visitor.get("nhat-ky")).text
    assert f"Cổng tỉnh ({key[:10]}…)" in history
    assert key not in history


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ten": ""}, "Chưa nhập"),
        ({"ten": "x" * 101}, "Dài quá"),
        ({"pham_vi": []}, "Hãy chọn ít nhất một việc"),
        ({"pham_vi": ["figures", "everything"]}, "Hãy chọn ít nhất một việc"),
        ({"het_han": "31/02/2027"}, "Ngày chưa đúng"),
        ({"het_han": "30/11/2026"}, "Ghi từ hôm nay trở đi"),
    ],
)
async def test_a_key_that_cannot_be_is_asked_again(
    come: Come, wrong: dict[str, Any], words: str
) -> None:
    form = {"ten": "Cổng", "pham_vi": ["figures"], "het_han": ""} | wrong

    answer = await (await come()).post("khoa-api", form)

    assert answer.status_code == 422
    assert words in answer.text


async def test_a_key_of_another_unit_cannot_be_withdrawn(office: Office, come: Come) -> None:
    theirs = await come("admin", OTHER)
    await theirs.post("khoa-api", {"ten": "Kín", "pham_vi": "figures"})
    page = (await theirs.get("khoa-api")).text
    (number,) = re.findall(r'action="[^"]*/khoa-api/([0-9a-f-]{36})"', page)

    answer = await (await come()).post(f"khoa-api/{number}", {"ten": "Kín", "tenant_id": "102"})

    assert answer.status_code == 404
    assert "Không có khóa này" in answer.text
    assert (await theirs.get("khoa-api")).text.count("Thu hồi</button>") == 1
    del office
