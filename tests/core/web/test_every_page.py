"""What holds on every page: help in one place (WCAG 2.2, 3.2.6), and one language at a time."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from fakes.application import STATUS, TYPED, begin
from fakes.citizen import Citizen
from fakes.html import Element, parse
from fakes.office import SLUG, Office, hire, opened
from fakes.walk import PROVINCE, Place, places
from motcua.plugin.texts import texts
from motcua.services.change import Asked
from motcua.services.house import desk
from motcua.services.unit import set_settings
from motcua.services.words import counted_in
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

Pages = dict[Place, Element]
PHONE, HOURS = "0222 3811 111", "8:00–17:00"
NOTHING_TO_PRESS = ("/bang-so", "/lay-so")
"""Screens that hang on a wall or stand at the door: they lead nowhere else."""
HEARD = ("placeholder", "title", "aria-label", "alt", "data-l")
NOT_WORDS = ("script", "style", "code", "kbd", "svg", "textarea")
"""What is no sentence of ours: programs, names a machine gave, what somebody has typed."""
NAMES = (
    *("Phường Một", "Tỉnh Thử", "Một cửa điện tử", "Trung tâm Phục vụ hành chính công"),
    *("Xã Cũ", "Nguyễn Thị Ánh Tuyết", "Tiếng Việt"),
)
"""Names of places, people and things, which are the same in every language."""
ENGLISH = re.compile(
    r"\b(?:the|of|and|for|with|is|are|not|page|setting|settings|default|plugin|password|user|"
    r"name|code|file|address|sender|host|port|server|subject|when|what|your|yes|online|offline|"
    r"counter|slip|case|status|fee|days?|hours?|weeks?|months?|years?|unknown|general|minutes?|"
    r"certification|sample|procedures?|civil|message|phone|amount|reason|unit|due)\b",
    re.IGNORECASE,
)
MARKS = "ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
VIETNAMESE = re.compile(f"[{MARKS}]", re.IGNORECASE)
MONEY, PATH = re.compile(r"\d đ\b"), re.compile(r"\S*/\S+")


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


@pytest.fixture(scope="module")
async def pages(office: Office) -> Pages:
    """Every page as it is shown to everybody who comes to it, the page of each plugin too."""
    dossier = await office.received()
    things = {"dossier": dossier["id"], "key": dossier["visit"]["visit"]}
    every = set(places(office.app, SLUG, things))
    for plugin in office.house.registry.plugins:
        every |= set(places(office.app, SLUG, things | {"plugin": plugin}))
    shown = {place: await page(office, place) for place in every}
    return {place: html for place, html in shown.items() if html is not None}


async def test_help_is_the_foot_of_every_page_with_the_same_things_in_the_same_order(
    pages: Pages,
) -> None:
    wrong = {
        f"{place.address} by {place.role or 'a citizen'}": fault
        for place, html in pages.items()
        if (fault := fault_of(html, place.address))
    }

    assert wrong == {}
    assert len(pages) > 100


@pytest.mark.parametrize(
    "path", ["/khong-co", "/quay/", "/quay/dang-nhap", "/admin/", "/ho-so", "/thu-tuc/9.999999"]
)
async def test_whoever_is_lost_finds_help_in_the_same_place(office: Office, path: str) -> None:
    address = f"/t/{SLUG}{path}"

    answer = await office.client.get(
        address, headers={"accept": "text/html"}, follow_redirects=True
    )

    assert fault_of(parse(answer.text.removeprefix("<!doctype html>")), address) == ""


async def test_vietnamese_pages_speak_no_english(pages: Pages) -> None:
    found = {
        words: place.address
        for place, html in pages.items()
        for words in spoken(html, "vi")
        if ENGLISH.search(PATH.sub("", words))
    }

    assert found == {}


async def test_the_english_portal_marks_what_is_vietnamese(office: Office) -> None:
    dossier = await office.received()
    tracked = f"/t/{SLUG}/tra-cuu?ma={dossier['code']}"
    every = [each for each in places(office.app, SLUG, {}) if not each.role]
    every.append(Place("", tracked, ""))
    every += [
        Place("", f"/t/{SLUG}/thu-tuc/{each.definition.code}", "")
        for each in office.house.catalogue.current(office.house.today())
    ]
    found: dict[str, str] = {}

    for place in every:
        html = await page(office, place, "en")
        for words in spoken(html.one("body"), "en") if html else ():
            if foreign(words):
                found.setdefault(words, place.address)

    assert found == {}


async def test_an_application_in_english_marks_what_is_vietnamese(office: Office) -> None:
    citizen = Citizen(office)
    citizen.client.cookies.set("motcua_tieng", "en")
    await begin(citizen, STATUS)
    found: dict[str, str] = {}

    for _ in range(12):
        for words in spoken(citizen.page.one("body"), "en"):
            if foreign(words):
                found.setdefault(words, citizen.step)
        if citizen.step == "xong":
            break
        typed = {name: value for name, value in TYPED.items() if name in citizen.names()}
        await citizen.send(typed | ({"cam_doan": "1"} if citizen.step == "kiem-tra" else {}))

    assert citizen.step == "xong"
    assert found == {}


def test_what_fees_are_counted_in_has_an_english_word(office: Office) -> None:
    units = {
        per
        for each in office.house.catalogue.current(office.house.today())
        for fee in each.definition.fees
        for per in (fee.per, fee.cap_per)
        if per
    }

    assert {per for per in units if f"ui.per.{per}" not in texts("en")} == set()
    assert counted_in("bản sao") == "bản sao"


def test_an_english_text_is_not_the_vietnamese_one() -> None:
    same = {
        key
        for key, words in texts("en").items()
        if words == texts("vi")[key] and VIETNAMESE.search(words)
    }

    assert same == {"ui.language.vi"}


async def page(office: Office, place: Place, lang: str = "vi") -> Element | None:
    """The page of a place, if there is one in the language *lang*."""
    headers = {"accept": "text/html", "cookie": f"motcua_tieng={lang}"}
    if place.role:
        slug = PROVINCE if f"/{PROVINCE}/" in f"{place.address}/" else SLUG
        headers["cookie"] = f"motcua_quay={await office.token(place.role, slug)}"
    answer = await office.client.get(place.address, headers=headers)
    is_page = answer.headers.get("content-type", "").startswith("text/html")
    if not is_page or "location" in answer.headers:
        return None
    html = parse(answer.text.removeprefix("<!doctype html>")).one("html")
    return html if html.get("lang") == lang else None


def fault_of(page: Element, address: str) -> str:
    """What is wrong with the help of a page, or nothing."""
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


def spoken(element: Element, lang: str) -> Iterator[str]:
    """What an element says in the language *lang*, to whoever looks or listens."""
    if element.get("lang") not in ("", lang):
        return
    for name in HEARD:
        if element.get(name):
            yield element.get(name)
    if element.tag in NOT_WORDS:
        return
    for child in element.children:
        if isinstance(child, Element):
            yield from spoken(child, lang)
        elif child.strip():
            yield " ".join(child.split())


def foreign(words: str) -> bool:
    """Whether *words* are Vietnamese, but for names and the sign of the currency."""
    for name in NAMES:
        words = words.replace(name, "")
    return bool(VIETNAMESE.search(MONEY.sub("", words)))
