"""The guide on opening a commune, followed from nothing to the first dossier."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fakes.console import Visitor, hidden
from fakes.office import APPLICANT, COPY, COPY_ANSWERS, Office, opened
from motcua.console.grants import PAGES
from motcua.plugin.texts import text
from motcua.services import staff
from motcua.services.house import desk
from motcua.storage.owner import connected
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

GUIDE = Path(__file__).parents[2] / "docs/how-to/open-a-commune.md"
NEW, PASSWORD = "xa-moi", "mot-mat-khau-kha-dai"
UNIT = """
insert into tenant (id, slug, name, kind, type_vi, parent_id, codes, predecessors, successors,
                    hosts, settings, opened_on, closed_on, archived, config_version)
values (104, 'xa-moi', 'Xã Mới', 'commune', 'Xã', 100,
        '[{"code": "99004", "valid_from": "2025-07-01", "valid_to": null}]',
        '[]', '[]', '{}', '{}', '2025-07-01', NULL, false, 1)
"""
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
    """An installation that knows the unit, and its first administrator."""
    async with connected(database.owner_dsn) as owner:
        await owner.execute(UNIT)
    home = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home) as office:
        await hire(office, "quan-tri", ["admin"])
        yield office


async def hire(office: Office, name: str, roles: list[str]) -> None:
    """What ``motcua staff create`` does."""
    where = await desk(office.house, NEW)
    await staff.create(office.house, where, username=name, password=PASSWORD, roles=roles)


async def signed_in(office: Office, name: str) -> str:
    who = {"username": name, "password": PASSWORD}
    answer = await office.client.post(f"/t/{NEW}/api/v1/sessions", json=who)
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["token"]
    return token


async def red(visitor: Visitor) -> list[str]:
    """What the first page calls missing."""
    page = (await visitor.get("")).text
    return re.findall(r'<th scope="row">([^<]*)</th><td><span class="due is-late">', page)


async def test_a_commune_goes_from_nothing_to_its_first_dossier(office: Office) -> None:
    visitor = Visitor(office, await signed_in(office, "quan-tri"), NEW)
    assert len(await red(visitor)) >= 3

    await _enable(visitor, "certification")
    await _open_accounts(visitor)
    await _assign_signer(visitor)
    contact = {"phone": "0222 3811 111", "address": "Trụ sở UBND xã Mới"}
    assert (await visitor.post("don-vi", contact)).status_code == 303

    assert await red(visitor) == []
    paper = {"procedure": COPY, "applicant": APPLICANT, "answers": COPY_ANSWERS}
    answer = await office.client.post(
        f"/t/{NEW}/api/v1/receptions",
        json={"papers": [paper]},
        headers={"Authorization": f"Bearer {await signed_in(office, 'tiep-nhan')}"},
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["dossiers"][0]["code"].startswith("99004-")


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
