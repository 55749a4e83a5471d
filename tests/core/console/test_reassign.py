"""Giving on what somebody holds: seen first, an answer for each, an act in each chain."""

import re

import pytest

from core.console.conftest import Come
from fakes.console import hidden
from fakes.office import APPLICANT, OTHER, SLUG, Office
from motcua.services import staff
from motcua.services.house import desk

pytestmark = pytest.mark.anyio


async def number(office: Office, role: str, slug: str = SLUG) -> int:
    return await staff.account_id(office.house, await desk(office.house, slug), f"{role}.{slug}")


async def test_what_an_officer_holds_moves_to_another(office: Office, come: Come) -> None:
    where = await desk(office.house, SLUG)
    await staff.create(
        office.house,
        where,
        username="moi.den",
        password="mot-mat-khau-kha-dai",  # noqa: S106 - of an account that lives as long as a test
        roles=["field"],
        full_name="Người Mới",
        permanent=True,
    )
    holder, dossiers = await number(office, "field"), []
    for _ in range(3):
        dossier = await office.received()
        dossier |= (await office.step(dossier, "T08", "reception")).json()
        given = {"holder": f"field.{SLUG}"}
        dossier |= (await office.step(dossier, "T37", "head", data=given)).json()
        dossiers.append(dossier)
    visitor = await come()
    page = await visitor.get(f"chuyen-ho-so?tu={holder}")
    ticks = re.findall(r'name="ho_so" value="([^"]+)"', page.text)
    sent = {"tu": str(holder), "den": "moi.den", "khoa": hidden(page, "khoa"), "ho_so": ticks}
    await office.step(dossiers[2], "T16", "field")

    moved = await visitor.post("chuyen-ho-so", sent)
    wrong = await visitor.post("chuyen-ho-so", sent | {"den": f"clerk.{SLUG}"})

    assert len(ticks) == 3
    assert APPLICANT["name"] not in page.text
    assert moved.status_code == 200
    assert "Đã chuyển 2/2 hồ sơ" in moved.text
    events = await office.ask("GET", f"/dossiers/{dossiers[0]['id']}/events", by="head")
    last = events.json()["events"][-1]
    assert (last["transition"], last["actor"], last["role"]) == ("T37", "Cán bộ admin", "admin")
    assert last["data"]["holder"] == "Người Mới"
    assert wrong.status_code == 422
    assert "Người Mới" in (await visitor.get("chuyen-ho-so")).text
    assert "Cán bộ field → moi.den" in (await visitor.get("nhat-ky")).text


async def test_what_is_refused_says_why_and_leaves_the_others_alone(
    office: Office, come: Come
) -> None:
    holder, visitor = await number(office, "field"), await come()
    dossier = await office.received()
    dossier |= (await office.step(dossier, "T08", "reception")).json()
    given = {"holder": f"field.{SLUG}"}
    dossier |= (await office.step(dossier, "T37", "head", data=given)).json()
    page = await visitor.get(f"chuyen-ho-so?tu={holder}")
    sent = {"tu": str(holder), "khoa": hidden(page, "khoa")}
    stale = sent | {"den": f"head.{SLUG}", "ho_so": f"{dossier['id']}@1"}

    answer = await visitor.post("chuyen-ho-so", stale)
    not_theirs = await visitor.post(
        "chuyen-ho-so", stale | {"den": f"clerk.{SLUG}", "khoa": "k2", "ho_so": dossier["id"]}
    )

    assert "Đã chuyển 0/1 hồ sơ" in answer.text
    assert "Người nhận không làm việc ở bước này" in not_theirs.text


async def test_nothing_of_another_unit_moves(office: Office, come: Come) -> None:
    theirs = await office.received(OTHER)
    visitor = await come()
    base = {"tu": str(await number(office, "field")), "khoa": "k"}

    for sent, words in (
        ({"den": f"field.{OTHER}", "ho_so": theirs["id"]}, "Hãy chọn một trong"),
        ({"den": f"head.{SLUG}", "ho_so": f"{theirs['id']}@1"}, "ít nhất một hồ sơ"),
        ({"den": f"head.{SLUG}", "ho_so": "x@y"}, "ít nhất một hồ sơ"),
        ({"tu": "0", "den": f"head.{SLUG}"}, "Hãy chọn một trong"),
    ):
        answer = await visitor.post("chuyen-ho-so", base | sent)
        assert answer.status_code == 422
        assert words in answer.text
    assert theirs["code"] not in (await visitor.get("chuyen-ho-so")).text
