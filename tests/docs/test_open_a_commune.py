"""The guide on opening a commune, followed from nothing to the first dossier."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from fakes.console import Visitor, hidden
from fakes.office import APPLICANT, COPY, COPY_ANSWERS, SLUG, Office, hire, opened
from motcua.console.grants import PAGES
from motcua.plugin.texts import text
from motcua.services import staff
from motcua.services.house import desk
from motcua.storage.owner import connected
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

GUIDE = Path(__file__).parents[2] / "docs/how-to/open-a-commune.md"
NEW, FILED, PASSWORD = "xa-moi", "xa-trong-tep", "mot-mat-khau-kha-dai"
PROVINCE = "tinh-thu"
UNIT = """
insert into tenant (id, slug, name, kind, type_vi, parent_id, codes, predecessors, successors,
                    hosts, settings, opened_on, closed_on, archived, config_version)
values (104, 'xa-trong-tep', 'Xã Trong Tệp', 'commune', 'Xã', 100,
        '[{"code": "99004", "valid_from": "2025-07-01", "valid_to": null}]',
        '[]', '[]', '{}', '{}', '2025-07-01', NULL, false, 1)
"""
FORM = {
    "mau": SLUG,
    "loai": "commune",
    "ten": "Xã Mới",
    "dia_chi": NEW,
    "ma": "99005",
    "tu_ngay": "01/12/2026",
    "ho_ten": "Nguyễn Văn Quản",
    "ten_dang_nhap": "quan-tri",
}
PEOPLE = {
    "tiep-nhan": ["reception", "cashier"],
    "chuyen-mon": ["field"],
    "chu-tich": ["leader"],
    "van-thu": ["clerk"],
    "quan-tri-2": ["admin"],
}


@pytest.fixture(scope="module")
async def office(
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    """An installation with a province, a commune at work, and a unit out of a file."""
    async with connected(database.owner_dsn) as owner:
        await owner.execute(UNIT)
    home = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home) as office:
        await hire(office.house, PROVINCE)
        yield office


async def opened_by_province(office: Office) -> str:
    """The first administrator's token, after the province opened the unit in its console."""
    visitor = Visitor(office, await office.token("supervisor", PROVINCE), PROVINCE)
    made = await visitor.post("mo-don-vi", FORM)
    assert made.status_code == 200, made.text
    (password,) = re.findall(r'id="mat-khau-dau">([^<]+)<', made.text)
    return await signed_in(office, NEW, "quan-tri", password)


async def opened_by_file(office: Office) -> str:
    """The same, after ``motcua tenants apply`` and ``motcua staff create``."""
    where = await desk(office.house, FILED)
    await staff.create(office.house, where, username="quan-tri", password=PASSWORD, roles=["admin"])
    return await signed_in(office, FILED, "quan-tri", PASSWORD)


async def signed_in(office: Office, slug: str, name: str, password: str = PASSWORD) -> str:
    who = {"username": name, "password": password}
    answer = await office.client.post(f"/t/{slug}/api/v1/sessions", json=who)
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["token"]
    return token


async def red(visitor: Visitor) -> list[str]:
    """What the first page calls missing."""
    page = (await visitor.get("")).text
    return re.findall(r'<th scope="row">([^<]*)</th><td><span class="due is-late">', page)


@pytest.mark.parametrize(
    ("slug", "code", "begin", "missing"),
    [(NEW, "99005", opened_by_province, 2), (FILED, "99004", opened_by_file, 3)],
)
async def test_a_commune_goes_from_nothing_to_its_first_dossier(
    office: Office,
    slug: str,
    code: str,
    begin: Callable[[Office], Awaitable[str]],
    missing: int,
) -> None:
    visitor = Visitor(office, await begin(office), slug)
    assert len(await red(visitor)) >= missing

    if slug == FILED:
        await _enable(visitor, "certification")
    await _open_accounts(visitor)
    await _assign_signer(visitor)
    contact = {"phone": "0222 3811 111", "address": "Trụ sở UBND xã Mới"}
    assert (await visitor.post("don-vi", contact)).status_code == 303
    book = {"so": "SCT/BS", "sau": "57", "can_cu": "Sổ giấy trang 12"}
    assert (await visitor.post("so-sach", book)).status_code == 303

    assert await red(visitor) == []
    dossier = await _received(office, slug)
    assert dossier["code"].startswith(f"{code}-")
    assert dossier["due_at"] == "2026-12-01T17:00:00+07:00"
    assert await _printed(office, slug, dossier) == (58, 2026, "SCT/BS")


async def _received(office: Office, slug: str) -> dict[str, Any]:
    paper = {"procedure": COPY, "applicant": APPLICANT, "answers": COPY_ANSWERS}
    token = await signed_in(office, slug, "tiep-nhan")
    answer = await office.client.post(
        f"/t/{slug}/api/v1/receptions",
        json={"papers": [paper]},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["dossiers"][0]
    return found


async def _printed(office: Office, slug: str, dossier: dict[str, Any]) -> tuple[int, int, str]:
    """The number in the book, after the dossier is appraised and its text printed."""
    for step, name in (("T08", "tiep-nhan"), ("T30", "chuyen-mon")):
        token = await signed_in(office, slug, name)
        answer = await office.client.post(
            f"/t/{slug}/api/v1/dossiers/{dossier['id']}/transitions",
            json={"transition": step, "version": dossier["version"]},
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 200, answer.text
        dossier = answer.json()
    line = dossier["register"][0]
    return line["number"], line["year"], line["register"]


async def _enable(visitor: Visitor, plugin: str) -> None:
    page = await visitor.get("phan-mo-rong")
    seen = hidden(page, "thay", after=f"phan-mo-rong/{plugin}")
    sent = await visitor.post(f"phan-mo-rong/{plugin}", {"lam": "bat", "thay": seen})
    assert sent.status_code == 303


async def _open_accounts(visitor: Visitor) -> None:
    for name, roles in PEOPLE.items():
        form: dict[str, Any] = {"ten_dang_nhap": name, "ho_ten": name, "mat_khau": PASSWORD}
        sent = await visitor.post("can-bo", form | {"vai": roles})
        assert sent.status_code == 303, sent.text


async def _assign_signer(visitor: Visitor) -> None:
    form = {
        "ho_ten": "Nguyễn Văn Chủ",
        "chuc_danh": "Chủ tịch",
        "van_ban": "Nghị quyết 1/NQ-HĐND ngày 01/07/2025",
        "tu_cach": "own",
    }
    assert (await visitor.post("nguoi-ky", form)).status_code == 303


def test_every_page_the_guide_names_is_there() -> None:
    named = re.findall(r"\*\*(.+?)\*\*", GUIDE.read_text("utf-8"))

    assert named
    assert set(named) <= {text(f"console.page.{name}") for name in PAGES}
