"""Accounts in the console: opened, given roles, closed, let in; never one's own."""

import dataclasses
import html
import re

import pytest

from core.console.conftest import PROVINCE_SLUG, Come
from fakes.console import Visitor, hidden
from fakes.office import PASSWORD, SLUG, Office
from motcua.services import staff
from motcua.services.house import desk

pytestmark = pytest.mark.anyio

NEW = {"ho_ten": "Lê Thị Mới", "mat_khau": "mot-mat-khau-dai-la", "vai": ["reception", "clerk"]}


async def number(visitor: Visitor, name: str) -> str:
    """The number of the person called *name*."""
    page = await visitor.get("can-bo")
    found = re.search(rf'/can-bo/(\d+)">{name}<', page.text)
    assert found, page.text
    return found[1]


async def test_an_account_is_opened_and_signs_in(office: Office, come: Come) -> None:
    visitor = await come()

    answer = await visitor.post("can-bo", NEW | {"ten_dang_nhap": "moi.phuong-mot"})

    assert answer.status_code == 303
    who = {"username": "moi.phuong-mot", "password": NEW["mat_khau"]}
    signed = await office.client.post(f"/t/{SLUG}/api/v1/sessions", json=who)
    assert signed.status_code == 201, signed.text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ten_dang_nhap": "admin.phuong-mot"}, "đã có"),
        ({"ten_dang_nhap": "Tên Sai"}, ""),
        ({"mat_khau": "ngan"}, ""),
        ({"ho_ten": ""}, "Chưa nhập"),
        ({"vai": []}, "Hãy chọn"),
        ({"vai": ["supervisor"]}, "Hãy chọn"),
        ({"vai": ["citizen"]}, "Hãy chọn"),
    ],
)
async def test_an_account_that_cannot_be_is_refused(
    come: Come, wrong: dict[str, str], words: str
) -> None:
    answer = await (await come()).post("can-bo", NEW | {"ten_dang_nhap": "khac"} | wrong)

    assert answer.status_code == 422
    assert words in answer.text
    assert "mot-mat-khau-dai-la" not in answer.text


async def test_a_colleague_gets_other_roles(come: Come) -> None:
    visitor = await come()
    person = await number(visitor, "Cán bộ cashier")
    seen = hidden(await visitor.get(f"can-bo/{person}"), "thay")

    answer = await visitor.post(
        f"can-bo/{person}", {"lam": "vai", "vai": ["cashier", "head"], "thay": seen}
    )
    again = await visitor.post(f"can-bo/{person}", {"lam": "vai", "vai": "head", "thay": seen})

    assert (answer.status_code, again.status_code) == (303, 409)


@pytest.mark.parametrize("act", ["vai", "dong", "mat-khau"])
async def test_nobody_changes_their_own_rights(come: Come, act: str) -> None:
    visitor = await come()
    person = await number(visitor, "Cán bộ admin")
    page = await visitor.get(f"can-bo/{person}")
    other = hidden(await visitor.get(f"can-bo/{await number(visitor, 'Cán bộ head')}"), "thay")

    answer = await visitor.post(
        f"can-bo/{person}",
        {"lam": act, "vai": ["admin", "leader"], "mat_khau": PASSWORD, "thay": other},
    )

    assert "Đây là tài khoản của bạn" in page.text
    assert answer.status_code in (403, 409)


async def test_the_last_administrator_stays(come: Come) -> None:
    visitor = await come("admin", PROVINCE_SLUG)
    person = await number(visitor, "Cán bộ admin")

    answer = await visitor.post(f"can-bo/{person}", {"lam": "dong"})

    assert answer.status_code in (403, 409)
    assert (await visitor.get("can-bo")).status_code == 200


async def test_a_colleague_locked_out_is_let_in(office: Office, come: Come) -> None:
    name = "head.phuong-mot"
    for _ in range(6):
        wrong = {"username": name, "password": "khong-phai-mat-khau"}
        await office.client.post(f"/t/{SLUG}/api/v1/sessions", json=wrong)
    visitor = await come()
    person = await number(visitor, "Cán bộ head")
    page = await visitor.get(f"can-bo/{person}")

    await visitor.post(f"can-bo/{person}", {"lam": "cho-vao", "thay": hidden(page, "thay")})

    assert "Đang bị khóa" in page.text
    right = {"username": name, "password": PASSWORD}
    answer = await office.client.post(f"/t/{SLUG}/api/v1/sessions", json=right)
    assert answer.status_code == 201, answer.text


async def test_an_account_of_another_tenant_is_not_there(office: Office, come: Come) -> None:
    there = await come("admin", "xa-hai")
    person = await number(there, "Cán bộ leader")

    page = await (await come()).get(f"can-bo/{person}")
    answer = await (await come()).post(f"can-bo/{person}", {"lam": "dong"})

    assert (page.status_code, answer.status_code) == (404, 404)
    assert await office.token("leader", "xa-hai")


async def test_the_history_tells_what_happened_to_accounts(office: Office, come: Come) -> None:
    visitor = await come()
    form = {"ten_dang_nhap": "lan.moi", "ho_ten": "Lan", "mat_khau": PASSWORD, "vai": "field"}
    await visitor.post("can-bo", form)
    here = await desk(office.house, SLUG)
    person = await staff.account_id(office.house, here, "lan.moi")
    await staff.set_roles(office.house, here, person, ["leader", "clerk"])
    await staff.set_password(office.house, here, person, PASSWORD + "-2")
    await staff.deactivate(office.house, here, person)

    page = (await visitor.get("nhat-ky")).text

    assert "Cán bộ: lan.moi" in page
    assert "<del>Công chức chuyên môn</del>" in page
    assert "Được đặt mật khẩu mới" in page
    assert page.index("Đang làm việc") < page.index("Được đặt mật khẩu mới")
    assert PASSWORD not in page


async def test_a_lost_session_keeps_what_was_typed_but_no_password(
    office: Office, come: Come
) -> None:
    visitor = dataclasses.replace(await come(), token="gone")  # noqa: S106 - opens nothing
    form = {"ten_dang_nhap": "hoa.moi", "ho_ten": "Hoa", "mat_khau": "bí-mật-lắm-nhé"}
    lost = await visitor.post("can-bo", form | {"vai": ["field", "clerk"]})
    kept = html.unescape(hidden(lost, "giu"))
    back = html.unescape(hidden(lost, "tiep"))
    csrf = office.client.cookies["motcua_csrf"]
    said = {"username": f"admin.{SLUG}", "password": PASSWORD, "giu": kept, "tiep": back}

    resumed = await office.client.post(
        f"/t/{SLUG}/quay/dang-nhap", data=said | {"_csrf_token": csrf}
    )

    assert lost.status_code == 401
    assert back == f"/t/{SLUG}/admin/can-bo"
    assert "bí-mật-lắm-nhé" not in lost.text + resumed.text
    assert f'action="{back}"' in resumed.text
    for name, value in (("ten_dang_nhap", "hoa.moi"), ("vai", "field"), ("vai", "clerk")):
        assert f'name="{name}" value="{value}"' in resumed.text
    office.client.cookies.delete("motcua_quay")
