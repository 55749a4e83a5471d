"""Entered by mistake: two persons with their passwords, and nobody reads the dossier."""

import pytest

from core.console.conftest import Come
from fakes.office import APPLICANT, PASSWORD, Office

pytestmark = pytest.mark.anyio

TWO = {"ly_do": "Nhập trùng", "nguoi_hai": "head.phuong-mot", "mat_khau": PASSWORD}


async def state(office: Office, dossier: str) -> str:
    answer = await office.ask("GET", f"/dossiers/{dossier}", by="field")
    found: str = answer.json()["state"]
    return found


async def test_two_persons_take_a_dossier_back(office: Office, come: Come) -> None:
    dossier = await office.received()

    answer = await (await come()).post("go-nham", TWO | {"ma": dossier["code"]})

    assert answer.status_code == 303, answer.text
    assert await state(office, dossier["id"]) == "withdrawn"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ma": "99001-261201-9999"}, "không có hồ sơ"),
        ({"mat_khau": "khong-phai"}, ""),
        ({"nguoi_hai": "admin.phuong-mot"}, "người thứ hai"),
        ({"nguoi_hai": "reception.phuong-mot"}, "người thứ hai"),
        ({"nguoi_hai": "head.xa-hai"}, ""),
        ({"ly_do": ""}, "Chưa nhập"),
    ],
)
async def test_one_person_alone_takes_nothing_back(
    office: Office, come: Come, wrong: dict[str, str], words: str
) -> None:
    dossier = await office.received()

    answer = await (await come()).post("go-nham", TWO | {"ma": dossier["code"]} | wrong)

    assert answer.status_code == 422
    assert words in answer.text
    assert APPLICANT["name"] not in answer.text
    assert await state(office, dossier["id"]) == "received"


async def test_what_is_decided_stays(office: Office, come: Come) -> None:
    visitor = await come()
    dossier = await office.received()
    await visitor.post("go-nham", TWO | {"ma": dossier["code"]})

    again = await visitor.post("go-nham", TWO | {"ma": dossier["code"]})

    assert again.status_code == 422
    assert "không gỡ được nữa" in again.text
