"""No English words on Vietnamese pages, no Vietnamese ones on the English portal."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from fakes.application import STATUS, TYPED, begin
from fakes.citizen import Citizen
from fakes.html import Element, parse
from fakes.office import SLUG, Office, hire, opened
from fakes.walk import EXAMPLES, PROVINCE, Place, places
from motcua.plugin.texts import texts
from motcua.services.words import counted_in
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

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
        yield office


async def test_vietnamese_pages_speak_no_english(office: Office) -> None:
    dossier = await office.received()
    things = {"dossier": dossier["id"], "key": dossier["visit"]["visit"]}
    every = set(places(office.app, SLUG, things))
    for plugin in office.house.registry.plugins:
        every |= set(places(office.app, SLUG, things | {"plugin": plugin}))
    found: dict[str, str] = {}

    for place in sorted(every, key=lambda each: (each.address, each.role)):
        for words in await told(office, place, "vi"):
            if ENGLISH.search(PATH.sub("", words)):
                found.setdefault(words, place.address)

    assert found == {}, "\n".join(sorted(f"{b} | {a}" for a, b in found.items()))
    assert len(every) > len(EXAMPLES)


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
        for words in await told(office, place, "en"):
            if foreign(words):
                found.setdefault(words, place.address)

    assert found == {}, "\n".join(sorted(f"{b} | {a}" for a, b in found.items()))


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
    assert found == {}, "\n".join(sorted(f"{b} | {a}" for a, b in found.items()))


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


async def told(office: Office, place: Place, lang: str) -> list[str]:
    """What the page of a place says in the language *lang*; nothing if there is no page."""
    headers = {"accept": "text/html", "cookie": f"motcua_tieng={lang}"}
    if place.role:
        slug = PROVINCE if f"/{PROVINCE}/" in f"{place.address}/" else SLUG
        headers["cookie"] = f"motcua_quay={await office.token(place.role, slug)}"
    answer = await office.client.get(place.address, headers=headers)
    if not answer.headers.get("content-type", "").startswith("text/html") or not answer.text:
        return []
    html = parse(answer.text.removeprefix("<!doctype html>")).one("html")
    read = html if lang == "vi" else html.one("body")  # a title takes no marks
    return list(spoken(read, lang)) if html.get("lang") == lang else []


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
