"""Help stands in the same place on every page (WCAG 2.2, 3.2.6)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fakes.html import Element, parse
from fakes.office import SLUG, Office, hire, opened
from fakes.walk import PROVINCE, places
from motcua.services.change import Asked
from motcua.services.house import desk
from motcua.services.unit import set_settings
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio
PHONE, HOURS = "0222 3811 111", "Thứ Hai đến Thứ Sáu, 8:00–17:00"
NOTHING_TO_PRESS = ("/bang-so", "/lay-so")
"""Screens that hang on a wall or stand at the door: they lead nowhere else."""


@pytest.fixture(scope="module")
async def office(
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    home: Path = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home) as office:
        await hire(office.house, PROVINCE)
        for slug in (SLUG, PROVINCE):
            where = await desk(office.house, slug)
            contact = {"contact": {"phone": PHONE, "hours": HOURS}}
            await set_settings(office.house, where, contact, Asked(place="unit", subject=slug))
        yield office


async def test_help_is_the_foot_of_every_page_with_the_same_things_in_the_same_order(
    office: Office,
) -> None:
    dossier = await office.received()
    things = {"dossier": dossier["id"], "key": dossier["visit"]["visit"]}
    wrong, seen = {}, 0

    for place in places(office.app, SLUG, things):
        headers = {"accept": "text/html"}
        if place.role:
            slug = PROVINCE if f"/{PROVINCE}/" in f"{place.address}/" else SLUG
            headers["cookie"] = f"motcua_quay={await office.token(place.role, slug)}"
        answer = await office.client.get(place.address, headers=headers)
        kind = answer.headers.get("content-type", "")
        if not kind.startswith("text/html") or "location" in answer.headers:
            continue
        seen += 1
        if fault := fault_of(answer.text, place.address):
            wrong[f"{place.address} by {place.role or 'a citizen'}"] = fault

    assert wrong == {}
    assert seen > 90


@pytest.mark.parametrize(
    "path", ["/khong-co", "/quay/", "/quay/dang-nhap", "/admin/", "/ho-so", "/thu-tuc/9.999999"]
)
async def test_whoever_is_lost_finds_help_in_the_same_place(office: Office, path: str) -> None:
    address = f"/t/{SLUG}{path}"

    answer = await office.client.get(
        address, headers={"accept": "text/html"}, follow_redirects=True
    )

    assert fault_of(answer.text, address) == ""


def fault_of(markup: str, address: str) -> str:
    """What is wrong with the help of a page, or nothing."""
    page = parse(markup.removeprefix("<!doctype html>"))
    feet = [each for each in page.all() if each.get("id") == "help"]
    if len(feet) != 1:
        return f"{len(feet)} times help"
    screen = any(each in address for each in NOTHING_TO_PRESS)
    below = [each for each in page.one("body").children if isinstance(each, Element)][-1]
    if below is not feet[0] and not (screen and feet[0] in below.all("footer")):
        return "something stands below help"
    told = list(_told(feet[0]))
    wanted = ["question"]
    if f"/{SLUG}" in address or f"/{PROVINCE}" in address:
        wanted += ["phone", "hours"]
    if not screen:
        wanted += ["guide"]
    return "" if told[: len(wanted)] == wanted else f"{told} instead of {wanted}"


def _told(foot: Element) -> list[str]:
    """What the foot tells, in its order."""
    found = []
    for each in foot.all():
        if each.tag == "h2":
            found.append("question")
        elif "tel" in each.classes and each.text == PHONE:
            found.append("phone")
        elif each.tag == "p" and each.text.startswith(HOURS):
            found.append("hours")
        elif each.tag == "a" and each.get("href").endswith("/huong-dan"):
            found.append("guide")
    return found
